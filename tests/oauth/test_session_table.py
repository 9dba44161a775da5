"""The table of sessions, by the digests of their cookies, on every database."""

from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import OWNER, PASSWORD
from fixtures.registers import NOW

from sijill.errors import NotFound
from sijill.oauth.sessions import Session
from sijill.oauth.tokens import SESSION, digest, mint
from sijill.register import Register

LATER = NOW + timedelta(minutes=5)


def test_a_session_holds_its_person_and_times(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(OWNER, PASSWORD, [])
        cookie = digest(mint(SESSION))
        assert await register.sessions.find(cookie) is None
        await register.sessions.open(cookie, OWNER.id, NOW)
        assert await register.sessions.find(cookie) == Session(OWNER, NOW, NOW)
        await register.sessions.touch(cookie, LATER)
        assert await register.sessions.find(cookie) == Session(OWNER, NOW, LATER)

    run(scenario)


def test_closing_a_session_deletes_that_session_alone(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(OWNER, PASSWORD, [])
        one, other = digest(mint(SESSION)), digest(mint(SESSION))
        for cookie in (one, other):
            await register.sessions.open(cookie, OWNER.id, NOW)
        await register.sessions.close(one)
        await register.sessions.close(one)
        await register.sessions.touch(one, LATER)
        assert await register.sessions.find(one) is None
        assert await register.sessions.find(other) == Session(OWNER, NOW, NOW)

    run(scenario)


def test_a_session_needs_a_person(run: Run) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(NotFound):
            await register.sessions.open(digest("cookie"), 404, NOW)
        assert await register.sessions.find(digest("cookie")) is None

    run(scenario)
