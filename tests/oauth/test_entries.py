"""Links that sign a person in once."""

import pytest
from fixtures.browsing import Browser
from fixtures.oauth import EMAIL, Scene, scene
from fixtures.world import World

from sijill.oauth.entries import Entries


@pytest.fixture
def oauth(world: World) -> Scene:
    return scene(world)


def offered(world: World, email: str = EMAIL) -> str:
    entries: Entries = world.handlers.entry.entries
    return entries.offer(email)


def test_a_link_signs_in_once_and_leads_to_the_console(oauth: Scene) -> None:
    link = offered(oauth.world)
    first = oauth.browser.get(link)
    assert (first.status, first.headers["location"]) == (303, "/_/console")
    signed_in = oauth.world.audited()[-1]
    assert (signed_in.action, signed_in.actor) == ("person.sign_in", oauth.owner.id)
    assert oauth.browser.get("/_/console").status == 303
    second = Browser(oauth.world).get(link)
    assert second.status == 404
    assert "set-cookie" not in second.headers


def test_a_program_that_looks_at_the_link_first_does_not_use_it_up(oauth: Scene) -> None:
    link = offered(oauth.world)
    looked = oauth.world.ask("HEAD", link, None)
    assert (looked.status, "set-cookie" in looked.headers) == (303, False)
    assert oauth.browser.get(link).status == 303


@pytest.mark.parametrize("query", ["", "?link=", "?link=sjl_se_x", "?link=%00"])
def test_an_unknown_link_opens_nothing(oauth: Scene, query: str) -> None:
    offered(oauth.world)
    assert oauth.browser.get(f"/_/enter{query}").status == 404


def test_a_suspended_person_cannot_use_a_link(oauth: Scene) -> None:
    link = offered(oauth.world)
    oauth.world.run(oauth.world.register.people.suspend(oauth.owner.id, oauth.world.moment))
    assert oauth.browser.get(link).status == 404
