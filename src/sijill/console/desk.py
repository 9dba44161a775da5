"""The desk of the console: what every page works with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, NamedTuple

from sijill.http.health import Draining
from sijill.imports.model import Upload
from sijill.limits.policy import Policy
from sijill.limits.window import Counters
from sijill.oauth.visits import Entry
from sijill.register import Register
from sijill.settings import Settings
from sijill.values.ids import Draw


class Limiter(NamedTuple):
    """The limits in force, what counts them, and what writes how much was used."""

    policy: Policy
    counters: Counters
    write_usage: Callable[[], Awaitable[None]]
    """Writes what this process counted since the last time. Raises: Unavailable."""


class Further(NamedTuple):
    """What a face adds to the console of every store, beside routes of its own."""

    entries: Sequence[Entry] = ()
    """Entries of the navigation."""
    states: Callable[[], Mapping[str, Any]] = dict
    """Returns the states of topics that its pages show, for the live stream."""


class Desk(NamedTuple):
    """The tables, the settings and the clock of the console."""

    register: Register
    settings: Settings
    now: Callable[[], datetime]
    draw: Draw
    public_url: Callable[[], str]
    """Base of absolute URLs, without a last slash."""
    draining: Draining
    last_backup: Callable[[], float] | None
    """When the last backup was taken, in UTC epoch seconds, 0 for never; None in a sandbox."""
    replica: Callable[[], bool | None]
    """Whether the replica can be read; None if there is none."""
    read_upload: Callable[[IO[bytes], int], Awaitable[Upload]]
    """Reads a file that a person sent, for a store."""
    on_import: Callable[[], None]
    """Called when a file waits to be imported."""
    limiter: Limiter
    further: Further = Further()
