"""
Decisions while the shared counter is away: this process decides alone, opens, or refuses.

`local` is the default. Every process then admits its share of what each window last had left,
⌊left / (nodes × workers)⌋, until that window ends; a window that the process has not met had all
of its limit left. Rules that guard against guessing (`counts_locally`) are decided locally under
every setting.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, Literal, TypeVar

from sijill.limits.window import (
    UNCOUNTED,
    Count,
    CounterAway,
    Decision,
    Rule,
    SharedCounters,
    Verdict,
    decide,
    returned,
)

V = TypeVar("V")

OnError = Literal["local", "open", "closed"]

PAUSE = 1.0
"""Seconds for which a counter that failed is not asked again."""

CAPACITY = 50_000
"""Keys in one half of what is remembered: a flood of addresses cannot fill the memory."""


class Fallback:
    """A shared counter, and the decisions of this process while it is away."""

    def __init__(
        self,
        shared: SharedCounters,
        *,
        share: int,
        on_error: OnError,
        monotonic: Callable[[], float],
        on_change: Callable[[bool], None],
        on_degraded: Callable[[], None],
    ) -> None:
        """
        Stand in for `shared`.

        `share` is nodes × workers. `on_change` is told True when the counter goes away and False
        when it is back, once each; `on_degraded` of every decision made without it, refusals by
        `closed` too.
        """
        self._shared = shared
        self._share = share
        self._on_error = on_error
        self._monotonic = monotonic
        self._on_change = on_change
        self._on_degraded = on_degraded
        self._away = False
        self._ask_at = 0.0
        self._known: Recent[tuple[Count, float]] = Recent(CAPACITY)
        """The last count of each key by the shared counter, and how far its clock is ahead."""
        self._local: Recent[Count] = Recent(CAPACITY)

    async def hit(self, rules: Sequence[Rule], now: float) -> Verdict:
        """
        Count one request against every rule at once; see Counters.

        UNCOUNTED if the shared counter is away and the setting is `open`.
        Raises: CounterAway if it is away and the setting is `closed`.
        """
        return (await self.take(rules, now)).verdict

    async def take(self, rules: Sequence[Rule], now: float) -> Decision:
        """Count one request, and return the decision; see `hit`."""
        probing = self._away
        if probing:
            if self._monotonic() < self._ask_at:
                return self._alone(rules, now)
            self._ask_at = self._monotonic() + PAUSE  # one asks; the others do not wait for it
        try:
            decision = await self._shared.hit(rules, now)
        except CounterAway:
            self._ask_at = self._monotonic() + PAUSE
            self._turn(away=True)
            return self._alone(rules, now)
        if probing:  # an answer from before the failure does not say that it is back
            self._turn(away=False)
        for rule, count in zip(rules, decision.counts, strict=True):
            self._known.put(rule.key, (count, decision.now - now))
        return decision

    async def give_back(self, rules: Sequence[Rule], taken: Decision) -> None:
        """Count the request of a decision no longer, where it was counted; see Counters."""
        if not taken.verdict.admitted or not taken.counts:
            return
        if taken.alone:
            standing = [self._local.get(rule.key) for rule in rules]
            self._keep(rules, returned(standing, taken.counts))
        elif not self._away:
            with suppress(CounterAway):  # the next hit finds out; until then the place stays taken
                await self._shared.give_back(rules, taken)

    async def look(self, rules: Sequence[Rule], now: float) -> list[Count]:
        """
        Return the standing window of each rule in the shared counter; see Counters.

        What this process counts alone is a share, and no window. Raises: CounterAway.
        """
        return await self._shared.look(rules, now)

    async def about(self) -> str:
        """Return the name and the version of the shared counter. Raises: CounterAway."""
        return await self._shared.about()

    async def close(self) -> None:
        """Close the shared counter."""
        await self._shared.close()

    def _turn(self, *, away: bool) -> None:
        if self._away != away:
            self._away = away
            self._on_change(away)

    def _alone(self, rules: Sequence[Rule], now: float) -> Decision:
        self._on_degraded()
        if self._on_error == "local" or any(rule.counts_locally for rule in rules):
            return self._decide(rules, now)
        if self._on_error == "open":
            return Decision(UNCOUNTED, (), now, alone=True)
        raise CounterAway("the shared counter is away")

    def _decide(self, rules: Sequence[Rule], now: float) -> Decision:
        """Decide by the share of this process; a share of overflow passes so much more rarely."""
        counts = [self._count(rule, now) for rule in rules]
        rules = [rule._replace(overflow=rule.overflow * self._share) for rule in rules]
        verdict, kept = decide(rules, counts, now)
        self._keep(rules, kept)
        left = [new or old for new, old in zip(kept, counts, strict=True)]
        return Decision(verdict, left, now, alone=True)

    def _keep(self, rules: Sequence[Rule], counts: Sequence[Count | None]) -> None:
        for rule, count in zip(rules, counts, strict=True):
            if count is not None:
                self._local.put(rule.key, count)

    def _count(self, rule: Rule, now: float) -> Count:
        known: Count | None = None
        if (last := self._known.get(rule.key)) is not None:
            count, ahead = last
            known = Count(count.end - ahead, count.used, count.next - ahead)
        return share_of(rule, known, self._local.get(rule.key), self._share, now)


def share_of(rule: Rule, known: Count | None, local: Count | None, share: int, now: float) -> Count:
    """
    Return the count by which one of `share` processes decides alone.

    `known` is what the shared counter last said, `local` what this process counted since; either
    is forgotten once its window is over. Of what was left, the parts of the other processes count
    as used. What was used alone before stays used in a window that was met later.
    """
    known = known if known is not None and now < known.end else None
    local = local if local is not None and now < local.end else None
    shared = known or local or Count(now + rule.period, 0, 0.0)
    left = max(0, rule.limit - (known.used if known else 0))
    used = rule.limit - left // share
    if local is not None:
        return Count(shared.end, max(used, local.used), max(shared.next, local.next))
    return Count(shared.end, used, shared.next)


class Recent(Generic[V]):
    """Values by key: the last `capacity` that were put, and at most as many before them."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._new: dict[str, V] = {}
        self._old: dict[str, V] = {}

    def get(self, key: str) -> V | None:
        """Return the value of a key, None if it was never put or put too long ago."""
        return self._new.get(key) or self._old.get(key)

    def put(self, key: str, value: V) -> None:
        """Remember a value."""
        if len(self._new) >= self._capacity and key not in self._new:
            self._old, self._new = self._new, {}
        self._new[key] = value
