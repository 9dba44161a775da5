"""Rules of faults: which requests they fail, and which rules are refused."""

from typing import Any

import msgspec
import pytest

from sijill.sandbox.faults import FaultRule
from sijill.sandbox.rules import RuleSet

DETAILS = {"op": "customers.details", "kind": "empty"}


def fault_set(*rules: dict[str, Any]) -> RuleSet[FaultRule]:
    faults: RuleSet[FaultRule] = RuleSet()
    faults.put(msgspec.convert(list(rules), list[FaultRule]))
    return faults


def failing(count: int, *rules: dict[str, Any]) -> list[int]:
    """Return the numbers of the requests that fail, of so many."""
    faults = fault_set(*rules)

    def fits(rule: FaultRule) -> bool:
        return rule.fits("customers.details", {"customer": "7"})

    return [number for number in range(count) if faults.decide(fits)]


@pytest.mark.parametrize(
    ("rule", "failed"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"times": 2}, [0, 1]),
        ({"skip": 3, "times": 1}, [3]),
        ({"every": 2}, [0, 2, 4]),
        ({"every": 3, "skip": 1}, [1, 4]),
        ({"rate": 0.0}, []),
        ({"rate": 1.0, "skip": 4}, [4, 5]),
        ({"match": {"customer": "7"}, "times": 1}, [0]),
        ({"match": {"customer": "8"}}, []),
        ({"op": "customers.list"}, []),
    ],
)
def test_a_rule_fails_the_requests_it_names(rule: dict[str, Any], failed: list[int]) -> None:
    assert failing(6, DETAILS | rule) == failed


def test_a_rate_fails_the_same_requests_each_time_for_one_seed() -> None:
    one = failing(1000, DETAILS | {"rate": 0.3, "seed": 1})
    assert one == failing(1000, DETAILS | {"rate": 0.3, "seed": 1})
    assert one != failing(1000, DETAILS | {"rate": 0.3, "seed": 2})
    assert 250 < len(one) < 350


def test_the_first_rule_that_is_not_spent_decides() -> None:
    faults = fault_set(DETAILS | {"times": 1}, DETAILS | {"kind": "reset", "times": 1})
    rules = [faults.decide(lambda rule: True) for _ in range(3)]
    assert [rule and rule.kind for rule in rules] == ["empty", "reset", None]
    assert [(one["hits"], one["spent"]) for one in faults.report()] == [(1, True), (1, True)]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"op": "customers.find"}, "op is not an operation"),
        ({"kind": "explode"}, "explode"),
        ({"kind": "status"}, "has a status"),
        ({"status": 503}, "has a status"),
        ({"kind": "status", "status": 418}, "status is one of 401, 403"),
        ({"rate": 0.5, "every": 2}, "exclude each other"),
        ({"rate": 1.5}, "rate"),
        ({"every": 0}, "every"),
        ({"tmies": 1}, "tmies"),
    ],
)
def test_a_set_with_a_faulty_rule_is_refused_whole(rule: dict[str, Any], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert([DETAILS, DETAILS | rule], list[FaultRule])
