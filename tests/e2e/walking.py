"""A reader who pastes the blocks of a page into shells that know nothing."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from fixtures.documents import FENCE

PATIENCE = 180.0
"""Seconds that a block may take."""

KNOWN = {"HOME": "/root", "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
"""The environment of a terminal that was just opened."""

OWN_NETWORK = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
"""The beginning of a command that runs where every port of this machine is free."""


def sh(page: str) -> list[str]:
    """Return the blocks of a page that are for a shell, in order."""
    return [block for language, block in FENCE.findall(page) if language == "sh"]


def name_of(block: str) -> str:
    """Return the first line of a block that does more than prepare the next."""
    preparing = (". ", "make wheel")
    return next(line for line in block.split("\n") if not line.startswith(preparing))


class Terminal:
    """A shell in some place: what one block exports, the next one finds."""

    def __init__(
        self, enter: Sequence[str], folder: str | Path, environ: Mapping[str, str] = KNOWN
    ) -> None:
        self.enter = enter
        self.folder = folder
        self.environ = dict(environ)

    def command(self, script: str) -> list[str]:
        """Return the command that runs a script in the terminal's place and folder."""
        return [*self.enter, "/bin/sh", "-e", "-c", f"cd '{self.folder}'\n{script}"]

    def paste(self, block: str, code: int = 0) -> str:
        """Run a block to its end, which must be as `code` says, and return what it printed."""
        reading, writing = os.pipe()
        try:
            done = subprocess.run(
                self.command(f"{block}\nenv -0 >/proc/self/fd/{writing}"),
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(writing,),
                text=True,
                timeout=PATIENCE,
            )
            assert done.returncode == code, f"{block}\n{done.stdout}"
            told = os.read(reading, 65_536).decode() if code == 0 else ""
        finally:
            os.close(reading)
            os.close(writing)
        if told:
            self.environ = dict(re.findall(r"([^=\0]+)=([^\0]*)\0", told))
        return done.stdout
