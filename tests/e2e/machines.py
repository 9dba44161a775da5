"""A whole Debian in a folder, as the base of an image, and as a machine that boots."""

import os
import platform
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from fixtures.documents import ROOT
from fixtures.require import missing, program
from fixtures.shared import folder_of_the_run, made_once

from e2e.conftest import until

PATIENCE = 300.0
"""Seconds that fetching packages may take."""

TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")

PACKAGES = ("ca-certificates", "curl", "dbus", "make", "python3-venv", "sqlite3", "systemd")


PIP = "[global]\nno-index = true\nfind-links = /packages\n"
"""What is installed there was fetched beforehand: a machine without a network can install it."""

FETCH = """\
python3 -m venv /fetching
/fetching/bin/pip --quiet download --require-hashes -r /runtime.txt -d /packages
rm -r /fetching /runtime.txt
"""


def debian(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small Debian with the packages of Sijill; skip without one."""
    program("debootstrap")
    folder = folder_of_the_run(factory) / "debian"
    told = made_once(folder, _bootstrap)
    if told:
        missing("debian", told)
    return folder


def _bootstrap(folder: Path) -> str:
    """Fill a folder, and return the end of the output if that fails."""
    suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
    told = _run([*command, suite, str(folder)])
    if not told:
        shutil.copy(ROOT / "requirements" / "runtime.txt", folder)
        shutil.copy(TRUSTED, folder / TRUSTED.relative_to("/"))
        told = _run(["chroot", str(folder), "/bin/sh", "-e", "-c", FETCH])
        (folder / "etc" / "pip.conf").write_text(PIP)
    return told


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    return f"{done.stdout[-500:]}{done.stderr[-500:]}{done}" if done.returncode else ""


class Machine:
    """A Debian that systemd boots, with no network but its own."""

    def __init__(self, root: Path, log: Path) -> None:
        nspawn = ["systemd-nspawn", "--quiet", "--directory", str(root), "--boot", "--console=pipe"]
        nspawn += ["--private-network", "--register=no", "--keep-unit", "--machine", "sijill"]
        with log.open("wb") as out:
            self.popen = subprocess.Popen(
                nspawn,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.log = log

    def boot(self) -> None:
        """Wait until the machine runs; skip where no machine can."""
        until(lambda: bool(self._leader()) or self.popen.poll() is not None, "a leader")
        if self.popen.poll() is not None:
            missing("machine", self.log.read_text())
        until(lambda: self._state() in ("running", "degraded"), "a running system")

    @property
    def enter(self) -> list[str]:
        """The command before a command that runs in the machine."""
        return [
            "nsenter",
            "--target",
            self._leader(),
            "--mount",
            "--pid",
            "--net",
            "--ipc",
            "--uts",
        ]

    def _leader(self) -> str:
        pid = self.popen.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().strip()

    def _state(self) -> str:
        asked = ["systemctl", "is-system-running"]
        return subprocess.run([*self.enter, *asked], capture_output=True, text=True).stdout.strip()

    def stop(self) -> None:
        """End the machine at once: nothing in it is kept."""
        if self.popen.poll() is None and (leader := self._leader()):
            os.kill(int(leader), signal.SIGKILL)
        self.popen.wait(PATIENCE)
