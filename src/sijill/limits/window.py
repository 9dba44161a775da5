"""
The arithmetic of a limit: pure, the clock is an argument.

A fixed window opens at a key's first counted request and lasts `period` seconds; `limit` requests
pass in it. A rule with `overflow` lets one more pass every `overflow` seconds once the window is
spent, until it ends (Salla's plans). Several rules are decided together: a request passes when
all of them let it, and a refusal by one of them does not count against the others.
"""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple, Protocol

LAG = 1.0
"""
Seconds a request's clock may lag behind the window it meets: it was read before the request's
turn came. Only a clock further back than this was set back.
"""


class Rule(NamedTuple):
    """One limit on one key."""

    key: str
    limit: int
    period: float
    """Seconds."""
    overflow: float = 0.0
    """Seconds between requests once the window is spent; 0 lets no request pass."""
    counts_locally: bool = False
    """Decided locally while the shared counter is away, under every value of the setting."""


class Count(NamedTuple):
    """The state of a key: the window's end, the requests used, when the next overflow may pass."""

    end: float
    used: int
    next: float


NO_WINDOW = Count(0.0, 0, 0.0)
"""The count of a key whose window no request has opened."""


class Verdict(NamedTuple):
    """
    Whether a request passes, and the numbers for its headers, from the tighter rule.

    Units: `reset` is the UTC epoch second, rounded up, at which the window ends; `wait` is whole
    seconds, rounded up, until the next request would pass, at least 1, and 0 if this one passes.
    A `limit` of 0 counted nothing (see UNCOUNTED): such a verdict carries no headers.
    """

    admitted: bool
    limit: int
    remaining: int
    reset: int
    wait: int


UNCOUNTED = Verdict(True, 0, 0, 0, 0)
"""Let through without being counted, because the counter is away and the setting says `open`."""


class Counters(Protocol):
    """Counts of every key. Every backend decides exactly as `decide` does, atomically."""

    async def hit(self, rules: Sequence[Rule], now: float) -> Verdict:
        """
        Count one request against every rule at once and return the verdict.

        At least one rule, no two with the same key: a caller whose limiters are all off does not
        ask. `now` is UTC epoch seconds; a counter shared by machines uses its server's clock.
        Raises: CounterAway if the counter cannot be reached.
        """

    async def take(self, rules: Sequence[Rule], now: float) -> "Decision":
        """Do as `hit`, and return the decision, by which the place can be given back."""

    async def give_back(self, rules: Sequence[Rule], taken: "Decision") -> None:
        """
        Count the request of `taken` no longer, in one atomic step; once for each decision.

        `rules` are those of `take`. Each count falls by one, but only in the window in which the
        place was taken: a later window never lets one more pass. A place of a request that was
        refused, or not counted, is none. A counter that is away keeps the place: that is no fault.
        """

    async def look(self, rules: Sequence[Rule], now: float) -> list[Count]:
        """
        Return the standing window of each rule, NO_WINDOW where none is open, and count nothing.

        Ends are by the clock of `now`, UTC epoch seconds, also where the counter has another.
        Raises: CounterAway.
        """

    async def about(self) -> str:
        """
        Return the name and the version of what counts; "" for the memory of the process.

        Raises: CounterAway.
        """

    async def close(self) -> None:
        """Let go of files and connections."""


class Decision(NamedTuple):
    """A verdict of a counter, the counts behind it, and the counter's own clock."""

    verdict: Verdict
    counts: Sequence[Count]
    """One for each rule, as the decision left it; empty if no request was counted."""
    now: float
    """UTC epoch seconds by the clock that `counts` go by."""
    alone: bool = False
    """Whether this process decided alone, because the shared counter was away."""


class SharedCounters(Protocol):
    """A counter that several processes share. It decides as `window.decide` does, atomically."""

    async def hit(self, rules: Sequence[Rule], now: float) -> Decision:
        """
        Count one request against every rule at once and return the decision; see `Counters`.

        Raises: CounterAway if the counter was asked and failed; the lag of this process is no
        failure of the counter.
        """

    async def give_back(self, rules: Sequence[Rule], taken: Decision) -> None:
        """
        Count an admitted request no longer; see `Counters`.

        Raises: CounterAway as `hit`; the place may then have been given back all the same.
        """

    async def look(self, rules: Sequence[Rule], now: float) -> list[Count]:
        """Return the standing window of each rule; see `Counters`. Raises: CounterAway."""

    async def about(self) -> str:
        """Return the name and the version of what counts; see `Counters`. Raises: CounterAway."""

    async def close(self) -> None:
        """Let go of files and connections."""


class CounterAway(Exception):
    """The counter cannot be reached; nothing was let through."""


def decide(
    rules: Sequence[Rule], counts: Sequence[Count | None], now: float
) -> tuple[Verdict, list[Count | None]]:
    """
    Return the verdict, and for each rule the count to write, or None to write nothing.

    A refusal writes only ends that a clock set back had spoilt and `decide` has repaired: without
    the write, the next request would repair the end again from a later clock, and it never came.
    """
    standing = [_standing(rule, count, now) for rule, count in zip(rules, counts, strict=True)]
    current = [
        count or Count(now + rule.period, 0, 0.0)
        for rule, count in zip(rules, standing, strict=True)
    ]
    if any(wait(rule, count, now) for rule, count in zip(rules, current, strict=True)):
        repaired = [new if new != old else None for new, old in zip(standing, counts, strict=True)]
        return refusal(rules, current, now), repaired
    used = [_use(rule, count, now) for rule, count in zip(rules, current, strict=True)]
    return admission(rules, used), [*used]


def returned(counts: Sequence[Count | None], taken: Sequence[Count]) -> list[Count | None]:
    """
    Return for each rule the count once a place is given back, or None to write nothing.

    `counts` stand now, `taken` are those of the decision: the end tells whether the window is
    still the one in which the place was taken.
    """
    return [
        Count(now.end, max(0, now.used - 1), 0.0) if now and now.end == then.end else None
        for now, then in zip(counts, taken, strict=True)
    ]


def seen(rules: Sequence[Rule], counts: Sequence[Count | None], now: float) -> list[Count]:
    """Return the standing window of each rule, NO_WINDOW where none is open at `now`."""
    standing = [_standing(rule, count, now) for rule, count in zip(rules, counts, strict=True)]
    return [count or NO_WINDOW for count in standing]


def admission(rules: Sequence[Rule], counts: Sequence[Count]) -> Verdict:
    """Return the verdict on a request that passed, from the counts after it."""
    rule, count = _tighter(zip(rules, counts, strict=True))
    return Verdict(True, rule.limit, _left(rule, count), round_up(count.end), 0)


def refusal(rules: Sequence[Rule], counts: Sequence[Count], now: float) -> Verdict:
    """Return the verdict on a request refused at `now`: the rule with the longest wait speaks."""
    pairs = list(zip(rules, counts, strict=True))
    longest = max(wait(rule, count, now) for rule, count in pairs)
    rule, count = _tighter(pair for pair in pairs if wait(*pair, now) == longest)
    reset, seconds = round_up(count.end), max(1, round_up(longest))
    return Verdict(False, rule.limit, _left(rule, count), reset, seconds)


def wait(rule: Rule, count: Count, now: float) -> float:
    """Return the seconds until a request would pass this rule; 0 if it passes now."""
    if count.used < rule.limit:
        return 0.0
    until = min(count.next, count.end) if rule.overflow else count.end
    return max(0.0, until - now)


def _standing(rule: Rule, count: Count | None, now: float) -> Count | None:
    """
    Return the window that a count left if it holds `now`; None without a count or after its end.

    A clock that was set back cannot lock a key out for longer than one period (and LAG).
    """
    if count is None or now >= count.end:
        return None
    end, used, next_ = count
    if end > now + rule.period + LAG or next_ > now + rule.overflow + LAG:
        return Count(min(end, now + rule.period), used, min(next_, now + rule.overflow))
    return count


def _use(rule: Rule, count: Count, now: float) -> Count:
    used = min(count.used + 1, rule.limit)
    spent = rule.overflow and used == rule.limit
    return Count(count.end, used, now + rule.overflow if spent else 0.0)


def _left(rule: Rule, count: Count) -> int:
    return max(0, rule.limit - count.used)


def _tighter(pairs: Iterable[tuple[Rule, Count]]) -> tuple[Rule, Count]:
    """Return the pair with the smaller remaining; on a tie, the later end."""
    return min(pairs, key=lambda pair: (_left(*pair), -pair[1].end))


def round_up(seconds: float) -> int:
    """Round up to whole seconds; a millionth more is the float's own error."""
    return ceil(seconds - 1e-6)
