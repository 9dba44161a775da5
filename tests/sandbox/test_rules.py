"""The counting that all kinds of rules share."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sijill.sandbox.rules import Rule, RuleSet

PICKS = st.one_of(
    st.fixed_dictionaries({"every": st.integers(1, 5)}),
    st.fixed_dictionaries({"rate": st.floats(0, 1), "seed": st.integers(0, 9)}),
)
"""How a rule picks the cases that it hits."""

COUNTS = st.fixed_dictionaries({"skip": st.integers(0, 6)}, optional={"times": st.integers(0, 6)})

RULES = st.builds(lambda counts, picks: counts | picks, COUNTS, PICKS)

CASES = 40


def rule_set(*documents: dict[str, Any]) -> RuleSet[Rule]:
    rules: RuleSet[Rule] = RuleSet()
    rules.put(msgspec.convert(list(documents), list[Rule]))
    return rules


def hits(rules: RuleSet[Rule]) -> list[int]:
    return [n for n in range(CASES) if rules.decide(lambda rule: True) is not None]


@given(RULES)
def test_a_rule_hits_as_often_as_it_says(document: dict[str, Any]) -> None:
    rules = rule_set(document)
    found, [told] = hits(rules), rules.report()
    times = document.get("times", CASES)
    assert told["hits"] == len(found) <= times
    assert told["spent"] == ("times" in document and len(found) == times)
    assert all(number >= document["skip"] for number in found)
    if "every" in document:
        assert found == list(range(document["skip"], CASES, document["every"]))[:times]


@given(RULES)
def test_the_same_rule_hits_the_same_cases(document: dict[str, Any]) -> None:
    assert hits(rule_set(document)) == hits(rule_set(document))


@given(RULES)
def test_times_only_cuts_the_hits_short(document: dict[str, Any]) -> None:
    endless = {name: value for name, value in document.items() if name != "times"}
    assert hits(rule_set(document)) == hits(rule_set(endless))[: document.get("times", CASES)]


@given(RULES)
def test_a_hit_that_is_undone_is_made_again(document: dict[str, Any]) -> None:
    rules = rule_set(document)
    for _ in range(CASES):
        hit = rules.decide(lambda rule: True)
        if hit is not None:
            before = rules.report()
            rules.undo(hit)
            assert rules.decide(lambda rule: True) is hit
            assert rules.report() == before


@given(st.lists(RULES, max_size=4))
def test_each_case_is_hit_by_one_rule_at_most(documents: list[dict[str, Any]]) -> None:
    rules = rule_set(*documents)
    assert len(hits(rules)) == sum(told["hits"] for told in rules.report())
