"""Changes of all customers of a selection: counted, confirmed by their number, made in parts."""

from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, customer

from sijill.app import bulk_worker
from sijill.audit.search import EntryFilter
from sijill.bulk import job
from sijill.bulk.model import CONFIRMED_WITHIN, Action, BulkChange, NotWaiting
from sijill.customers.bans import banned
from sijill.customers.model import Edit
from sijill.customers.selection import Place, Selection
from sijill.database.columns import micros
from sijill.errors import Invalid
from sijill.groups.model import Group
from sijill.privacy.holds import Hold
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "a change of all matches begins with its confirmed number, deals with no more customers, "
    "survives a restart, and follows the rules of the API"
)

VIP, PERSON = 77, 9
COUNT = 130


def change(action: Action, selection: Selection = Selection(), **more: object) -> BulkChange:  # noqa: B008
    return BulkChange(
        **{
            "store_id": STORE.id,
            "id": 5,
            "person_id": PERSON,
            "action": action,
            "selection": selection,
            "reason": "fraud" if action == "ban" else "",
            "group_id": VIP if action == "add_to_group" else None,
            "state": "counting",
            "total": None,
            "done": 0,
            "changed": 0,
            "refused": 0,
            "place": Place(micros(NOW) + 1, 0),
            "created_at": NOW,
        }
        | more
    )


async def fill(register: Register, count: int = COUNT) -> None:
    await register.groups.create(STORE.id, Group(VIP, "VIP"))
    edits = [
        Edit(None, lambda _, n=n: customer(n, id=n, created_at=NOW - timedelta(hours=n)))
        for n in range(1, count + 1)
    ]
    await register.customers.change(STORE.id, edits)


def at_now() -> float:
    return NOW.timestamp()


async def finish(register: Register) -> BulkChange:
    while await bulk_worker(register, at_now).turn():
        pass
    return await register.bulk.find(STORE.id, 5)


async def confirmed(register: Register, wanted: BulkChange) -> BulkChange:
    """Let a change be counted, and confirm its number."""
    await register.bulk.add(wanted)
    counted = await finish(register)
    assert counted.state == "waiting"
    await register.bulk.confirm(STORE.id, 5, counted.total, NOW)
    return counted


async def numbers(register: Register, selection: Selection) -> set[int]:
    browser = bulk_worker(register, at_now)._browser
    return {one.id async for one in browser.each(STORE, selection)}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PAUSE", 0)


def test_all_matches_are_banned_and_others_are_not(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register)
        late = Selection(last_day=(NOW - timedelta(days=2)).date())
        wanted = await numbers(register, late)
        counted = await confirmed(register, change("ban", late))
        assert counted.total == len(wanted)
        done = await finish(register)
        assert (done.state, done.done, done.changed) == ("done", len(wanted), len(wanted))
        assert await numbers(register, Selection(banned=True)) == wanted
        one = await register.customers.find(STORE.id, max(wanted), extras=True)
        assert one.extras is not None
        assert one.extras.block_reason == "fraud"

    run(scenario)


def test_all_banned_are_let_in_again(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register, 60)
        edits = [Edit(n, lambda old: banned(old, "x", NOW)) for n in range(1, 52)]  # type: ignore[arg-type]
        await register.customers.change(STORE.id, edits)
        await confirmed(register, change("unban", Selection(banned=True)))
        done = await finish(register)
        assert (done.total, done.changed, done.refused) == (51, 51, 0)
        assert await numbers(register, Selection(banned=True)) == set()

    run(scenario)


def test_members_join_once_and_those_in_the_group_are_not_counted_as_changed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register)
        await register.groups.add_customers(STORE.id, VIP, [1, 2, 3])
        await confirmed(register, change("add_to_group"))
        done = await finish(register)
        assert (done.done, done.changed) == (COUNT, COUNT - 3)
        assert len(await numbers(register, Selection(VIP))) == COUNT

    run(scenario)


def test_a_held_customer_is_refused_and_the_others_are_deleted(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register)
        hold = Hold(STORE.id, 7, "dispute", NOW - timedelta(days=1), NOW + timedelta(days=1))
        await register.holds.set(hold)
        await confirmed(register, change("delete"))
        done = await finish(register)
        assert (done.state, done.done, done.changed, done.refused) == ("done", COUNT, COUNT - 1, 1)
        assert await numbers(register, Selection()) == {7}

    run(scenario)


def test_a_part_that_is_broken_off_is_made_again_and_a_new_process_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "SLICE", 1)

    async def scenario(register: Register) -> None:
        await fill(register)
        await confirmed(register, change("ban"))
        assert await bulk_worker(register, at_now).turn()
        part = await register.bulk.find(STORE.id, 5)
        assert (part.state, part.done) == ("running", 50)
        assert len(await numbers(register, Selection(banned=True))) == 50
        # A process that died holds its claim for a while; then another goes on where it was.
        assert await register.bulk.next("dead", NOW, NOW + job.HELD)
        assert not await bulk_worker(register, at_now).turn()
        later = NOW + job.HELD + timedelta(seconds=1)
        while await bulk_worker(register, later.timestamp).turn():
            pass
        done = await register.bulk.find(STORE.id, 5)
        assert (done.state, done.done, done.changed) == ("done", COUNT, COUNT)

    run(scenario)


def test_no_more_customers_are_dealt_with_than_were_confirmed(run: Run) -> None:
    """Customers who match since, whatever their moment, are left alone beyond the number."""

    async def scenario(register: Register) -> None:
        await fill(register, 60)
        await confirmed(register, change("ban"))
        for n in range(1_001, 1_011):
            made = customer(n, id=n, created_at=NOW - timedelta(minutes=n))
            await register.customers.change(STORE.id, [Edit(None, lambda _, m=made: m)])
        made = customer(2_000, id=2_000, created_at=NOW + timedelta(hours=1))
        await register.customers.change(STORE.id, [Edit(None, lambda _: made)])
        done = await finish(register)
        assert (done.done, done.changed) == (60, 60)
        left = await numbers(register, Selection()) - await numbers(
            register, Selection(banned=True)
        )
        assert len(left) == 11
        assert 2_000 in left

    run(scenario)


def test_only_the_number_confirms_within_an_hour_and_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register, 3)
        await register.bulk.add(change("delete"))
        with pytest.raises(NotWaiting):
            await register.bulk.confirm(STORE.id, 5, 3, NOW)
        await finish(register)
        for number in (None, 2, 4):
            with pytest.raises(Invalid):
                await register.bulk.confirm(STORE.id, 5, number, NOW)
        late = NOW + CONFIRMED_WITHIN + timedelta(seconds=1)
        with pytest.raises(NotWaiting):
            await register.bulk.confirm(STORE.id, 5, 3, late)
        assert len(await numbers(register, Selection())) == 3
        await register.bulk.confirm(STORE.id, 5, 3, NOW)
        with pytest.raises(NotWaiting):
            await register.bulk.confirm(STORE.id, 5, 3, NOW)

    run(scenario)


def test_a_stopped_change_goes_no_further(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "SLICE", 1)

    async def scenario(register: Register) -> None:
        await fill(register)
        await confirmed(register, change("ban"))
        await bulk_worker(register, at_now).turn()
        await register.bulk.stop(STORE.id, 5, NOW)
        done = await finish(register)
        assert (done.state, done.done) == ("stopped", 50)
        await register.bulk.stop(STORE.id, 5, NOW)
        assert [one.state for one in await register.bulk.newest(STORE.id, 9)] == ["stopped"]

    run(scenario)


def test_a_change_whose_group_is_gone_fails_and_says_so(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register, 3)
        await confirmed(register, change("add_to_group"))
        await register.groups.delete(STORE.id, VIP)
        done = await finish(register)
        assert (done.state, done.done) == ("failed", 0)

    run(scenario)


def test_the_audit_log_tells_who_changed_whom(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register, 60)
        await confirmed(register, change("delete"))
        await finish(register)
        await register.audit.seal_waiting()
        wanted = EntryFilter(store=STORE.id, action="customer.delete")
        entries = [one async for one in register.audit.entries(wanted)]
        assert {id_ for one in entries for id_ in one.ids} == set(range(1, 61))
        assert {(one.kind, one.actor, one.through, one.by) for one in entries} == {
            ("person", PERSON, "page", "bulk 5")
        }

    run(scenario, audit="all")
