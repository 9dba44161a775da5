"""Keeping sessions under the digests of their cookies, on every database."""

from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import OWNER, PASSWORD
from fixtures.registers import NOW

from sijill.database.register import Register
from sijill.errors import NotFound
from sijill.oauth.session_store import KEPT
from sijill.oauth.sessions import Visit
from sijill.oauth.tokens import SESSION, digest, mint

LATER = NOW + timedelta(minutes=5)


def test_a_session_tells_who_signed_in_and_when(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.create_owner(OWNER, PASSWORD, [])
        cookie = digest(mint(SESSION))
        assert await register.session(cookie) is None
        await register.open_session(cookie, OWNER.id, NOW)
        assert await register.session(cookie) == Visit(OWNER, NOW, NOW)
        await register.see_session(cookie, LATER)
        assert await register.session(cookie) == Visit(OWNER, NOW, LATER)

    run(scenario)


def test_a_session_that_is_closed_is_gone_and_no_other(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.create_owner(OWNER, PASSWORD, [])
        one, other = digest(mint(SESSION)), digest(mint(SESSION))
        for cookie in (one, other):
            await register.open_session(cookie, OWNER.id, NOW)
        await register.close_session(one)
        await register.close_session(one)
        await register.see_session(one, LATER)
        assert await register.session(one) is None
        assert await register.session(other) == Visit(OWNER, NOW, NOW)

    run(scenario)


def test_nobody_has_a_session_who_is_no_owner(run: Run) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(NotFound):
            await register.open_session(digest("cookie"), 404, NOW)
        assert await register.session(digest("cookie")) is None

    run(scenario)


def test_sessions_that_cannot_go_on_are_forgotten_when_one_is_opened(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.create_owner(OWNER, PASSWORD, [])
        old, edge, new = (digest(text) for text in ("old", "edge", "new"))
        await register.open_session(old, OWNER.id, NOW - timedelta(microseconds=1))
        await register.open_session(edge, OWNER.id, NOW)
        await register.see_session(old, NOW + KEPT)
        await register.open_session(new, OWNER.id, NOW + KEPT)
        assert await register.session(old) is None
        assert await register.session(edge) is not None
        assert await register.session(new) is not None

    run(scenario)
