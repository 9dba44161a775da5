"""
Rules of faults: what all kinds of rules share.

A rule is decided by numbers alone, so that a run can be repeated.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from sijill.openapi.keys import key

_WHOLE = Meta(ge=0, le=1_000_000)


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of the cases that fit a rule are hit, and which."""

    skip: Annotated[
        int, _WHOLE, key("الحالات المنطبقة التي تمر أولًا.", "Fitting cases that pass first.")
    ] = 0
    times: (
        Annotated[
            int,
            _WHOLE,
            key(
                "عدد الحالات التي تُصاب، وبلا هذا المفتاح كلها.",
                "Fitting cases that are hit; without it, all.",
            ),
        ]
        | UnsetType
    ) = UNSET
    every: Annotated[
        int,
        Meta(ge=1, le=1_000_000),
        key("2 تصيب حالة وتترك أخرى، وهكذا.", "2 is every other fitting case, and so on."),
    ] = 1
    rate: (
        Annotated[
            float,
            Meta(ge=0.0, le=1.0),
            key(
                "نسبة الحالات التي تُصاب، بحسب `seed`.",
                "The share of fitting cases that are hit, by `seed`.",
            ),
        ]
        | UnsetType
    ) = UNSET
    seed: Annotated[
        int,
        key("بذرة `rate`: الحالات نفسها تُصاب.", "The seed of `rate`: the same cases are hit."),
    ] = 0

    def __post_init__(self) -> None:
        """Raise ValueError, which decoding a rule names with its place, if it cannot be taken."""
        problem = self.problem()
        if problem:
            raise ValueError(problem)

    def problem(self) -> str:
        """Return why the rule cannot be taken, "" if it can."""
        if self.rate is not UNSET and self.every != 1:
            return "rate and every exclude each other"
        return ""


R = TypeVar("R", bound=Rule)


class ActiveRule(Generic[R]):
    """A rule with its counts."""

    def __init__(self, number: int, rule: R) -> None:
        """`number` is that of the rule in its set, from 0: no other rule has it meanwhile."""
        self.number, self.rule = number, rule
        self.met = self.hits = 0

    @property
    def spent(self) -> bool:
        """Whether it has hit all the cases that it is to hit."""
        return self.rule.times is not UNSET and self.hits >= self.rule.times

    def decide(self) -> bool:
        """Count a fitting case, and return whether it is hit."""
        if self.spent:
            return False
        number, self.met = self.met - self.rule.skip, self.met + 1
        hit = number >= 0 and number % self.rule.every == 0
        if self.rule.rate is not UNSET:
            hit = number >= 0 and drawn(self.rule.seed, self.number, number) < self.rule.rate
        self.hits += hit
        return hit

    def undo(self) -> None:
        """Forget the last hit."""
        self.met -= 1
        self.hits -= 1

    def report(self) -> dict[str, Any]:
        """Return the rule, its `hits`, and whether it is `spent`."""
        return {**msgspec.to_builtins(self.rule), "hits": self.hits, "spent": self.spent}


class RuleSet(Generic[R]):
    """The rules of one kind that a namespace has; the first that fits and hits decides."""

    def __init__(self) -> None:
        self._rules: list[ActiveRule[R]] = []

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[ActiveRule[R]]:
        """Yield every rule with its counts, in order."""
        return iter(self._rules)

    def put(self, rules: Sequence[R]) -> None:
        """Replace every rule."""
        self._rules = []
        self.add(rules)

    def add(self, rules: Sequence[R]) -> None:
        """Add rules after those that are there, which keep their hits."""
        first = self._rules[-1].number + 1 if self._rules else 0
        self._rules += [ActiveRule(n, rule) for n, rule in enumerate(rules, first)]

    def remove(self, number: int) -> None:
        """Remove a rule; the others keep their numbers and hits. An unknown one is no error."""
        self._rules = [active for active in self._rules if active.number != number]

    def decide(self, fits: Callable[[R], bool]) -> R | None:
        """Count a case, which some rules fit, and return the rule that hits it, if one does."""
        for active in self._rules:
            if fits(active.rule) and active.decide():
                return active.rule
        return None

    def undo(self, rule: R) -> None:
        """Forget the last hit of a rule: its case failed by itself."""
        for active in self._rules:
            if active.rule is rule:
                active.undo()

    def report(self) -> list[dict[str, Any]]:
        """Return every rule as `ActiveRule.report` does."""
        return [active.report() for active in self._rules]


def drawn(*words: object) -> float:
    """Return a number in [0, 1) that looks random, always the same for the same words."""
    text = ":".join(map(str, words)).encode()
    return (int.from_bytes(hashlib.sha256(text).digest()[:8]) >> 11) / 2**53
