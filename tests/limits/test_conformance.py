"""The promises of every counter: one suite on memory, SQLite and a real Valkey."""

import asyncio
import re

import pytest

from sijill.limits.window import NO_WINDOW, Count, Rule, Verdict

pytestmark = pytest.mark.proves("memory, SQLite and Valkey decide alike, to the last header")

START = 1_800_000_000  # conftest's
CUSTOMERS = Rule("{1}:customers:5", 500, 600.0)
PLAN = Rule("{1}:plan", 120, 60.0, overflow=1.0)
FEW = Rule("{1}:few", 3, 600.0)
PACED = Rule("{1}:paced", 2, 60.0, overflow=1.0)


def test_exactly_the_limit_passes(run):
    async def steps(bench):
        verdicts = [await bench.hit(CUSTOMERS) for _ in range(510)]
        assert [v.admitted for v in verdicts] == [True] * 500 + [False] * 10
        assert [v.remaining for v in verdicts] == [*range(499, -1, -1), *[0] * 10]

    run(steps)


def test_hundreds_at_once_take_each_remaining_once(run):
    async def steps(bench):
        verdicts = await asyncio.gather(*(bench.hit(CUSTOMERS) for _ in range(700)))
        admitted = [v.remaining for v in verdicts if v.admitted]
        assert sorted(admitted) == list(range(500))

    run(steps)


def test_the_window_opens_at_the_first_counted_request(run):
    async def steps(bench):
        bench.at(100)
        assert (await bench.hit(FEW)).reset == START + 701
        bench.at(699)
        assert (await bench.hit(FEW)).reset == START + 701

    run(steps)


def test_reset_stays_constant_for_passes_and_refusals_of_one_window(run):
    async def steps(bench):
        resets = set()
        for second in range(0, 600, 50):
            bench.at(second, micros=250_001)
            resets.add((await bench.hit(FEW)).reset)
        assert len(resets) == 1

    run(steps)


def test_a_window_ends_at_its_end_and_not_a_moment_before(run):
    async def steps(bench):
        for _ in range(3):
            await bench.hit(FEW)
        bench.at(600, micros=249_999)
        assert not (await bench.hit(FEW)).admitted
        bench.at(600, micros=250_000)
        assert await bench.hit(FEW) == Verdict(True, 3, 2, START + 1201, 0)

    run(steps)


@pytest.mark.parametrize(
    ("at", "wait"), [((0, 250_000), 600), ((0, 500_000), 600), ((599, 250_000), 1), ((600, 0), 1)]
)
def test_the_wait_is_rounded_up_from_the_unrounded_end(run, at, wait):
    async def steps(bench):
        for _ in range(3):
            await bench.hit(FEW)
        bench.at(*at)
        assert (await bench.hit(FEW)).wait == wait

    run(steps)


def test_waiting_as_told_is_enough(run):
    async def steps(bench):
        for _ in range(3):
            await bench.hit(FEW)
        bench.at(17, micros=900_000)
        refused = await bench.hit(FEW)
        bench.at(17 + refused.wait, micros=900_000)
        assert (await bench.hit(FEW)).admitted

    run(steps)


def test_a_refusal_consumes_nothing_of_the_other_rule(run):
    async def steps(bench):
        for _ in range(3):
            await bench.hit(FEW)
        assert not (await bench.hit(CUSTOMERS, FEW)).admitted
        assert not (await bench.hit(FEW, CUSTOMERS)).admitted
        assert (await bench.hit(CUSTOMERS)).remaining == 499

    run(steps)


def test_a_refusal_opens_no_window(run):
    async def steps(bench):
        for _ in range(3):
            await bench.hit(FEW)
        await bench.hit(CUSTOMERS, FEW)
        bench.at(60)
        assert (await bench.hit(CUSTOMERS)).reset == START + 661

    run(steps)


def test_both_rules_hold_under_hundreds_at_once(run):
    tight = Rule("{1}:tight", 120, 60.0)

    async def steps(bench):
        await asyncio.gather(*(bench.hit(CUSTOMERS, tight) for _ in range(300)))
        assert (await bench.hit(CUSTOMERS)).remaining == 379
        assert not (await bench.hit(tight)).admitted

    run(steps)


def test_keys_do_not_touch_each_other(run):
    async def steps(bench):
        for _ in range(3):
            await bench.hit(FEW)
        assert (await bench.hit(FEW._replace(key="{2}:few"))).remaining == 2

    run(steps)


def test_a_pass_carries_the_smaller_remaining(run):
    async def steps(bench):
        assert (await bench.hit(CUSTOMERS, PLAN))[:3] == (True, 120, 119)
        assert (await bench.hit(PLAN, CUSTOMERS))[:3] == (True, 120, 118)

    run(steps)


def test_a_tie_carries_the_later_reset(run):
    short, long = Rule("{1}:short", 3, 60.0), Rule("{1}:long", 3, 600.0)

    async def steps(bench):
        for rules in ((short, long), (long, short)):
            assert (await bench.hit(*rules)).reset == START + 601

    run(steps)


def test_a_refusal_carries_the_longer_wait(run):
    short, long = Rule("{1}:short", 1, 60.0), Rule("{1}:long", 3, 600.0)

    async def steps(bench):
        await bench.hit(short, long)
        assert await bench.hit(long, short) == Verdict(False, 1, 0, START + 61, 60)
        await bench.hit(long)
        await bench.hit(long)
        assert await bench.hit(short, long) == Verdict(False, 3, 0, START + 601, 600)

    run(steps)


def test_a_spent_plan_lets_one_pass_each_second_until_the_minute_ends(run):
    async def steps(bench):
        passed = 0
        for second in range(60):
            bench.at(second)
            passed += sum([(await bench.hit(PACED)).admitted for _ in range(5)])
        assert passed == 2 + 59
        bench.at(60)
        assert (await bench.hit(PACED)).remaining == 1

    run(steps)


def test_overflow_passes_with_nothing_remaining_and_refuses_for_one_second(run):
    async def steps(bench):
        await bench.hit(PACED)
        assert await bench.hit(PACED) == Verdict(True, 2, 0, START + 61, 0)
        assert await bench.hit(PACED) == Verdict(False, 2, 0, START + 61, 1)
        bench.at(1)
        assert await bench.hit(PACED) == Verdict(True, 2, 0, START + 61, 0)

    run(steps)


def test_a_clock_set_back_locks_nobody_out_for_longer_than_a_period(run):
    async def steps(bench):
        bench.at(3600)
        for _ in range(3):
            await bench.hit(FEW)
        bench.at(0)
        assert await bench.hit(FEW) == Verdict(False, 3, 0, START + 601, 600)
        bench.at(599)
        assert (await bench.hit(FEW)).wait == 1
        bench.at(600)
        assert (await bench.hit(FEW)).remaining == 2

    run(steps)


def test_a_request_decided_late_does_not_move_the_window(run):
    async def steps(bench):
        bench.at(1)
        reset = (await bench.hit(FEW)).reset
        bench.at(0, micros=900_000)
        assert (await bench.hit(FEW)).reset == reset

    run(steps)


# Places that are given back


def test_a_place_that_is_given_back_is_free_in_every_rule(run):
    async def steps(bench):
        taken = await bench.take(CUSTOMERS, FEW)
        assert taken.verdict == Verdict(True, 3, 2, START + 601, 0)
        await bench.hit(FEW)
        await bench.give_back(taken, CUSTOMERS, FEW)
        assert (await bench.hit(CUSTOMERS)).remaining == 499
        assert (await bench.hit(FEW)).remaining == 1

    run(steps)


def test_a_window_keeps_its_end_when_a_place_is_given_back(run):
    async def steps(bench):
        taken = await bench.take(FEW)
        bench.at(300)
        await bench.give_back(taken, FEW)
        assert await bench.hit(FEW) == Verdict(True, 3, 2, START + 601, 0)

    run(steps)


@pytest.mark.parametrize("at", [600, 900, 5000])
def test_a_place_of_a_window_that_is_over_frees_none_in_the_next(run, at):
    async def steps(bench):
        early = [await bench.take(FEW) for _ in range(3)]
        bench.at(at)
        assert [(await bench.hit(FEW)).admitted for _ in range(3)] == [True] * 3
        for taken in early:
            await bench.give_back(taken, FEW)
        assert not (await bench.hit(FEW)).admitted

    run(steps)


def test_a_place_of_a_window_that_is_over_opens_none(run):
    async def steps(bench):
        taken = await bench.take(FEW)
        bench.at(700)
        await bench.give_back(taken, FEW)
        assert await bench.hit(FEW) == Verdict(True, 3, 2, START + 1301, 0)

    run(steps)


def test_of_attempts_at_once_no_more_fail_than_the_limit_says(run):
    """Right and wrong attempts in turn, all under way together, and again until none passes."""
    address, account = Rule("{a}:login", 10, 900.0), Rule("{b}:login", 25, 900.0)

    async def steps(bench):
        wrong = right = 0

        async def attempt(is_right):
            nonlocal wrong, right
            taken = await bench.take(address, account)
            if not taken.verdict.admitted:
                return
            await asyncio.sleep(0)  # the password is checked here, and others come in between
            if is_right:
                right += 1
                await bench.give_back(taken, address, account)
            else:
                wrong += 1

        for _ in range(12):
            await asyncio.gather(*(attempt(number % 8 != 0) for number in range(16)))
        assert wrong == 10
        assert right > 10
        assert not (await bench.hit(address)).admitted
        assert (await bench.hit(account)).remaining == 25 - 10 - 1

    run(steps)


def test_a_spent_plan_that_gets_a_place_back_lets_one_pass(run):
    async def steps(bench):
        await bench.hit(PACED)
        taken = await bench.take(PACED)
        assert not (await bench.hit(PACED)).admitted
        await bench.give_back(taken, PACED)
        assert (await bench.hit(PACED)).admitted
        assert not (await bench.hit(PACED)).admitted

    run(steps)


# A look that counts nothing


def test_a_look_tells_the_standing_windows_and_counts_nothing(run):
    async def steps(bench):
        assert await bench.look(FEW, PLAN) == [NO_WINDOW, NO_WINDOW]
        await bench.hit(FEW)
        bench.at(10)
        for _ in range(5):
            assert await bench.look(FEW, PLAN) == [Count(START + 600.25, 1, 0.0), NO_WINDOW]
        assert (await bench.hit(FEW)).remaining == 1

    run(steps)


def test_a_look_after_a_window_finds_none(run):
    async def steps(bench):
        for _ in range(4):
            await bench.hit(FEW)
        bench.at(599)
        assert [count.used for count in await bench.look(FEW)] == [3]
        bench.at(600)
        assert await bench.look(FEW) == [NO_WINDOW]

    run(steps)


def test_a_look_at_nothing_tells_nothing(run):
    async def steps(bench):
        assert await bench.look() == []

    run(steps)


def test_a_counter_names_what_counts(run):
    async def steps(bench):
        assert re.fullmatch(r"|(SQLite|Valkey|Redis) \d+\.\d+[.\d]*", await bench.counters.about())

    run(steps)
