"""The arithmetic, without any counter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.limits.window import LAG, Count, Rule, Verdict, decide, wait

pytestmark = pytest.mark.proves("a refusal consumes nothing; a clock set back locks nobody out")

NOW = 1_800_000_000.5
RULE = Rule("a", 3, 600.0)
PACED = Rule("p", 2, 60.0, overflow=1.0)

times = st.integers(0, 4_000_000).map(lambda millis: NOW + millis / 1000)
rules = st.builds(
    Rule,
    st.just("k"),
    st.integers(1, 5),
    st.sampled_from([1.0, 10.0, 60.0]),
    st.sampled_from([0.0, 1.0]),
)


def play(rule, moments):
    """Return the verdict of one request at each moment."""
    count, verdicts = None, []
    for now in moments:
        verdict, (kept,) = decide([rule], [count], now)
        count = kept or count
        verdicts.append(verdict)
    return verdicts


@pytest.mark.parametrize(
    ("count", "verdict", "kept"),
    [
        (None, Verdict(True, 3, 2, 1_800_000_601, 0), Count(NOW + 600, 1, 0.0)),
        (Count(NOW, 3, 0.0), Verdict(True, 3, 2, 1_800_000_601, 0), Count(NOW + 600, 1, 0.0)),
        (Count(NOW + 9, 1, 0.0), Verdict(True, 3, 1, 1_800_000_010, 0), Count(NOW + 9, 2, 0.0)),
        (Count(NOW + 9, 2, 0.0), Verdict(True, 3, 0, 1_800_000_010, 0), Count(NOW + 9, 3, 0.0)),
        (Count(NOW + 9, 3, 0.0), Verdict(False, 3, 0, 1_800_000_010, 9), None),
        (Count(NOW + 0.01, 3, 0.0), Verdict(False, 3, 0, 1_800_000_001, 1), None),
        (Count(NOW + 0.5, 3, 0.0), Verdict(False, 3, 0, 1_800_000_001, 1), None),
        (Count(NOW + 9, 7, 0.0), Verdict(False, 3, 0, 1_800_000_010, 9), None),
        (
            Count(NOW + 4200, 3, 0.0),
            Verdict(False, 3, 0, 1_800_000_601, 600),
            Count(NOW + 600, 3, 0.0),
        ),
    ],
    ids=[
        "none",
        "over",
        "used",
        "last",
        "spent",
        "nearly over",
        "reset is a whole second",
        "limit was lowered",
        "clock was set back",
    ],
)
def test_one_rule_decides(count, verdict, kept):
    assert decide([RULE], [count], NOW) == (verdict, [kept])


@pytest.mark.parametrize(
    ("count", "seconds"),
    [
        (Count(NOW + 30, 1, 0.0), 0.0),
        (Count(NOW + 30, 2, NOW + 0.75), 0.75),
        (Count(NOW + 30, 2, NOW), 0.0),
        (Count(NOW + 0.25, 2, NOW + 0.75), 0.25),
    ],
    ids=["left", "spent", "its second is over", "the minute ends first"],
)
def test_a_spent_plan_waits_for_its_second_or_the_end_of_the_minute(count, seconds):
    assert wait(PACED, count, NOW) == seconds


def test_a_refusal_writes_no_count_of_any_rule():
    spent = Count(NOW + 9, 3, 0.0)
    other = Rule("b", 9, 60.0)
    verdict, kept = decide([RULE, other], [spent, Count(NOW + 5, 4, 0.0)], NOW)
    assert not verdict.admitted
    assert kept == [None, None]


def test_a_refusal_keeps_the_mended_end_of_a_clock_that_was_set_back():
    count = Count(NOW + 4200, 3, 0.0)
    _, (mended,) = decide([RULE], [count], NOW)
    assert decide([RULE], [mended], NOW + 600)[0].admitted


def test_an_overflow_second_of_a_clock_that_was_set_back_is_mended_too():
    _, (mended,) = decide([PACED], [Count(NOW + 50, 2, NOW + 31)], NOW)
    assert mended == Count(NOW + 50, 2, NOW + 1)


@given(rules, st.lists(times, max_size=80).map(sorted))
def test_never_more_than_the_limit_passes_in_a_window(rule, moments):
    rule = rule._replace(overflow=0.0)
    passed = {}
    for verdict, now in zip(play(rule, moments), moments, strict=True):
        if verdict.admitted:
            passed.setdefault(verdict.reset, []).append(now)
    # A reset may name two windows only where these are shorter than the second it is rounded to.
    for inside in passed.values():
        starts = [inside[0]]
        for now in inside:
            if now >= starts[-1] + rule.period:
                starts.append(now)
        assert len(inside) <= rule.limit * len(starts)


@given(rules, st.lists(times, max_size=80).map(sorted))
def test_overflow_adds_at_most_one_request_for_each_second(rule, moments):
    rule = rule._replace(overflow=1.0)
    passed = [n for v, n in zip(play(rule, moments), moments, strict=True) if v.admitted]
    start, inside = None, 0
    for now in passed:
        if start is None or now >= start + rule.period:
            start, inside = now, 0
        inside += 1
        assert inside <= rule.limit + int(now - start)


@given(rules, st.lists(times, min_size=1, max_size=40))
def test_whatever_the_clock_does_nobody_waits_longer_than_a_period(rule, moments):
    count = None
    for now in moments:
        _, (kept,) = decide([rule], [count], now)
        count = kept or count
    now = moments[-1]
    verdict, (kept,) = decide([rule], [count], now)
    assert verdict.wait <= rule.period + LAG
    later, _ = decide([rule], [kept or count], now + rule.period + LAG + 0.001)
    assert later.admitted


@given(rules, st.lists(times, max_size=40))
def test_the_numbers_stay_within_their_bounds(rule, moments):
    for verdict, now in zip(play(rule, moments), moments, strict=True):
        assert 0 <= verdict.remaining < rule.limit
        assert now <= verdict.reset <= now + rule.period + LAG + 1
        assert (verdict.wait == 0) == verdict.admitted


@given(
    st.lists(st.tuples(rules, st.integers(0, 6), st.integers(0, 60)), min_size=1, max_size=3),
)
def test_a_request_passes_when_every_rule_alone_lets_it(parts):
    chosen = [rule for rule, _, _ in parts]
    counts = [
        Count(NOW + min(ahead, rule.period), used, NOW) if used else None
        for rule, used, ahead in parts
    ]
    alone = [decide([r], [c], NOW)[0].admitted for r, c in zip(chosen, counts, strict=True)]
    verdict, kept = decide(chosen, counts, NOW)
    assert verdict.admitted == all(alone)
    assert [count is not None for count in kept] == [verdict.admitted] * len(parts)
