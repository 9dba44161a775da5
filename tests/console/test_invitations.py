"""An owner invites a person to the store by a link, and withdraws the invitation."""

import html
import re

import pytest
from fixtures.browsing import Browser
from fixtures.world import World

from console.desks import PASSWORD, Seat
from sijill.oauth.people import Person

SARA = {
    "person_name": " سارة ",
    "person_email": "Sara@Example.com",
    "person_role": "support",
}


def text(seat: Seat, path: str = "/people") -> str:
    answer = seat.get(path, accept_language="en")
    assert answer.status == 200, answer.body
    return html.unescape(answer.body.decode())


def invited(owner: Seat, **changes: str) -> str:
    """Invite Sara, and return the path and query of the link."""
    answer = owner.post("/people/invite?lang=en", **(SARA | changes))
    assert answer.status == 200, answer.body
    assert "no-store" in answer.headers["cache-control"]
    [link] = re.findall(r"/_/setup\?link=sjl_in_\w+", html.unescape(answer.body.decode()))
    return str(link)


def test_a_link_is_shown_once_and_makes_the_account(world: World, owner: Seat) -> None:
    link = invited(owner)
    page = text(owner)
    assert "Sara@Example.com" in page
    assert "sjl_in_" not in page
    browser = Browser(world)
    form = browser.get(link)
    assert browser.submit(form, "/_/setup", {"password": PASSWORD}).status == 303
    people = world.run(world.register.people.of_store(world.store.id))
    [sara] = [one for one in people if one.email == "Sara@Example.com"]
    assert (sara.name, sara.role) == ("سارة", "support")
    assert "Pending invitations" not in text(owner)
    [entry] = [one for one in world.audited() if one.action == "person.invite"]
    assert (entry.kind, entry.actor, entry.store) == ("person", owner.person.id, world.store.id)
    assert entry.ids == (sara.id,)


def test_an_invitation_is_withdrawn(world: World, owner: Seat) -> None:
    link = invited(owner)
    [path] = re.findall(r'action="([^"]*)/withdraw"', text(owner))
    answer = owner.browser.post(f"{path}/withdraw", {"token": owner.token})
    assert answer.headers["location"] == owner.at("/people")
    assert Browser(world).get(link).status == 404
    assert "Sara@Example.com" not in text(owner)
    assert owner.browser.post(f"{path}/withdraw", {"token": owner.token}).status == 404
    assert [one.action for one in world.audited()].count("person.withdraw") == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person_name": ""}, "person_name"),
        ({"person_name": "x" * 256}, "person_name"),
        ({"person_name": "a\u202eb"}, "person_name"),
        ({"person_email": " "}, "person_email"),
        ({"person_email": "nobody"}, "person_email"),
        ({"person_role": "king"}, "person_role"),
        ({"person_role": ""}, "person_role"),
    ],
)
def test_a_faulty_form_makes_no_link(owner: Seat, changes: dict[str, str], field: str) -> None:
    answer = owner.post("/people/invite?lang=en", **(SARA | changes))
    assert answer.status == 422
    assert re.findall(r'id="([\w-]+)-fault"', answer.body.decode()) == [field]
    assert "Pending invitations" not in text(owner)


def test_a_person_with_an_account_is_of_the_store_at_once(world: World, owner: Seat) -> None:
    other = Person(77, "Sara", "sara@example.com", "", world.moment, "viewer")
    world.run(world.register.people.create(other, "hash", [world.other_store.id]))
    wrong = owner.post("/people/invite?lang=en", **SARA)
    assert wrong.status == 422
    assert "has an account in another role" in html.unescape(wrong.body.decode())
    answer = owner.post("/people/invite", **(SARA | {"person_role": "viewer"}))
    assert answer.headers["location"] == owner.at("/people/77")
    stores = world.run(world.register.people.stores_of(77))
    assert {one.id for one in stores} == {world.store.id, world.other_store.id}
    again = owner.post("/people/invite?lang=en", **(SARA | {"person_role": "viewer"}))
    assert "of the store already" in html.unescape(again.body.decode())


def test_only_an_owner_invites(viewer: Seat, support: Seat) -> None:
    for seat in (viewer, support):
        assert seat.get("/people/invite").status == 403
        assert seat.post("/people/invite", **SARA).status == 403
