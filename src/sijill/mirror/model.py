"""The mirror's values: states, lanes, answers of upstream, and faults of asking."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from msgspec import Struct

Lane = Literal["foreground", "verify", "probe", "sweep", "backfill"]
LANES: tuple[Lane, ...] = ("foreground", "verify", "probe", "sweep", "backfill")
"""The uses of the budget, the first ones first."""

Source = Literal["foreground", "verify", "probe", "sweep", "backfill"]
Stage = Literal["linked", "backfilling", "live"]
Trouble = Literal["", "degraded", "needs_authorisation", "halted"]
State = Literal[
    "linked", "backfilling", "live", "degraded", "paused", "needs_authorisation", "halted"
]

MICROS = 1_000_000
"""Microseconds of a second."""

MIRRORED_FIELDS = (
    *("is_blocked", "is_whitelisted", "block_reason", "is_inactive", "total_points"),
    *("country_id", "custom_fields", "current_store_customer", "is_orders_rated"),
    "is_notifications_enabled",
)
"""The `fields[]` that every fetch asks for: those that List Customers knows, so that all agree."""

FIELDS: Sequence[tuple[str, str]] = tuple(("fields[]", name) for name in MIRRORED_FIELDS)
"""The same as parameters of a request."""


class Reply(NamedTuple):
    """The answer of upstream to one request."""

    status: int
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes
    sequence: int
    """The store's number of the request, taken before it was sent."""
    sent_at: int
    """Microseconds of the UTC epoch, before it was sent."""
    received_at: int


class Upstream(Protocol):
    """The server that one linked store is a copy of."""

    async def get(self, path: str, parameters: Sequence[tuple[str, str]], lane: Lane) -> Reply:
        """
        Return the answer to a GET of a path below `/admin/v2`, such as `/customers/5`.

        Any HTTP status is an answer. Raises: NoBudget; UpstreamAway; NeedsAuthorisation.
        """


class NoBudget(Exception):
    """The budget has no room for a request of this lane; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__("no budget")
        self.wait = wait


class UpstreamAway(Exception):
    """Upstream gave no answer; `reason` is a slug without any value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NeedsAuthorisation(Exception):
    """No token is left that upstream takes: a person must link the store again."""


class Misshapen(Exception):
    """A body is not as List or Customer Details is; `reason` is a slug without any value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MirrorStore(Struct, frozen=True):
    """A linked store, as its row says. Moments are in microseconds of the UTC epoch."""

    store_id: int
    address: str
    egress: str
    linked_at: int
    stage: Stage
    trouble: Trouble
    reason: str
    paused: bool
    sequence: int
    total: int | None
    """How many customers upstream said that it has, at `total_at`."""
    total_at: int | None
    largest_total: int
    """The largest total of any list: at a round number, upstream may cap its totals there."""
    zone: str
    """The time zone of upstream's days; "" until a list told it."""
    calibration: str
    """`holds`, or why the days of lists cannot be trusted; "" until the first slice was read."""
    probed_at: int | None
    backfilled_at: int | None
    swept_at: int | None
    sweep_wanted: bool
    refused: int
    """Suspects who turned out to be there."""
    guard_since: int | None
    guard_allowance: int


def state_of(store: MirrorStore) -> State:
    """Return the state that people are told."""
    if store.paused:
        return "paused"
    if store.trouble:
        return store.trouble
    return store.stage


class MirrorRow(Struct, frozen=True):
    """The mirror's knowledge of one customer. Moments are in microseconds of the UTC epoch."""

    id: int
    state: Literal["live", "gone", "erased"]
    body: bytes | None
    """The JSON object as upstream sent it; None of one who was erased, or after retention."""
    created_at: int
    updated_at: int
    sequence: int
    confirmed_at: int
    """The moment before the request was sent that confirmed the row last."""
    reading: int
    changed_at: int


class Tombstone(NamedTuple):
    """A customer that upstream deleted, and when that was known."""

    id: int
    at: datetime


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of `Retry-After`; None without them."""
    text = headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def part_held(held: int, total: int | None) -> float:
    """Return the part of upstream's customers that are here, 0 to 1; 0 while no total is known."""
    if total is None:
        return 0.0
    return 1.0 if held >= total else held / total
