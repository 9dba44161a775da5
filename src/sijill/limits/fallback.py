"""
What happens while the shared counter is away: this process decides alone, opens, or refuses.

`local` is the default. Every process then admits its share, ⌈limit / (nodes × workers)⌉, in
windows of its own: an outage opens at most one window more. Rules that guard against guessing
(`counts_locally`) are decided locally under every setting.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from sijill.limits.memory import MemoryCounters
from sijill.limits.window import UNCOUNTED, CounterAway, Counters, Rule, Verdict

OnError = Literal["local", "open", "closed"]

PAUSE = 1.0
"""Seconds for which a counter that failed is not asked again."""


class Fallback:
    """A shared counter, and what stands in for it."""

    def __init__(
        self,
        shared: Counters,
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
        self._local = MemoryCounters()
        self._share = share
        self._on_error = on_error
        self._monotonic = monotonic
        self._on_change = on_change
        self._on_degraded = on_degraded
        self._away = False
        self._ask_at = 0.0

    async def hit(self, rules: Sequence[Rule], now: float) -> Verdict:
        """
        Count one request against every rule at once; see Counters.

        UNCOUNTED if the shared counter is away and the setting is `open`.
        Raises: CounterAway if it is away and the setting is `closed`.
        """
        probing = self._away
        if probing:
            if self._monotonic() < self._ask_at:
                return await self._alone(rules, now)
            self._ask_at = self._monotonic() + PAUSE  # one asks; the others do not wait for it
        try:
            verdict = await self._shared.hit(rules, now)
        except CounterAway:
            self._ask_at = self._monotonic() + PAUSE
            self._turn(away=True)
            return await self._alone(rules, now)
        if probing:  # an answer from before the failure does not say that it is back
            self._turn(away=False)
        return verdict

    async def close(self) -> None:
        """Close the shared counter, and forget the local counts."""
        await self._local.close()
        await self._shared.close()

    def _turn(self, *, away: bool) -> None:
        if self._away != away:
            self._away = away
            self._on_change(away)

    async def _alone(self, rules: Sequence[Rule], now: float) -> Verdict:
        self._on_degraded()
        if self._on_error == "local" or any(rule.counts_locally for rule in rules):
            return await self._local.hit([_portion(rule, self._share) for rule in rules], now)
        if self._on_error == "open":
            return UNCOUNTED
        raise CounterAway("the shared counter is away")


def _portion(rule: Rule, share: int) -> Rule:
    """Return one process's part of a rule: so many fewer requests, overflow so much rarer."""
    return rule._replace(limit=-(-rule.limit // share), overflow=rule.overflow * share)
