"""Counts in memory: exact for the one process that holds them, gone with it."""

from collections import OrderedDict
from collections.abc import Sequence

from sijill.limits.window import (
    NO_WINDOW,
    Count,
    Decision,
    Rule,
    Verdict,
    decide,
    returned,
    round_up,
    seen,
)

CAPACITY = 100_000
"""Keys kept at once, some 45 MB, so that a flood of addresses cannot fill the memory."""

_LEAVING = 2
"""Expired windows of a period that leave when one opens: more than one, so that they run out."""


class MemoryCounters:
    """
    Counters of one process.

    Windows of one period end in the order in which they open, so each period has a queue of its
    own, and what is over stands at its head: no hit ever looks through all the keys.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._queues: dict[float, OrderedDict[str, Count]] = {}

    async def hit(self, rules: Sequence[Rule], now: float) -> Verdict:
        """Count one request against every rule at once; see Counters. Never away."""
        return self._hit_usual(rules, now) or self._hit_any(rules, now).verdict

    async def take(self, rules: Sequence[Rule], now: float) -> Decision:
        """Count one request, and return the decision; see Counters."""
        return self._hit_any(rules, now)

    async def give_back(self, rules: Sequence[Rule], taken: Decision) -> None:
        """Count the request of a decision no longer; see Counters."""
        if not taken.verdict.admitted:
            return
        standing = [self._queue(rule).get(rule.key) for rule in rules]
        for rule, count in zip(rules, returned(standing, taken.counts), strict=True):
            if count is not None:  # its end, and so its place in the queue, is the same
                self._queue(rule)[rule.key] = count

    async def look(self, rules: Sequence[Rule], now: float) -> list[Count]:
        """Return the standing window of each rule, and count nothing; see Counters."""
        return seen(rules, [self._queue(rule).get(rule.key) for rule in rules], now)

    async def about(self) -> str:
        """Return "": the process counts by itself."""
        return ""

    async def close(self) -> None:
        """Forget everything."""
        self._queues.clear()

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def _hit_usual(self, rules: Sequence[Rule], now: float) -> Verdict | None:
        """
        Count a request well within a window of every rule, as `decide` would, in a third of the
        time; no window moves in its queue. Return None for any other request.
        """
        kept: list[tuple[OrderedDict[str, Count], str, Count]] = []
        tighter = (0, 0.0, 0)
        for key, limit, period, _, _ in rules:
            queue = self._queues.get(period)
            count = None if queue is None else queue.get(key)
            if queue is None or count is None:
                return None
            end, used, next_ = count
            left = limit - used - 1
            if left < 1 or next_ or not now < end <= now + period:
                return None
            if not kept or (left, -end) < tighter[:2]:
                tighter = (left, -end, limit)
            kept.append((queue, key, Count(end, used + 1, 0.0)))
        for queue, key, count in kept:
            queue[key] = count
        left, end, limit = tighter
        return Verdict(True, limit, left, round_up(-end), 0)

    def _hit_any(self, rules: Sequence[Rule], now: float) -> Decision:
        counts = [self._queue(rule).get(rule.key) for rule in rules]
        verdict, kept = decide(rules, counts, now)
        for rule, old, new in zip(rules, counts, kept, strict=True):
            if new is not None:
                self._keep(rule, old, new, now)
        left = [new or old or NO_WINDOW for new, old in zip(kept, counts, strict=True)]
        return Decision(verdict, left, now)

    def _queue(self, rule: Rule) -> OrderedDict[str, Count]:
        queue = self._queues.get(rule.period)
        if queue is None:
            queue = self._queues[rule.period] = OrderedDict()
        return queue

    def _keep(self, rule: Rule, old: Count | None, new: Count, now: float) -> None:
        queue = self._queue(rule)
        queue[rule.key] = new
        if old is None or old.end != new.end:
            queue.move_to_end(rule.key)
            self._leave(now)

    def _leave(self, now: float) -> None:
        """Let go of windows that are over, and beyond the capacity of the one opened first."""
        for queue in self._queues.values():
            for _ in range(_LEAVING):
                if queue and _first_end(queue) <= now:
                    queue.popitem(last=False)
        if len(self) > self._capacity:
            queues = [(period, queue) for period, queue in self._queues.items() if queue]
            _, oldest = min(queues, key=lambda each: _first_end(each[1]) - each[0])
            oldest.popitem(last=False)


def _first_end(queue: OrderedDict[str, Count]) -> float:
    return next(iter(queue.values())).end
