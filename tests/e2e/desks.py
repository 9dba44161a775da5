"""The desk of a reader: a fresh clone, with ports and a hosts file of its own, and terminals."""

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from fixtures.require import missing
from fixtures.shared import folder_of_the_run, made_once

from e2e.clones import clone, fetched, offline
from e2e.conftest import until
from e2e.walking import KNOWN, PATIENCE, Terminal

_SERVES = re.compile(
    r"(?:make demo|(?:.* )?(?:sijill|sijill\)\") "
    r"(?:demo|serve|deliver|webhook listen|sandbox(?! [a-z])))(?:\s[^&]*)?\Z"
)
"""A line after which the terminal is taken."""

_BESIDE = re.compile(r"sijill (?:deliver|webhook listen)")
"""What runs beside a server, and not in its place."""

_SAYS = re.compile(r"https?://\S+:\d+|\b[Dd]eliver")
"""What a server prints once it works."""

_SECRET = re.compile(r"\bsjl_(\w\w)_\w+")
_LEFT_OUT = re.compile(r"\bsjl_(\w\w)_…")


class Desk:
    """What the reader of one page has."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.clone = folder / "clone"
        home = folder / "home"
        (home / "bin").mkdir(parents=True)
        (home / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n")
        (home / "bin" / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
        (home / "bin" / "sudo").chmod(0o755)
        self.known = KNOWN | environ | {"HOME": str(home)}
        self.known["PATH"] = f"{home}/bin:{home}/.local/bin:{KNOWN['PATH']}"
        self.seen: dict[str, str] = {}
        """The secrets that were printed last, by their kind."""
        self.started: list[subprocess.Popen[bytes]] = []
        self.serving: subprocess.Popen[bytes] | None = None
        self.room = _room(folder)
        self.terminal = self.sit()

    def sit(self) -> Terminal:
        """Open a terminal that knows nothing."""
        enter = ["nsenter", "--target", str(self.room.pid), "--net", "--mount"]
        return Terminal(enter, self.clone, self.known)

    def do(self, block: str, code: int = 0) -> None:
        """Paste a block; after a line that serves, wait until it does, and open a new terminal."""
        block = _LEFT_OUT.sub(lambda left: self.seen.get(left[1], left[0]), block)
        lines = block.strip().replace("\\\n", " ").split("\n")
        pasted: list[str] = []
        for line in lines:
            if not _SERVES.match(line):
                pasted.append(line)
                continue
            self._note(self.terminal.paste("\n".join(pasted)))
            self._note(self._serve(line))
            pasted = []
        if pasted:
            self._note(self.terminal.paste("\n".join(pasted), code))

    def _note(self, told: str) -> None:
        """Keep the secrets that were printed, and what belongs into a file `.env`."""
        self.seen |= {found[1]: found[0] for found in _SECRET.finditer(told)}
        self.known |= dict(re.findall(r"^(SALLA_\w+)=(\S+)$", told, re.MULTILINE))

    def interrupt(self) -> None:
        """End the server, as Ctrl-C does."""
        if self.serving:
            os.killpg(self.serving.pid, signal.SIGINT)
            self.serving.wait(PATIENCE)
            self.serving = None

    def _serve(self, line: str) -> str:
        beside = bool(_BESIDE.match(line))
        if not beside:
            self.interrupt()
        log = self.folder / f"log-{len(self.started)}"
        with log.open("wb") as out:
            process = subprocess.Popen(
                self.terminal.command(f"exec {line}"),
                env=self.terminal.environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        if not beside:
            self.serving = process
        until(lambda: bool(_SAYS.search(log.read_text())) or process.poll() is not None, line)
        assert process.poll() is None, log.read_text()
        self.terminal = self.sit()
        return log.read_text()

    def leave(self) -> None:
        """End everything that was started: what has the network of this desk."""
        own = os.readlink(f"/proc/{self.room.pid}/ns/net")
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.readlink(place / "ns" / "net") == own:
                    os.kill(int(place.name), signal.SIGKILL)
        for process in (self.room, *self.started):
            process.wait(PATIENCE)


def _room(folder: Path) -> subprocess.Popen[bytes]:
    """Start what holds the ports, the processes and the system's files of a desk."""
    keep = f"cp -a /etc '{folder}' && mount --bind '{folder}/etc' /etc && ip link set lo up && echo"
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    room = subprocess.Popen(
        ["unshare", *rights, "--net", "--mount", "sh", "-c", f"{keep} && exec sleep infinity"],
        stdout=subprocess.PIPE,
    )
    assert room.stdout is not None
    if not room.stdout.readline():
        room.wait(PATIENCE)
        missing("namespaces", "unshare cannot make a network of its own here")
    room.stdout.close()
    return room


def desk(tmp_path: Path, factory: pytest.TempPathFactory) -> Desk:
    """Return a desk whose clone has the environment that `make demo` makes there."""
    packages = fetched(factory)
    template = folder_of_the_run(factory) / "clone"
    made_once(template, lambda folder: _install(folder, packages))
    made = Desk(tmp_path, offline(packages))
    clone(made.clone)
    (made.clone / ".venv").symlink_to(template / ".venv")
    return made


def _install(folder: Path, packages: Path) -> str:
    """Make the environment of a fresh clone, from packages that are there."""
    make = ["make", "--directory", str(clone(folder)), ".venv/.runtime", f"PYTHON={sys.executable}"]
    done = subprocess.run(
        make, env=os.environ | offline(packages), capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return "made"
