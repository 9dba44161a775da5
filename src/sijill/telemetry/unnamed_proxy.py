"""
A note in the data folder that requests came through a proxy which no setting names.

Behind such a proxy every client counts as one address. The server sees it, `sijill doctor` says
it: the note has no address in it, only the setting with which the requests were read.
"""

import os
from contextlib import suppress
from pathlib import Path

from sijill.folders import make_private
from sijill.telemetry.logs import log

FILE = "unnamed-proxy"

AGAIN = 3600.0
"""Seconds between two notes of one process."""

LIFE = 7 * 86_400.0
"""Seconds after which a note is too old to say anything."""


class UnnamedProxy:
    """Takes the note, in the log once and in the folder every hour."""

    def __init__(self, folder: Path, trusted_proxies: str) -> None:
        self._path, self._setting = folder / FILE, trusted_proxies
        self._noted: float | None = None

    def note(self, now: float) -> None:
        """Note a request with X-Forwarded-For from no trusted proxy; `now` is UTC epoch seconds."""
        if self._noted is not None and 0 <= now - self._noted < AGAIN:
            return
        if self._noted is None:
            log.warning("proxy_unnamed")
        self._noted = now
        with suppress(OSError):  # a folder that nobody may write has no note: the log has it
            make_private(self._path.parent)
            with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as it:
                it.write(f"{now:.0f} {self._setting}\n")


def is_noted(folder: Path, trusted_proxies: str, now: float) -> bool:
    """Return whether a note of the last week was taken with this very setting."""
    try:
        at, _, setting = (folder / FILE).read_text("utf-8").rstrip("\n").partition(" ")
        return setting == trusted_proxies and float(at) > now - LIFE
    except (OSError, ValueError):
        return False
