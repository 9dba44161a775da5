"""Writes that share a commit of SQLite: each sees what those before it did, and nothing undone."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest
from fixtures.registers import STORE, customer, opened
from msgspec.structs import replace

from sijill.audit.search import EntryFilter
from sijill.customers.model import Edit, EditOutcome, Extras
from sijill.database.driver import Transaction
from sijill.database.sqlite.connection import Connection
from sijill.errors import Invalid
from sijill.groups.model import DEFAULT_GROUP, Condition, Group, GroupsByHand
from sijill.groups.row import arguments
from sijill.register import Register

BUYERS = (Condition("total_orders", ">", value=0),)
SPENDERS = (Condition("total_sales", ">", value=0),)

Story = Callable[[Register, Path], Awaitable[None]]


def tell(tmp_path: Path, story: Story) -> None:
    async def whole() -> None:
        path = tmp_path / "x.db"
        async with asyncio.timeout(30), opened(str(path), audit="changes") as register:
            await story(register, path)

    asyncio.run(whole())


async def nothing(transaction: Transaction) -> None:
    pass


async def together(register: Register, path: Path, *writes: Awaitable[Any]) -> list[Any]:
    """Return the results or errors of writes that share one commit, in their order."""
    with closing(apsw.Connection(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        first = asyncio.ensure_future(register.driver.write(nothing))
        await asyncio.sleep(0.02)  # the writer has begun to wait for its lock, with the first alone
        tasks = [asyncio.ensure_future(write) for write in writes]
        await asyncio.sleep(0)
        other.execute("ROLLBACK")
        await first
        return await asyncio.gather(*tasks, return_exceptions=True)


def creating(
    register: Register, number: int, groups: GroupsByHand = None, **changes: Any
) -> Awaitable[Sequence[EditOutcome]]:
    new = customer(number, id=number, **changes)
    return register.customers.change(STORE.id, [Edit(None, lambda _: new, groups)])


def groups_of(outcomes: Sequence[EditOutcome]) -> tuple[int, ...]:
    return outcomes[0].customer.groups


def test_a_group_that_goes_is_known_to_the_writes_before_it_alone(tmp_path: Path) -> None:
    async def story(register: Register, path: Path) -> None:
        await register.groups.create(STORE.id, Group(5, "gone"))
        before, _, after = await together(
            register,
            path,
            creating(register, 1, (5,)),
            register.groups.delete(STORE.id, 5),
            creating(register, 2, (5,)),
        )
        assert groups_of(before) == (5,)
        assert isinstance(after, Invalid)
        assert [one.groups async for one in register.customers.each(STORE.id)] == [()]

    tell(tmp_path, story)


def test_changed_conditions_are_those_of_the_writes_after_them(tmp_path: Path) -> None:
    async def story(register: Register, path: Path) -> None:
        await register.groups.create(STORE.id, Group(5, "some", conditions=BUYERS))
        numbers = Extras(orders_count=1)
        before, _, after = await together(
            register,
            path,
            creating(register, 1, extras=numbers),
            register.groups.change(STORE.id, 5, lambda old: replace(old, conditions=SPENDERS)),
            creating(register, 2, extras=numbers),
        )
        assert groups_of(before) == (5,)
        assert groups_of(after) == ()

    tell(tmp_path, story)


def test_a_group_of_a_write_that_fails_is_known_to_no_other(tmp_path: Path) -> None:
    async def failing(transaction: Transaction) -> None:
        undone = Group(6, "undone")
        await transaction.run("insert_group", *arguments(STORE.id, undone, None))
        assert await transaction.kept("groups_of_list", STORE.id, "[6]")
        raise LookupError

    async def story(register: Register, path: Path) -> None:
        failed, after = await together(
            register, path, register.driver.write(failing), creating(register, 1, (6,))
        )
        assert isinstance(failed, LookupError)
        assert isinstance(after, Invalid)

    tell(tmp_path, story)


def test_kept_rows_are_read_once_and_again_after_a_write_to_their_table(tmp_path: Path) -> None:
    kept: list[Any] = []

    async def reading(transaction: Transaction) -> None:
        kept.append(await transaction.kept("store", STORE.id))

    async def renaming(transaction: Transaction) -> None:
        await transaction.script("UPDATE stores SET name = 'Renamed'")

    async def story(register: Register, path: Path) -> None:
        write = register.driver.write
        await together(
            register,
            path,
            *(write(work) for work in (reading, reading, renaming, reading)),
            creating(register, 1, DEFAULT_GROUP),
            write(reading),
        )
        await write(reading)
        first, second, third, fourth, later = kept
        assert first is second
        assert second[0][1] == STORE.name
        assert third[0][1] == "Renamed"
        assert fourth is third  # a write to other tables
        assert later == third
        assert later is not third  # of another commit

    tell(tmp_path, story)


def test_new_customers_join_the_default_group(tmp_path: Path) -> None:
    async def story(register: Register, path: Path) -> None:
        default = (await register.groups.find(STORE.id)).id
        writes = (creating(register, number, DEFAULT_GROUP) for number in range(1, 6))
        for outcomes in await together(register, path, *writes):
            assert groups_of(outcomes) == (default,)
        found = [one.groups async for one in register.customers.each(STORE.id)]
        assert found == [(default,)] * 5

    tell(tmp_path, story)


def test_creates_that_share_a_commit_share_its_statements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: Counter[str] = Counter()
    rows, execute = Connection.rows, Connection.execute

    def counted_rows(self: Connection, name: str, *args: Any) -> Any:
        counted[name] += 1
        return rows(self, name, *args)

    def counted_execute(self: Connection, text: str) -> None:
        counted[text] += 1
        execute(self, text)

    async def story(register: Register, path: Path) -> None:
        writes = [creating(register, number, DEFAULT_GROUP) for number in range(1, 11)]
        monkeypatch.setattr(Connection, "rows", counted_rows)
        monkeypatch.setattr(Connection, "execute", counted_execute)
        await together(register, path, *writes)
        monkeypatch.undo()

    tell(tmp_path, story)
    each = ("insert_customer", "insert_membership")
    once = ("share_groups", "groups_with_conditions")
    at_end = ("index_new_customers", "insert_audit_entries")
    two_commits = ("BEGIN IMMEDIATE", "newest_migration", "COMMIT")
    assert counted == {
        **dict.fromkeys(each, 10),
        **dict.fromkeys((*once, *at_end), 1),
        **dict.fromkeys(two_commits, 2),
    }


@pytest.mark.parametrize("writes", [False, True], ids=["before", "after"])
def test_a_write_that_fails_has_no_entry_and_every_other_has_one(
    tmp_path: Path, writes: bool
) -> None:
    ran: list[None] = []

    async def failing(transaction: Transaction) -> None:
        ran.append(None)
        if writes:
            await transaction.gather("insert_audit_entries", 1, "undone")
            await transaction.run("make_group", STORE.id, 6, "undone")
        raise LookupError

    async def story(register: Register, path: Path) -> None:
        first, failed, last = await together(
            register,
            path,
            creating(register, 1),
            register.driver.write(failing),
            creating(register, 2),
        )
        assert isinstance(failed, LookupError)
        assert [one[0].customer.id for one in (first, last)] == [1, 2]
        assert len(ran) == (2 if writes else 1)  # the commit is made again without what it wrote
        await register.audit.seal_waiting()
        entries = [entry async for entry in register.audit.entries(EntryFilter())]
        made = [entry.ids for entry in entries if entry.action == "customer.create"]
        assert made == [(1,), (2,)]
        assert await register.driver.all("groups_of_list", STORE.id, "[6]") == []

    tell(tmp_path, story)
