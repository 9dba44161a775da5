"""
The budget of requests to upstream: at most LIMIT in any WINDOW, shared by all behind one address.

It is kept in the database, so that a restart forgets no request, and two processes share it. Lanes
have their turn in order; a lane that has a share, and is short of it, goes first.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sijill.database.driver import Driver, Transaction
from sijill.mirror.model import LANES, MICROS, Lane, NoBudget

LIMIT = 450
"""Requests in any window; upstream admits 500 in one that it begins itself."""

WINDOW = 600 * MICROS
SPACING = WINDOW // LIMIT
"""Microseconds between two requests, but for the lane that a client waits for."""

SHARES: Mapping[Lane, float] = {"verify": 0.2, "sweep": 0.1}
"""The parts of all requests that a lane is sure of."""

PATIENCE = 5 * MICROS
"""Microseconds for which a lane that was refused is known to wait."""

TOO_MANY = 429


class Window(NamedTuple):
    """The state of an egress address when a lane asks. Moments are in microseconds."""

    used: Mapping[Lane, int]
    """Requests of the last WINDOW by lane."""
    oldest: int | None
    newest: int | None
    empty_until: int
    waiting: frozenset[Lane]
    """The lanes that were refused within PATIENCE."""

    @property
    def total(self) -> int:
        """Requests of the last WINDOW."""
        return sum(self.used.values())


class Admission(NamedTuple):
    """A request that may be sent: the store's next number, and the moment in microseconds."""

    sequence: int
    at: int


def wait_of(lane: Lane, now: int, window: Window) -> int:
    """Return for how many microseconds a lane has to wait; 0 lets the request go."""
    waits = [window.empty_until - now]
    if window.oldest is not None and window.total >= LIMIT:
        waits.append(window.oldest + WINDOW - now + 1)
    if window.newest is not None and lane != "foreground":
        waits.append(window.newest + SPACING - now)
    others = window.waiting - {lane}
    if others and min(_turn(other, window) for other in others) < _turn(lane, window):
        waits.append(SPACING)
    return max(0, *waits)


def _turn(lane: Lane, window: Window) -> tuple[bool, int]:
    """Return the place of a lane: those short of their share first, then by order."""
    is_short = window.used.get(lane, 0) < SHARES.get(lane, 0.0) * window.total
    return not is_short, LANES.index(lane)


def steady(wall: Callable[[], float], monotonic: Callable[[], float]) -> Callable[[], float]:
    """Return a clock that begins as `wall` and then follows `monotonic`: it never jumps."""
    begun = wall() - monotonic()
    return lambda: begun + monotonic()


class Budget:
    """The budgets of all egress addresses. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, clock: Callable[[], float]) -> None:
        """`clock` gives UTC epoch seconds, and should be `steady`."""
        self._driver, self._clock = driver, clock

    async def admit(self, egress: str, store_id: int, lane: Lane) -> Admission:
        """
        Count a request, before it is sent, and return the store's number of it.

        Raises: NoBudget, with the seconds until it may be asked again.
        """
        now = self._now()

        async def work(transaction: Transaction) -> Admission | int:
            wait = wait_of(lane, now, await _window(transaction, egress, now))
            if wait:
                await transaction.run("want_mirror_budget", egress, lane, now)
                return wait
            await transaction.run("insert_mirror_request", egress, lane, now)
            await transaction.run("end_mirror_want", egress, lane)
            return Admission(await next_sequence(transaction, store_id), now)

        found = await self._driver.write(work)
        if isinstance(found, Admission):
            return found
        raise NoBudget(found / MICROS)

    async def told(self, egress: str, status: int, retry_after: float | None) -> None:
        """Empty the budget after a 429: for the seconds that it says, else for a whole window."""
        if status != TOO_MANY:
            return
        seconds = WINDOW / MICROS if retry_after is None else retry_after
        until = self._now() + int(seconds * MICROS)

        async def work(transaction: Transaction) -> None:
            await _lock(transaction, egress)
            await transaction.run("empty_mirror_budget", egress, until)

        await self._driver.write(work)

    async def remaining(self, egress: str) -> int:
        """Return how many requests the window has room for now."""
        now = self._now()
        row = await self._driver.one("mirror_budget_used", egress, now - WINDOW)
        used, empty_until = row or (0, 0)
        return 0 if empty_until > now else max(0, LIMIT - used)

    def _now(self) -> int:
        return int(self._clock() * MICROS)


async def next_sequence(transaction: Transaction, store_id: int) -> int:
    """Return the next number of a store: later ones are of what was asked or heard later."""
    rows = await transaction.all("next_mirror_sequence", store_id)
    if not rows:
        raise NoBudget(PATIENCE / MICROS)  # the store was unlinked at this moment
    sequence: int = rows[0][0]
    return sequence


async def _lock(transaction: Transaction, egress: str) -> int:
    """Lock a budget until the transaction ends; return until when it is empty."""
    await transaction.run("insert_mirror_budget", egress)
    row = await transaction.one("lock_mirror_budget", egress)
    return row[0] if row else 0


async def _window(transaction: Transaction, egress: str, now: int) -> Window:
    empty_until = await _lock(transaction, egress)
    await transaction.run("forget_mirror_requests", egress, now - WINDOW)
    # After a clock was set back, what was counted in its future counts from now on.
    await transaction.run("recall_mirror_requests", egress, now)
    rows = await transaction.all("mirror_window", egress)
    wants = await transaction.all("mirror_wants_since", egress, now - PATIENCE)
    return Window(
        used={lane: count for lane, count, *_ in rows},
        oldest=min((oldest for *_, oldest, _ in rows), default=None),
        newest=max((newest for *_, newest in rows), default=None),
        empty_until=min(empty_until, now + WINDOW * 6),
        waiting=frozenset(lane for (lane,) in wants),
    )
