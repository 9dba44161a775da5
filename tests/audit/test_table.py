"""The log in a database: entries of changes, sealing, searching, verifying, forgetting."""

import asyncio
import io
from collections.abc import Sequence
from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import APP
from fixtures.registers import NOW, STORE, customer, opened
from msgspec.structs import replace

from sijill.audit.actions import VIEW
from sijill.audit.causes import Cause, operator
from sijill.audit.chain import HOUR, Head, Line
from sijill.audit.copies import BadCopy, Copy, anchors_of, copied, verify, verify_copy
from sijill.audit.job import Auditor
from sijill.audit.model import Entry, caused, encode
from sijill.audit.search import EntryFilter
from sijill.audit.table import BrokenChain, new_head
from sijill.audit.views import Viewer, ViewLog
from sijill.customers.model import Customer, Edit
from sijill.database.columns import micros
from sijill.errors import Taken
from sijill.groups.model import DEFAULT_GROUP, Group
from sijill.ledgers.model import Movement, PointsChange
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "a change of personal data is written with its entry in the audit log, or not at all"
)

AT = micros(NOW)
BY = Cause("app", 7, 9, "api", "/customers", "f" * 16)


def entry(at: int, *ids: int, action: str = VIEW, store: int = STORE.id) -> Entry:
    return caused(BY, at, action, store, ids)


def lines(*entries: Entry) -> list[Line]:
    return [Line(one.at, encode(one)) for one in entries]


async def create(register: Register, number: int) -> int:
    """Create a customer as a request without groups does."""
    edit = Edit(None, lambda _: customer(number), DEFAULT_GROUP)
    (outcome,) = await register.customers.change(STORE.id, [edit])
    return outcome.customer.id


async def found(register: Register, wanted: EntryFilter | None = None) -> list[Entry]:
    """Seal what waits, and return the entries that a filter selects."""
    await register.audit.seal_waiting()
    return [one async for one in register.audit.entries(wanted or EntryFilter())]


def told(entries: Sequence[Entry]) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
    return [(one.action, one.ids, one.fields) for one in entries]


def test_each_change_of_a_customer_has_an_entry_of_ids_and_fields_by_its_cause(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        register.act_as(BY)
        id_ = await create(register, 1)

        def decide(old: Customer | None) -> Customer:
            assert old is not None
            return replace(old, city="الرياض", email="other@example.com")

        await register.customers.change(STORE.id, [Edit(id_, decide)])
        await register.customers.change(STORE.id, [Edit(id_, decide)])  # changes nothing
        await register.groups.create(STORE.id, Group(40, name="A"))
        await register.groups.add_customers(STORE.id, 40, [id_])
        await register.groups.add_customers(STORE.id, 40, [id_])  # a member already
        await register.wallets.move(STORE, Movement(id_, 500, APP.id, NOW))
        await register.loyalty.change(STORE.id, PointsChange(5, False, "why", APP.id, NOW), [id_])
        await register.loyalty.change(STORE.id, PointsChange(5, False, "why", APP.id, NOW), None)
        await register.groups.delete(STORE.id, 40)
        await register.customers.delete(STORE.id, id_, NOW)
        entries = await found(register, EntryFilter(kind=BY.kind))
        given = ("city", "country_code", "email", "first_name", "gender", "groups", "lang")
        given = (*given, "last_name", "mobile", "mobile_code")
        assert [(one.action, one.ids, tuple(sorted(one.fields))) for one in entries] == [
            ("customer.create", (id_,), given),
            ("customer.update", (id_,), ("city", "email")),
            ("group.create", (40,), ("name",)),
            ("customer.update", (id_,), ("groups",)),
            ("customer.update", (id_,), ("wallet_balance",)),
            ("customer.update", (id_,), ("total_points",)),
            ("customer.update", (), ("total_points",)),
            ("group.delete", (40,), ()),
            ("customer.delete", (id_,), ()),
        ]
        assert [one.whole for one in entries] == [False] * 6 + [True] + [False] * 2
        assert {(one.kind, one.actor, one.token, one.through, one.by) for one in entries} == {
            ("app", 7, 9, "api", "/customers")
        }
        assert {(one.store, one.at, one.requests) for one in entries} == {
            (STORE.id, AT, ("f" * 16,))
        }

    run(scenario, audit="changes")


def test_a_change_that_is_refused_or_undone_has_no_entry(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await create(register, 1)
        edit = Edit(None, lambda _: replace(customer(2), email=customer(1).email), DEFAULT_GROUP)
        (outcome,) = await register.customers.change(STORE.id, [edit])
        assert isinstance(outcome.refused, Taken)

        def fails(old: Customer | None) -> Customer:
            raise LookupError

        edits = [Edit(None, lambda _: customer(3)), Edit(4, fails)]
        with pytest.raises(LookupError):
            await register.customers.change(STORE.id, edits)
        assert [one.action for one in await found(register)] == ["customer.create"]

    run(scenario, audit="changes")


def test_changes_of_one_transaction_and_the_same_fields_share_an_entry(run: Run) -> None:
    async def scenario(register: Register) -> None:
        edits = [Edit(id_, lambda _, n=id_: customer(n, id=n)) for id_ in (11, 12, 13)]
        await register.customers.change(STORE.id, edits)
        (only,) = await found(register)
        assert (only.action, only.ids, only.kind) == ("customer.create", (11, 12, 13), "server")

    run(scenario, audit="changes")


def test_nothing_is_recorded_where_the_log_is_off_and_no_view_where_it_has_changes(
    run: Run,
) -> None:
    async def off(register: Register) -> None:
        await create(register, 1)
        await register.note(VIEW, STORE.id, [1])
        assert not await register.audit.has_waiting()

    async def changes(register: Register) -> None:
        await register.note(VIEW, STORE.id, [1])
        assert not await register.audit.has_waiting()

    async def everything(register: Register) -> None:
        await register.note(VIEW, STORE.id, [1])
        assert told(await found(register)) == [(VIEW, (1,), ())]

    run(off, audit="off")
    run(changes, audit="changes")
    run(everything, audit="all")


def test_a_filter_finds_entries_and_nothing_else(run: Run) -> None:
    one, two = entry(AT, 101, 202), entry(AT + 1, 202)
    whole = caused(operator("export"), AT + 2, "customer.export", STORE.id, whole=True)
    other = caused(Cause("app", 8, 10), AT + 3, VIEW, 2, [101])
    group = caused(BY, AT + 3 * HOUR, "group.delete", STORE.id, [101])
    everything = [one, two, whole, other, group]
    wanted = {
        EntryFilter(): everything,
        EntryFilter(customer=101): [one, whole, other],
        EntryFilter(customer=202): [one, two, whole],
        EntryFilter(customer=2): [whole],
        EntryFilter(customer=101, store=STORE.id): [one, whole],
        EntryFilter(store=2): [other],
        EntryFilter(token=9): [one, two, group],
        EntryFilter(kind="app", actor=8): [other],
        EntryFilter(kind="operator"): [whole],
        EntryFilter(action="group.delete"): [group],
        EntryFilter(since=AT + 1, until=AT + 3): [two, whole],
        EntryFilter(since=AT + 3): [other, group],
        EntryFilter(until=AT): [],
        EntryFilter(since=AT + 3 * HOUR): [group],
    }

    async def scenario(register: Register) -> None:
        head, _ = await register.audit.seal(new_head(), lines(one, two, whole))
        head, _ = await register.audit.seal(head, lines(other, group))
        assert head.number == 3  # the last is of another hour
        for filters, expected in wanted.items():
            log = register.audit
            assert [each async for each in log.entries(filters)] == expected, filters
            back = [each async for each in log.entries(filters, newest_first=True)]
            assert back == expected[::-1], filters

    run(scenario)


def test_many_blocks_are_read_to_the_last(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sijill.audit.table.PAGE", 2)

    async def scenario(register: Register) -> None:
        for chain in (Head("b"), Head("a")):
            for number in range(3):  # of one moment, so that pages end among equals
                chain, _ = await register.audit.seal(chain, lines(entry(AT, number)))
        assert len(await found(register)) == 6
        back = [each async for each in register.audit.entries(EntryFilter(), newest_first=True)]
        assert len(back) == 6
        verification = await verify(register.audit)
        assert (verification.findings, verification.blocks) == ([], 6)

    run(scenario)


def test_processes_that_seal_at_once_seal_every_entry_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        ids = [await create(register, number) for number in range(20)]
        await asyncio.gather(*(register.audit.seal_waiting() for _ in range(4)))
        entries = await found(register)
        assert sorted(id_ for one in entries for id_ in one.ids) == sorted(ids)
        assert (await verify(register.audit)).findings == []

    run(scenario, audit="changes")


def test_a_chain_whose_head_is_not_ours_any_more_ends_and_another_begins(run: Run) -> None:
    async def scenario(register: Register) -> None:
        log = register.audit
        first, _ = await log.seal(new_head(), lines(entry(AT, 1)))
        await log.seal(first, lines(entry(AT, 2)))
        with pytest.raises(BrokenChain):
            await log.seal(first._replace(hash=bytes(32)), lines(entry(AT, 3)))
        views = ViewLog(NOW.timestamp)
        auditor = Auditor(log, views, lambda: 0.0)
        views.add(Viewer("app", 7, 9, "api", "/x", STORE.id, VIEW), [4], "r")
        await auditor.turn()
        mine = auditor.head
        await log.seal(mine, lines(entry(AT, 5)))  # as if an answer had been lost
        views.add(Viewer("app", 7, 9, "api", "/x", STORE.id, VIEW), [6], "r")
        assert await auditor.turn()
        await auditor.turn()
        assert auditor.head.chain != mine.chain
        assert sorted(id_ for one in await found(register) for id_ in one.ids) == [1, 2, 4, 5, 6]
        assert (await verify(log)).findings == []

    run(scenario)


def test_what_was_changed_in_the_database_is_found(run: Run) -> None:
    async def scenario(register: Register) -> None:
        head, _ = await register.audit.seal(new_head(), lines(entry(AT, 1)))
        await register.audit.seal(head, lines(entry(AT, 2)))
        kept = anchors_of(await register.audit.heads())
        assert (await verify(register.audit, kept)).findings == []
        await register.driver.run("move_audit_base", head.chain, 1, head.hash)
        (finding,) = (await verify(register.audit, kept)).findings
        assert (finding.chain, finding.number, finding.what) == (head.chain, 2, "missing")
        await register.driver.run("delete_audit_blocks", head.chain, 2)
        (finding,) = (await verify(register.audit, kept)).findings
        assert (finding.number, finding.what) == (2, "cut")

    run(scenario)


def test_old_blocks_are_forgotten_and_the_rest_still_verifies(run: Run) -> None:
    async def scenario(register: Register) -> None:
        log, head = register.audit, new_head()
        for day in range(4):
            head, _ = await log.seal(head, lines(entry(AT + 24 * HOUR * day, day)))
        await log.prune(AT + 24 * HOUR * 2)
        assert (await verify(log)).findings == []
        entries = await found(register)
        assert [one.ids for one in entries if one.action == VIEW] == [(2,), (3,)]
        assert [one.count for one in entries if one.action == "audit.expire"] == [2]
        await log.prune(AT + timedelta(days=99) // timedelta(microseconds=1))
        assert (await verify(log)).findings == []
        head, _ = await log.seal(head, lines(entry(AT, 5)))
        assert (await verify(log)).findings == []

    run(scenario, audit="changes")


def test_a_copy_verifies_and_holds_the_log_to_what_it_was() -> None:
    async def scenario() -> None:
        async with opened(audit="changes") as register:
            log = register.audit
            head, _ = await log.seal(new_head(), lines(entry(AT, 1)))
            written = [line async for line in copied(log)]
            assert [line async for line in copied(log, heads_alone=True)] == written[:1]
            copy = Copy(io.BytesIO(b"".join(written)))
            assert verify_copy(copy, copy.anchors).blocks == 1
            await log.seal(head, lines(entry(AT, 2)))
            assert (await verify(log, copy.anchors)).findings == []
            changed = b"".join(written).replace(b"[1]", b"[2]")
            assert [f.what for f in verify_copy(Copy(io.BytesIO(changed))).findings] == ["changed"]
            for broken in (b"{}\n", b"\xff\n", written[1] + written[0], b'{"line":"head"}'):
                with pytest.raises(BadCopy):
                    verify_copy(Copy(io.BytesIO(broken)))

    asyncio.run(scenario())


def test_the_log_tells_how_far_it_is_sealed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        assert await register.audit.sealing() == (None, None)
        await register.apps.create(APP)
        (since,) = {(await register.audit.sealing()).waiting_since}
        assert since is not None
        await register.audit.seal_waiting()
        assert await register.audit.sealing() == (since, None)
        early = entry(AT - HOUR, 1)
        await register.audit.seal(new_head(), lines(early))
        assert (await register.audit.sealing()).sealed_at == since

    run(scenario, audit="all")
