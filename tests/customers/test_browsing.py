"""Lists of customers for people, on every database: pages, counts and walks of each selection."""

from datetime import date, timedelta

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, customer
from msgspec.structs import replace

from sijill.customers.bans import banned, unbanned
from sijill.customers.browsing import Browser, cursors_of
from sijill.customers.model import Customer, Edit, Extras
from sijill.customers.selection import Exactly, Over, Selection, order_of
from sijill.groups.model import Condition, Group
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "a list in the console reads the same customers forwards and backwards, in every selection"
)

DAY = timedelta(days=1)
VIP = 77
BUYERS = Group(VIP, "VIP", conditions=(Condition("total_orders", ">", 5),))


async def fill(register: Register, count: int = 23) -> None:
    """Create customers: two at each moment, every third banned, every other one in the group."""
    await register.groups.create(STORE.id, replace(BUYERS, conditions=()))
    default = (await register.groups.find(STORE.id)).id
    for number in range(1, count + 1):
        made = customer(number, id=1000 - 7 * number, created_at=NOW - number // 2 * DAY)
        if number % 3 == 0:
            made = banned(made, "fraud", NOW)
        groups = [default, VIP] if number % 2 else [default]
        await register.customers.change(STORE.id, [Edit(None, lambda _, m=made: m, groups)])


async def all_of(register: Register, selection: Selection) -> list[Customer]:
    """Return what a selection holds, by its definition."""
    found = [one async for one in register.customers.each(STORE.id)]
    if selection.group_id:
        found = [one for one in found if selection.group_id in one.groups]
    if selection.banned:
        found = [one for one in found if one.extras and one.extras.is_blocked]
    days = [(one, one.created_at.date()) for one in found]
    found = [
        one
        for one, day in days
        if (selection.first_day or date.min) <= day <= (selection.last_day or date.max)
    ]
    if order_of(selection) == "newest":
        found.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    return found


SELECTIONS = {
    "all": Selection(),
    "by id": Selection(order="id"),
    "banned": Selection(banned=True),
    "group": Selection(VIP),
    "group, banned": Selection(VIP, banned=True),
    "days": Selection(first_day=(NOW - 8 * DAY).date(), last_day=(NOW - 3 * DAY).date()),
    "all filters": Selection(VIP, banned=True, first_day=(NOW - 8 * DAY).date()),
    "unknown group": Selection(1),
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_pages_forwards_and_backwards_are_the_whole_list(run: Run, name: str) -> None:
    async def scenario(register: Register) -> None:
        await fill(register)
        store = replace(STORE, timezone="UTC")
        browser, selection = Browser(register.driver), SELECTIONS[name]
        wanted = await all_of(register, selection)
        assert bool(wanted) == (name != "unknown group")
        seen, pages, cursor = [], [], None
        while True:
            page = await browser.page(store, selection, cursor, 4)
            pages.append(page.rows)
            seen += page.rows
            before, behind = cursors_of(page, order_of(selection))
            assert (before is not None) == (len(pages) > 1)
            if behind is None:
                break
            cursor = behind
        assert seen == wanted
        for earlier in reversed(pages[:-1]):
            page = await browser.page(store, selection, before, 4)
            assert page.rows == earlier
            before, behind = cursors_of(page, order_of(selection))
            assert behind is not None
        assert before is None
        assert [one async for one in browser.each(store, selection)] == wanted
        assert await browser.count(store, selection) == Exactly(len(wanted))
        if len(wanted) > 2:
            assert await browser.count(store, selection, 2) == Over(2)

    run(scenario)


def test_a_member_by_hand_and_by_condition_is_listed_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.groups.create(STORE.id, BUYERS)
        made = customer(1, extras=Extras(orders_count=9))
        await register.customers.change(STORE.id, [Edit(None, lambda _: made, [VIP])])
        browser = Browser(register.driver)
        assert len((await browser.page(STORE, Selection(VIP))).rows) == 1
        assert await browser.count(STORE, Selection(VIP)) == Exactly(1)

    run(scenario)


def test_a_list_follows_bans_and_changed_moments(run: Run) -> None:
    """A membership holds what its order needs of the customer; a trigger keeps it true."""

    async def scenario(register: Register) -> None:
        await fill(register, 6)
        browser, members = Browser(register.driver), Selection(VIP)
        (newest, *_, oldest) = (await browser.page(STORE, members)).rows

        async def change(one: Customer) -> None:
            await register.customers.change(STORE.id, [Edit(one.id, lambda _: one)])

        await change(banned(oldest, "fraud", NOW))
        assert oldest.id in {one.id for one in await all_of(register, Selection(VIP, banned=True))}
        for selection in (Selection(VIP, banned=True), Selection(banned=True)):
            assert (await browser.page(STORE, selection)).rows == await all_of(register, selection)
        await change(unbanned(banned(oldest, "fraud", NOW), NOW))
        for selection in (Selection(VIP, banned=True), Selection(banned=True)):
            assert (await browser.page(STORE, selection)).rows == await all_of(register, selection)
        await change(replace(newest, created_at=oldest.created_at - DAY))
        page = await browser.page(STORE, members)
        assert page.rows[-1].id == newest.id
        assert page.rows == await all_of(register, members)

    run(scenario)
