"""Groups on pages: by the rules and messages of the API."""

import re
from html import unescape

import pytest
from fixtures.registers import customer
from fixtures.tables import rows
from fixtures.world import Answer, World

from console.desks import Seat
from sijill.console import groups as pages
from sijill.customers.model import Edit
from sijill.groups.model import Condition, Group

pytestmark = pytest.mark.proves(
    "groups are created, changed and deleted on pages by the rules of the API"
)


def text(answer: Answer) -> str:
    return unescape(answer.body.decode())


def made(world: World, person: Seat, **fields: str) -> Group:
    answer = person.post("/groups/new", **fields)
    assert answer.status == 303, text(answer)
    group_id = int(answer.headers["location"].rpartition("/")[2])
    return world.run(world.register.groups.find(world.store.id, group_id))


RICH = {
    "group_name": "كبار العملاء",
    "conditions[0][type]": "total_sales",
    "conditions[0][symbol]": ">",
    "conditions[0][value]": "1000",
    "conditions[1][type]": "",
    "conditions[1][symbol]": ">",
    "conditions[2][type]": "total_orders",
    "conditions[2][symbol]": "between",
    "conditions[2][min_value]": "٢",
    "conditions[2][max_value]": "9",
    "payment_method": "mada\r\n\r\ncod\r\n",
}


def test_a_group_is_created_with_conditions_and_features(world: World, support: Seat) -> None:
    group = made(world, support, **RICH)
    assert group.name == "كبار العملاء"
    assert group.conditions == (
        Condition("total_sales", ">", 1000),
        Condition("total_orders", "between", min_value=2, max_value=9),
    )
    assert group.features.payment_method == ("mada", "cod")
    page = text(support.get(f"/groups/{group.id}"))
    assert 'value="1000"' in page
    assert 'value="9"' in page
    entry = [e for e in world.audited() if e.action == "group.create"][-1]
    assert (entry.kind, entry.actor) == ("person", support.person.id)


@rows(
    ("changes", "faulty"),
    [
        ({"group_name": "x" * 256}, "group-name"),
        ({"conditions[0][value]": "x"}, "c0-value"),
        ({"conditions[0][symbol]": "!"}, "c0-symbol"),
        ({"conditions[2][max_value]": "1"}, "c1-max"),
    ],
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_faults_stand_beside_their_fields(
    support: Seat, changes: dict[str, str], faulty: str, language: str
) -> None:
    answer = support.post(f"/groups/new?lang={language}", **RICH | changes)
    assert answer.status == 422
    assert re.findall(r'id="([\w-]+)-fault"', answer.body.decode()) == [faulty]
    assert 'value="1000"' in text(answer) or "conditions[0][value]" in changes


def test_a_group_is_changed_and_deleted_and_its_customers_stay(world: World, support: Seat) -> None:
    group = made(world, support, **RICH)
    assert support.post(f"/groups/{group.id}", group_name="آخر").status == 303
    new = world.run(world.register.groups.find(world.store.id, group.id))
    assert (new.name, new.conditions) == ("آخر", ())
    assert support.post(f"/groups/{group.id}/delete").status == 303
    assert support.get(f"/groups/{group.id}").status == 404


def test_the_default_group_changes_its_features_alone(world: World, support: Seat) -> None:
    default = world.run(world.register.groups.find(world.store.id))
    answer = support.post(f"/groups/{default.id}", group_name="x", shipping_method="aramex")
    assert answer.status == 303
    new = world.run(world.register.groups.find(world.store.id))
    assert (new.name, new.features.shipping) == (default.name, ("aramex",))
    refused = support.post(f"/groups/{default.id}/delete?lang=en")
    assert refused.status == 422
    assert "The default group cannot be deleted" in text(refused)


@pytest.mark.parametrize(
    ("most", "listed", "shown"),
    [
        (10_000, ">3<", "Customers: 3"),
        (3, ">3<", "Customers: 3"),
        (2, "Over 2", "Over 2 customers"),
    ],
)
def test_members_are_counted_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch,
    world: World,
    viewer: Seat,
    most: int,
    listed: str,
    shown: str,
) -> None:
    monkeypatch.setattr(pages, "COUNTED", most)
    group = world.run(world.register.groups.create(world.store.id, Group(0, "Falcons"))).group
    for number in (1, 2, 3):
        edit = Edit(None, lambda _, n=number: customer(n), groups=(group.id,))
        world.run(world.register.customers.change(world.store.id, [edit]))
    page = text(viewer.get("/groups", accept_language="en"))
    assert listed in page.partition("Falcons")[2].partition("</tr>")[0]
    assert shown in text(viewer.get(f"/groups/{group.id}", accept_language="en"))


def test_a_viewer_sees_groups_and_changes_none(world: World, viewer: Seat) -> None:
    default = world.run(world.register.groups.find(world.store.id))
    assert viewer.get("/groups").status == 200
    assert b"disabled" in viewer.get(f"/groups/{default.id}").body
    assert viewer.post(f"/groups/{default.id}", shipping_method="x").status == 403
