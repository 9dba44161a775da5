"""The page of apps: tokens in their states, none of them readable, and the end of one."""

import html
from datetime import timedelta

import pytest
from fixtures.world import World
from msgspec.structs import replace

from console.desks import Seat
from sijill.console.apps import MOST
from sijill.demo import APP
from sijill.oauth.tokens import TokenInfo, digest, hint, mint, state_of


def info_of(world: World, number: int, **changes: object) -> TokenInfo:
    info = TokenInfo(
        *(number, world.store.id, APP.id, frozenset({"customers.read"}), "hint", world.moment),
        expires_at=None,
        revoked_at=None,
    )
    return replace(info, **changes)


def kept(world: World, number: int, **changes: object) -> str:
    """Keep a token, and return it."""
    token = mint()
    info = info_of(world, number, **{"hint": hint(token)} | changes)
    world.run(world.register.tokens.add(digest(token), info))
    return token


def text(seat: Seat, path: str = "/apps", language: str = "en") -> str:
    answer = seat.get(path, accept_language=language)
    assert answer.status == 200, answer.body
    return html.unescape(answer.body.decode())


def test_a_token_is_active_expired_or_revoked(world: World) -> None:
    now = world.moment
    assert state_of(info_of(world, 1), now) == "active"
    assert state_of(info_of(world, 1, expires_at=now + timedelta(microseconds=1)), now) == "active"
    assert state_of(info_of(world, 1, expires_at=now), now) == "expired"
    assert state_of(info_of(world, 1, expires_at=now, revoked_at=now), now) == "revoked"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_page_shows_the_end_of_a_token_and_never_a_token(
    world: World, owner: Seat, language: str
) -> None:
    token = kept(world, 50, name="<b>nightly</b>")
    answer = owner.get("/apps", accept_language=language).body.decode()
    assert token[-4:] in answer
    assert token not in answer
    assert "<b>nightly" not in answer
    assert "<b>nightly</b>" in text(owner, language=language)
    assert APP.name in answer


def test_a_page_has_so_many_tokens_at_most_and_says_so(world: World, owner: Seat) -> None:
    for number in range(MOST + 5):
        kept(world, 1000 + number, name=f"t{number}x")
    page = text(owner)
    assert page.count('/revoke"') == MOST
    assert f"{MOST} tokens at most" in page


def test_an_owner_revokes_a_token_after_a_question(world: World, owner: Seat) -> None:
    token = kept(world, 50)
    assert world.get("/customers", token=token).status == 200
    path = "/apps/tokens/50/revoke"
    assert "This cannot be undone" in text(owner, path)
    answer = owner.post(path, confirmed="yes")
    assert answer.headers["location"] == owner.at("/apps")
    world.clock.now += 1
    assert world.get("/customers", token=token).status == 401
    assert "Revoked" in text(owner)
    [entry] = [one for one in world.audited() if one.action == "token.revoke"]
    assert (entry.kind, entry.actor, entry.ids) == ("person", owner.person.id, (50,))


def test_a_token_of_another_store_is_absent(world: World, owner: Seat) -> None:
    token = kept(world, 60, store_id=world.other_store.id)
    for answer in (owner.get("/apps/tokens/60/revoke"), owner.post("/apps/tokens/60/revoke")):
        assert answer.status == 404
    assert world.get("/customers", token=token).status == 200
    assert "tokens/60/" not in text(owner)


def test_only_an_owner_sees_apps(viewer: Seat, support: Seat, owner: Seat) -> None:
    for seat in (viewer, support):
        assert seat.get("/apps").status == 403
        assert '/apps"' not in text(seat, "")
    assert '/apps"' in text(owner, "")
