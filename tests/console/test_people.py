"""The page of people: who has an account of the store, and in which role."""

import html

import pytest
from fixtures.world import World

from console.desks import Seat
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
