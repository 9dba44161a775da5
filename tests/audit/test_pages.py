"""Routes for people and for clients of OAuth: who was let in, and which tokens were issued."""

import pytest
from fixtures.oauth import EMAIL, PASSWORD, Scene, scene
from fixtures.world import World

from sijill.audit.model import Entry
from sijill.routes import all_routes

pytestmark = pytest.mark.proves(
    "every sign-in, consent and token that the pages and the token endpoint give is in the audit "
    "log"
)

TOLD = {
    "signIn": "person.sign_in",
    "answerConsent": "app.allow",
    "getTokens": "token.create, and token.revoke for what it replaces",
    "enter": "person.sign_in; oauth/test_entries.py signs in",
    "setUp": "person.create and person.sign_in; oauth/test_session_handlers.py sets up",
}
OWN = "it shows people themselves alone"
NOBODY = "it shows nobody"
SILENT = {
    "authorize": OWN,
    "getLogin": NOBODY,
    "signOut": "a session ends, and nothing is shown",
    "getSetUp": NOBODY,
    "getLiveness": NOBODY,
    "getReadiness": NOBODY,
    "getMetrics": NOBODY,
    "getDescription": NOBODY,
    "getDocs": NOBODY,
    "getFrontPage": NOBODY,
    "getFrontPageOfPrefix": NOBODY,
}


@pytest.fixture
def oauth(world: World) -> Scene:
    return scene(world)


def test_every_route_without_a_token_is_in_one_of_the_tables(world: World) -> None:
    routes = {
        route.id for route in all_routes(world.handlers) if route.public and not route.undescribed
    }
    assert routes == {*TOLD, *SILENT}
    assert not TOLD.keys() & SILENT.keys()


def since(world: World, before: int) -> list[Entry]:
    return world.audited()[before:]


def test_a_sign_in_and_a_consent_name_the_person(oauth: Scene) -> None:
    world = oauth.world
    before = len(world.audited())
    oauth.sign_in()
    oauth.code()
    sign_in, allow = since(world, before)
    for entry in (sign_in, allow):
        assert (entry.kind, entry.actor, entry.through) == ("person", oauth.owner.id, "page")
        assert len(entry.requests) == 1
    assert (sign_in.action, sign_in.ids) == ("person.sign_in", (oauth.owner.id,))
    assert (allow.action, allow.ids) == ("app.allow", (oauth.app.id,))
    assert allow.store == world.store.id


def test_tokens_that_are_issued_and_replaced_name_the_app(oauth: Scene) -> None:
    world = oauth.world
    oauth.sign_in()
    code = oauth.code()
    before = len(world.audited())
    first = oauth.exchange(code).json
    second = oauth.token(grant_type="refresh_token", refresh_token=first["refresh_token"]).json
    entries = since(world, before)
    created, revoked, renewed = entries
    assert [one.action for one in entries] == ["token.create", "token.revoke", "token.create"]
    assert revoked.ids == created.ids != renewed.ids
    for entry in entries:
        assert (entry.kind, entry.actor, entry.by) == ("app", oauth.app.id, "/oauth2/token")
        assert entry.store == world.store.id
    again = oauth.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert again.status in (400, 401)
    (ended,) = since(world, before + 3)
    assert (ended.action, ended.ids) == ("token.revoke", renewed.ids)
    assert second["access_token"] not in repr(entries)


def test_a_refused_sign_in_and_an_unknown_code_make_no_entry(oauth: Scene) -> None:
    before = len(oauth.world.audited())
    assert oauth.browser.sign_in(EMAIL, f"{PASSWORD}?").status != 303
    assert oauth.exchange("unknown").status in (400, 401)
    assert since(oauth.world, before) == []
