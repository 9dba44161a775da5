"""A reader who pastes the blocks of a page into shells that know nothing."""

import os
import re
import subprocess
from collections.abc import Sequence
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


class Terminal:
    """A shell in some place: what one block exports, the next one finds."""

    def __init__(self, enter: Sequence[str], folder: str | Path) -> None:
        self.enter = enter
        self.folder = folder
        self.environ = KNOWN

    def paste(self, block: str, code: int = 0) -> str:
        """Run a block to its end, which must be as `code` says, and return what it printed."""
        reading, writing = os.pipe()
        script = f"cd '{self.folder}'\n{block}\nenv -0 >/proc/self/fd/{writing}"
        try:
            done = subprocess.run(
                [*self.enter, "/bin/sh", "-e", "-c", script],
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(writing,),
                text=True,
                timeout=PATIENCE,
            )
            assert done.returncode == code, f"{block}\n{done.stdout}"
            os.set_blocking(reading, False)
            told = os.read(reading, 65_536).decode() if code == 0 else ""
        finally:
            os.close(reading)
            os.close(writing)
        if told:
            self.environ = dict(re.findall(r"([^=\0]+)=([^\0]*)\0", told))
        return done.stdout
