"""The page of people: who has an account of the store, and in which role."""

import html

import pytest
from fixtures.world import World

from console.desks import Seat
from sijill.customers.examples import AHMED
from sijill.oauth.people import Person


def text(seat: Seat, path: str = "/people", language: str = "en") -> str:
    answer = seat.get(path, accept_language=language)
    assert answer.status == 200, answer.body
    return html.unescape(answer.body.decode())


def test_everybody_of_the_store_is_there_and_nobody_else(
    world: World, owner: Seat, viewer: Seat
) -> None:
    other = Person(77, "Elsewhere", "else@example.com", "", world.moment)
    world.run(world.register.people.create(other, "hash", [world.other_store.id]))
    page = text(owner)
    assert "viewer@example.com" in page
    assert "Viewer</span>" in page
    assert "else@example.com" not in page
    assert page.count(">You<") == 1


@pytest.mark.parametrize(("language", "word"), [("en", "Suspended"), ("ar", "موقوف")])
def test_a_suspended_person_is_marked(
    world: World, owner: Seat, viewer: Seat, language: str, word: str
) -> None:
    assert word not in text(owner, language=language)
    world.run(world.register.people.suspend(viewer.person.id, world.moment))
    assert word in text(owner, language=language)


def test_a_look_at_people_is_in_the_audit_log(world: World, owner: Seat, viewer: Seat) -> None:
    text(owner)
    [entry] = [one for one in world.audited() if one.action == "person.view"]
    assert entry.actor == owner.person.id
    assert set(entry.ids) == {owner.person.id, viewer.person.id}


def test_only_an_owner_sees_people(viewer: Seat, support: Seat) -> None:
    for seat in (viewer, support):
        assert seat.get("/people").status == 403
        assert '/people"' not in text(seat, "")


def role_of(world: World, seat: Seat) -> str:
    [found] = [one for one in world.run(world.register.people.all()) if one.id == seat.person.id]
    return found.role


def at(seat: Seat, path: str = "") -> str:
    return f"/people/{seat.person.id}{path}"


def test_an_owner_changes_the_role_of_another_person(
    world: World, owner: Seat, viewer: Seat
) -> None:
    assert "viewer@example.com" in text(owner, at(viewer))
    answer = owner.post(at(viewer, "/role"), role="support")
    assert answer.headers["location"] == owner.at(at(viewer))
    assert role_of(world, viewer) == "support"
    [entry] = [one for one in world.audited() if one.action == "person.update"]
    assert (entry.kind, entry.actor, entry.store) == ("person", owner.person.id, world.store.id)
    assert (entry.ids, entry.fields) == ((viewer.person.id,), ("role",))
    assert owner.post(f"{at(viewer, '/role')}?lang=en", role="king").status == 422


def test_a_session_is_lowered_with_its_person_at_once(
    world: World, owner: Seat, support: Seat
) -> None:
    reveals = world.register.reveals.open(
        support.person, world.store.id, AHMED.id, "support", "HELP-1", world.moment
    )
    world.run(reveals)
    customer = f"/customers/{AHMED.id}"
    assert AHMED.first_name in text(support, customer)
    token = support.token
    assert owner.post(at(support, "/role"), role="viewer").status == 303
    for path in (customer, "/customers", f"{customer}/api"):
        assert AHMED.first_name not in text(support, path)
    for path in (f"{customer}/edit", f"{customer}/ban"):
        assert support.get(path).status == 403
    fields = {"token": token, "reason": "x"}
    assert support.browser.post(support.at(f"{customer}/ban"), fields).status == 403


@pytest.mark.parametrize("path", ["/role", "/remove"])
def test_the_last_owner_stays(world: World, owner: Seat, viewer: Seat, path: str) -> None:
    for one in world.run(world.register.people.of_store(world.store.id)):
        if one.id not in (owner.person.id, viewer.person.id):
            world.run(world.register.people.remove(one.id))
    answer = owner.post(f"{at(owner, path)}?lang=en", role="viewer", confirmed="yes")
    assert answer.status == 422
    assert "this is the last one" in html.unescape(answer.body.decode())
    assert role_of(world, owner) == "owner"


def test_the_own_role_changes_after_a_question(world: World, owner: Seat) -> None:
    second = Person(88, "Second", "second@example.com", "", world.moment)
    world.run(world.register.people.create(second, "hash", [world.store.id]))
    asked = owner.post(f"{at(owner, '/role')}?lang=en", role="viewer")
    assert asked.status == 200
    assert "This is your own account" in html.unescape(asked.body.decode())
    assert role_of(world, owner) == "owner"
    answer = owner.post(at(owner, "/role"), role="viewer", confirmed="yes")
    assert answer.headers["location"] == owner.at()
    assert role_of(world, owner) == "viewer"
    assert owner.get("/people").status == 403


def test_the_own_removal_is_asked_for_and_leads_out(world: World, owner: Seat) -> None:
    second = Person(88, "Second", "second@example.com", "", world.moment)
    world.run(world.register.people.create(second, "hash", [world.store.id]))
    assert "This is your own account" in text(owner, at(owner, "/remove"))
    assert owner.post(at(owner, "/remove")).status == 200
    answer = owner.post(at(owner, "/remove"), confirmed="yes")
    assert answer.headers["location"] == "/_/console"
    assert owner.get("/people").status in (303, 404)


def test_a_removed_person_keeps_the_account_and_loses_the_store(
    world: World, owner: Seat, viewer: Seat
) -> None:
    assert "can no longer enter" in text(owner, at(viewer, "/remove"))
    answer = owner.post(at(viewer, "/remove"), confirmed="yes")
    assert answer.headers["location"] == owner.at("/people")
    assert "viewer@example.com" not in text(owner)
    assert viewer.get("").status == 303
    assert owner.get(at(viewer)).status == 404
    entry = [one for one in world.audited() if one.action == "person.update"][-1]
    assert (entry.store, entry.fields) == (world.store.id, ("stores",))


def test_people_of_other_stores_are_absent(world: World, owner: Seat) -> None:
    other = Person(77, "Elsewhere", "else@example.com", "", world.moment)
    world.run(world.register.people.create(other, "hash", [world.other_store.id]))
    for path in ("/people/77", "/people/77/remove", "/people/x"):
        assert owner.get(path).status == 404
    for path in ("/people/77/role", "/people/77/remove"):
        assert owner.post(path, role="viewer", confirmed="yes").status == 404
