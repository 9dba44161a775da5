"""Bugs that are planted one by one: for each there is a scenario that finds it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from fixtures.registers import STORE
from mirror.sandboxed import Pair, faults, paired

from sijill.mirror import applying, budget, checks, reading
from sijill.mirror.applying import Applier
from sijill.mirror.model import Lane, MirrorRow, NoBudget
from sijill.mirror.slices import Slice

pytestmark = pytest.mark.proves(
    "the tests of the mirror find a skipped row, a tombstone without proof, a place that is kept"
    " apart from its rows, an old answer that wins, and a budget that a restart forgets"
)

Scenario = Callable[[Pair], Awaitable[None]]
Plant = Callable[[pytest.MonkeyPatch], None]


async def deletion_while_reading(pair: Pair) -> None:
    """Delete a customer of the first page after the last one was read."""
    while not any("page=2&per_page=60" in path for *_, path in pair.asking.sent):
        await pair.run(1)
    ids = [each.id async for each in pair.origin.customers.each(pair.origin_store.id)]
    found = [await pair.origin.customers.find(pair.origin_store.id, each) for each in ids]
    newest = max(found, key=lambda each: each.created_at)
    await pair.delete(newest.id)
    await pair.run(until=pair.is_live)
    await pair.run(1_200)
    await pair.assert_equal()


async def storm_of_404(pair: Pair) -> None:
    """Answer every other request for a customer with a 404."""
    await pair.run(until=pair.is_live)
    rule = {"op": "customers.details", "kind": "status", "status": 404}
    faults(pair, rule | {"rate": 0.5, "seed": 1})
    for customer_id in (await pair.ids())[:10]:
        await pair.register.mirror.queue_check(STORE.id, customer_id, pair.wall())
    for _ in range(200):  # a probe would find them there, and bring them back
        await pair.run(5)
        assert not await pair.false_tombstones()


async def crash_behind_a_page(pair: Pair) -> None:
    """End the process between a page and what follows, at every place."""
    for requests in range(1, 7):
        await pair.crash(requests, 600, committed=True)
        pair.restart()
    await pair.run(until=pair.is_live)
    await pair.assert_equal()


async def answer_that_comes_late(pair: Pair) -> None:
    """Apply an answer that was sent for before the customer changed."""
    await pair.run(until=pair.is_live)
    customer_id = (await pair.ids())[0]
    reply = await pair.asking.get(f"/customers/{customer_id}", (), "foreground")
    await pair.run(60)
    await pair.update(customer_id, city="later")
    await pair.run(200)
    await pair.register.applier.apply(STORE.id, reply, "foreground")
    shown = await pair.register.customers.find(STORE.id, customer_id)
    assert shown.city == "later"


async def restart_in_a_hurry(pair: Pair) -> None:
    """Restart often, and ask as much as there is room for."""
    await pair.run(until=pair.is_live)
    for _ in range(3):
        pair.restart()
        with suppress(NoBudget):
            for _ in range(460):
                await pair.asking.get("/customers", (), "foreground")
    pair.assert_within_budget()


async def old_page_of_one_who_is_gone(pair: Pair) -> None:
    """Apply an answer about a customer who was buried since it was sent for."""
    await pair.run(until=pair.is_live)
    customer_id = (await pair.ids())[0]
    reply = await pair.asking.get(f"/customers/{customer_id}", (), "foreground")
    await pair.delete(customer_id)
    await pair.run(1_500)
    assert await pair.tombstones() == {customer_id}
    await pair.register.applier.apply(STORE.id, reply, "foreground")
    assert await pair.tombstones() == {customer_id}


def first_page_first(patch: pytest.MonkeyPatch) -> None:
    """Read a slice from its first page on, and believe it."""
    read = reading.Reader._ask

    async def ask(self: Any, work: Slice, page: int, per_page: int) -> Any:
        if per_page == 1:
            return await read(self, work, page, per_page)
        reply, found = await read(self, work, (work.total or 0) // 60 + 2 - page, per_page)
        return reply, found

    patch.setattr(reading.Reader, "_ask", ask)
    believe_every_slice(patch)


def believe_every_slice(patch: pytest.MonkeyPatch) -> None:
    """Take every slice that was read to its end for proven."""

    async def prove(transaction: Any, read: Any) -> None:
        await reading._end(transaction, read)

    patch.setattr(reading, "_prove", prove)


def bury_at_the_first_404(patch: pytest.MonkeyPatch) -> None:
    """Take one 404 for a deletion."""
    judge = checks.judge

    def hasty(*args: Any) -> Any:
        verdict = judge(*args)
        return "gone" if verdict in ("ask_day", "missing") else verdict

    patch.setattr(checks, "judge", hasty)


def keep_the_place_before_the_rows(patch: pytest.MonkeyPatch) -> None:
    """Write the place in a slice in a transaction of its own, before the rows."""
    apply_in = Applier.apply_in
    waiting: list[tuple[Any, ...]] = []

    async def later(self: Any, transaction: Any, *args: Any) -> list[Any]:
        for each in waiting:
            await apply_in(self, transaction, *each)
        waiting[:] = [args]
        return []

    patch.setattr(Applier, "apply_in", later)
    restart = Pair.restart

    def forgetful(self: Pair) -> None:
        waiting.clear()
        restart(self)

    patch.setattr(Pair, "restart", forgetful)
    believe_every_slice(patch)


def let_the_last_answer_win(patch: pytest.MonkeyPatch) -> None:
    """Apply whatever comes, in the order in which it comes."""

    def decide(known: MirrorRow | None, *_: Any, **__: Any) -> Any:
        return "created" if known is None else "changed"

    patch.setattr(applying, "decide", decide)


def bring_back_by_any_answer(patch: pytest.MonkeyPatch) -> None:
    """Let any answer bring back one who is gone."""
    decide = applying.decide

    def lenient(known: MirrorRow | None, *args: Any, **more: Any) -> Any:
        gone = known is not None and known.state == "gone"
        return "resurrected" if gone else decide(known, *args, **more)

    patch.setattr(applying, "decide", lenient)


def forget_the_budget(patch: pytest.MonkeyPatch) -> None:
    """Let every process begin with a window of its own."""
    admit = budget.Budget.admit

    async def own(self: Any, egress: str, store_id: int, lane: Lane) -> Any:
        return await admit(self, f"{egress} {id(self)}", store_id, lane)

    patch.setattr(budget.Budget, "admit", own)


PLANTED: dict[str, tuple[Plant, Scenario]] = {
    "a row is skipped where another was deleted": (first_page_first, deletion_while_reading),
    "a tombstone needs no proof": (bury_at_the_first_404, storm_of_404),
    "a place is kept before its rows": (keep_the_place_before_the_rows, crash_behind_a_page),
    "the last answer wins": (let_the_last_answer_win, answer_that_comes_late),
    "anybody comes back": (bring_back_by_any_answer, old_page_of_one_who_is_gone),
    "a restart forgets the budget": (forget_the_budget, restart_in_a_hurry),
}


def play(scenario: Scenario) -> None:
    async def whole() -> None:
        async with asyncio.timeout(120), paired(250) as pair:
            await scenario(pair)

    asyncio.run(whole())


@pytest.mark.parametrize("bug", PLANTED)
def test_a_bug_that_is_planted_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, scenario = PLANTED[bug]
    play(scenario)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        play(scenario)
