"""
Faults on demand: rules that say which request fails, how, and how often.

A rule is decided by numbers alone, so that a run can be repeated.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from sijill.sandbox.operations import NAMES

Kind = Literal[
    "status",
    "html-502",
    "delay",
    "stall",
    "empty",
    "reset",
    "truncate",
    "malformed",
    "drip",
    "drop-headers",
]
Phase = Literal["before", "after-commit"]

STATUSES = frozenset({401, 403, 404, 422, 429, 500, 503})
ALTERS_ANSWER = frozenset({"truncate", "malformed", "drip", "drop-headers"})
"""The kinds that need an answer: the request is always carried out."""

Whole = Annotated[int, Meta(ge=0, le=1_000_000)]


class FaultRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule; the first rule of a set that fits a request and is not spent decides."""

    op: str
    kind: Kind
    status: int | UnsetType = UNSET
    """The status of kind `status`."""
    match: dict[str, str] = {}
    """Parameters of the query and parts of the path that the request must have."""
    skip: Whole = 0
    """Fitting requests that pass first."""
    times: Whole | UnsetType = UNSET
    """Fitting requests that fail; without it, all."""
    every: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    """2 is every other fitting request, and so on."""
    rate: Annotated[float, Meta(ge=0.0, le=1.0)] | UnsetType = UNSET
    """The share of fitting requests that fail, by `seed`."""
    seed: int = 0
    phase: Phase = "before"
    """`after-commit`: the request is carried out, and its answer is lost."""
    seconds: Annotated[float, Meta(ge=0.0, le=60.0)] = 1.0
    """Real seconds of `delay`, `stall` and `drip`."""
    wait: Annotated[int, Meta(ge=0, le=86_400)] = 1
    """`Retry-After` of a 429 or 503, in seconds."""


class FaultsRefused(ValueError):
    """A set of rules that cannot be taken; the message says why."""


def parse_rules(document: Any) -> list[FaultRule]:
    """
    Return the rules of a set, checked whole.

    Raises: FaultsRefused.
    """
    try:
        rules = msgspec.convert(document, list[FaultRule])
    except msgspec.ValidationError as fault:
        raise FaultsRefused(str(fault)) from None
    for number, rule in enumerate(rules):
        problem = _problem(rule)
        if problem:
            raise FaultsRefused(f"rule {number}: {problem}")
    return rules


def _problem(rule: FaultRule) -> str:
    if rule.op not in NAMES:
        return "op is not an operation: GET /_/operations lists them"
    if (rule.kind == "status") != (rule.status is not UNSET):
        return "kind status, and no other, has a status"
    if rule.status is not UNSET and rule.status not in STATUSES:
        return f"status is one of {', '.join(map(str, sorted(STATUSES)))}"
    if rule.rate is not UNSET and rule.every != 1:
        return "rate and every exclude each other"
    return ""


class ActiveRule:
    """A rule with what it has met."""

    def __init__(self, number: int, rule: FaultRule) -> None:
        self.number, self.rule = number, rule
        self.met = self.hits = 0

    @property
    def spent(self) -> bool:
        """Whether it has failed all the requests that it is to fail."""
        return self.rule.times is not UNSET and self.hits >= self.rule.times

    def decide(self, parameters: dict[str, str]) -> bool:
        """Count a request of the operation, and return whether it fails."""
        if self.spent or not self.rule.match.items() <= parameters.items():
            return False
        number, self.met = self.met - self.rule.skip, self.met + 1
        fails = number >= 0 and number % self.rule.every == 0
        if self.rule.rate is not UNSET:
            fails = number >= 0 and self._drawn(number) < self.rule.rate
        self.hits += fails
        return fails

    def _drawn(self, number: int) -> float:
        """Return the draw of a request, from 0 to 1: always the same for the same numbers."""
        text = f"{self.rule.seed}:{self.number}:{number}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:8]) / 2**64

    def report(self) -> dict[str, Any]:
        """Return the rule, its `hits`, and whether it is `spent`."""
        return {**msgspec.to_builtins(self.rule), "hits": self.hits, "spent": self.spent}


class FaultSet:
    """The rules of a namespace."""

    def __init__(self) -> None:
        self._rules: list[ActiveRule] = []

    def put(self, rules: Sequence[FaultRule]) -> None:
        """Replace every rule."""
        self._rules = []
        self.add(rules)

    def add(self, rules: Sequence[FaultRule]) -> None:
        """Add rules after those that are there, which keep their hits."""
        self._rules += [ActiveRule(n, rule) for n, rule in enumerate(rules, len(self._rules))]

    def decide(self, op: str, parameters: dict[str, str]) -> FaultRule | None:
        """Return the rule that fails a request, if one does."""
        for active in self._rules:
            if active.rule.op == op and active.decide(parameters):
                return active.rule
        return None

    def undo(self, rule: FaultRule) -> None:
        """Forget the last hit of a rule: its request failed by itself."""
        for active in self._rules:
            if active.rule is rule:
                active.met -= 1
                active.hits -= 1

    def report(self) -> list[dict[str, Any]]:
        """Return every rule as `ActiveRule.report` does."""
        return [active.report() for active in self._rules]
