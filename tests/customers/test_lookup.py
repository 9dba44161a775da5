"""The search of people while they type, on every database."""

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, customer
from fixtures.tables import rows
from msgspec.structs import replace

from sijill.customers import lookup
from sijill.customers.bans import banned
from sijill.customers.lookup import MOST, Lookup, terms_sought
from sijill.customers.model import Edit
from sijill.customers.selection import Selection
from sijill.database.sql import statements
from sijill.database.sqlite.memory import MemorySQLite
from sijill.groups.model import Group
from sijill.register import SQL_LISTS, Register

pytestmark = pytest.mark.proves(
    "a search in the console begins with 2 letters or 3 digits, shows 51 customers at most, says "
    "when its deadline ended it, and finds whole values alone where values are masked"
)

VIP = 77


def at_no_time() -> float:
    """Return the same second always: the deadline never comes."""
    return 0.0


@rows(
    ("keyword", "searched"),
    [
        ("", False),
        ("م", False),
        ("  م  ", False),
        ("مح", True),
        ("05", False),
        ("٠٥", False),
        ("٠٥٠", True),
        ("050", True),
        ("a b", False),
        ("ab", True),
        ("@", False),
    ],
)
def test_a_keyword_is_long_enough_from_two_letters_or_three_digits(
    keyword: str, searched: bool
) -> None:
    assert bool(terms_sought(keyword)) == searched


async def fill(register: Register) -> None:
    await register.groups.create(STORE.id, Group(VIP, "VIP"))
    default = (await register.groups.find(STORE.id)).id
    edits = []
    for number in range(1, 61):
        made = customer(number, id=number + 100, first_name="محمد", last_name=f"Al{number}")
        made = banned(made, "fraud", NOW) if number == 7 else made
        groups = [default, VIP] if number in (7, 8) else [default]
        edits.append(Edit(None, lambda _, m=made: m, groups))
    other = customer(99, id=1, first_name="نورة", last_name="سعد")
    edits.append(Edit(None, lambda _: other, [default]))
    await register.customers.change(STORE.id, edits)


@pytest.mark.parametrize("looked_through", [0, 10, 2_000])
def test_the_newest_that_match_are_found_wherever_they_stand(
    run: Run, monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    monkeypatch.setattr(lookup, "LOOKED_THROUGH", looked_through)

    async def scenario(register: Register) -> None:
        await fill(register)
        search = Lookup(register.driver, at_no_time)

        async def ids(keyword: str, selection: Selection = Selection()) -> list[int]:  # noqa: B008
            found = await search.search(STORE, selection, keyword, 30.0)
            assert found.complete
            return [one.id for one in found.customers]

        assert await ids("مح") == [*range(160, 160 - MOST, -1)]
        assert await ids("محمد al5") == [159, 158, 157, 156, 155, 154, 153, 152, 151, 150, 105]
        assert await ids("نوره") == [1]
        assert await ids("نورة محمد") == []
        assert await ids("101") == [101]
        assert await ids("١٠١") == [101]
        assert await ids("0500000099") == [1]
        assert await ids("مح", Selection(banned=True)) == [107]
        assert await ids("مح", Selection(VIP)) == [108, 107]
        assert await ids("مح", Selection(VIP, banned=True)) == [107]
        assert await ids("مح", Selection(1)) == []
        assert await ids("مح", Selection(last_day=NOW.date().replace(year=2000))) == []
        assert await ids("م") == []

    run(scenario)


def test_a_store_finds_its_own_customers_alone(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register)
        other = replace(STORE, id=2, name="other")
        await register.stores.create(other)
        search = Lookup(register.driver, at_no_time)
        assert (await search.search(other, Selection(), "محمد", 30.0)).customers == []
        assert (await search.search(other, Selection(), "101", 30.0)).customers == []

    run(scenario)


def test_what_the_deadline_ends_is_said_to_be_a_part(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register)
        ticks = iter([0.0, 0.0, 9.0])
        search = Lookup(register.driver, lambda: next(ticks, 9.0))
        found = await search.search(STORE, Selection(), "سعد", 5.0)
        assert not found.complete
        late = Lookup(register.driver, iter([0.0, *[9.0] * 9]).__next__)
        assert await late.search(STORE, Selection(), "محمد", 5.0) == ([], False)

    run(scenario)


def test_where_values_are_masked_whole_values_alone_are_found(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register)
        search = Lookup(register.driver, at_no_time)

        async def ids(keyword: str) -> list[int]:
            found = await search.exactly(STORE, Selection(), keyword)
            assert found.complete
            return [one.id for one in found.customers]

        for part in ("نور", "c9", "c99@test.tes", "050000009", "سع"):
            assert await ids(part) == []
        for whole in ("نورة", "نورة سعد", "C99@test.test", "0500000099", "+966500000099", "1"):
            assert await ids(whole) == [1]

    run(scenario)


SLOW = "slow_for_the_test"
_SLOW = {
    "sqlite": """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
SELECT count(*) FROM n""",
    "postgres": "SELECT pg_sleep(60)",
}


def test_a_read_with_a_deadline_ends_and_the_next_one_works(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(register: Register) -> None:
        driver = register.driver
        if isinstance(driver, MemorySQLite):
            return  # the database of a test ends no read
        named = statements(driver.dialect, SQL_LISTS)
        monkeypatch.setitem(named, SLOW, _SLOW[driver.dialect])
        for _ in range(3):
            assert await driver.soon(0.01, SLOW) is None
            found = await driver.soon(30.0, "stores")
            assert found is not None
            assert len(found) == 1
            assert len(await driver.all("stores")) == 1

    run(scenario)
