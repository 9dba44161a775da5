"""The table of authorizations: codes and refresh tokens work once (ASVS 5 V10.4.2 to V10.4.5)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import (
    APP,
    CODE,
    CONSENT,
    EXCHANGE,
    OTHER_APP,
    OTHER_STORE,
    OWNER,
    SCOPES,
    SECOND,
    lives,
    outcome,
    pair,
    renewed,
    settled,
)
from fixtures.redirects import REGISTERED
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.errors import NotFound, Unavailable
from sijill.oauth.grants import CodeExchange, IssuedTokens
from sijill.oauth.refusals import GRANT, OAuthRefused
from sijill.oauth.scopes import OFFLINE
from sijill.oauth.tokens import Grant, TokenInfo, digest, hint
from sijill.register import Register
from sijill.webhooks.installs import Install

RIGHT = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
TICK = timedelta(microseconds=1)
READ = frozenset({"customers.read"})
OPERATORS = TokenInfo(5, STORE.id, APP.id, frozenset(), "a1b2", NOW, None, None)


async def exchanged(register: Register) -> IssuedTokens:
    """Keep what CONSENT says, and return what its code gives."""
    await settled(register)
    await register.grants.authorize(CONSENT, CODE)
    return await register.grants.exchange(CODE.digest, EXCHANGE, pair())


async def refresh_of(register: Register, issued: IssuedTokens) -> IssuedTokens:
    """Return what the refresh token gives."""
    made = await renewed(register, issued.pair.refresh)
    assert isinstance(made, IssuedTokens)
    return made


def test_a_code_is_exchanged_for_the_granted_tokens(run: Run) -> None:
    async def scenario(register: Register) -> None:
        issued = await exchanged(register)
        fresh = issued.pair
        assert issued.scopes == issued.renewable == SCOPES
        until = fresh.access_until.timestamp()
        kept = Grant(fresh.id, APP.id, STORE, SCOPES, until, revoked=False)
        assert await register.tokens.grant(digest(fresh.access)) == kept
        assert await register.tokens.all() == [
            TokenInfo(
                fresh.id, STORE.id, APP.id, SCOPES, hint(fresh.access), NOW,
                fresh.access_until, None, CONSENT.id,
            )
        ]  # fmt: skip
        assert await register.tokens.grant(digest(fresh.refresh)) is None, "it opens no resource"

    run(scenario)


def test_a_code_that_is_used_twice_ends_its_tokens(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        second = await refresh_of(register, first)
        with pytest.raises(OAuthRefused) as refused:
            await register.grants.exchange(CODE.digest, EXCHANGE, pair())
        assert (refused.value.error, refused.value.status) == ("invalid_grant", 401)
        assert refused.value.description == GRANT
        for issued in (first, second):
            assert not await lives(register, issued.pair.access)
        assert await renewed(register, second.pair.refresh) == 400
        assert len(await register.tokens.all()) == 2

    run(scenario)


@pytest.mark.parametrize(
    ("exchange", "at"),
    [
        (EXCHANGE._replace(app_id=OTHER_APP.id, verifier=RIGHT), NOW),
        (EXCHANGE._replace(redirect_uri=REGISTERED[1], verifier=RIGHT), NOW),
        (EXCHANGE._replace(redirect_uri=None, verifier=RIGHT), NOW),
        (EXCHANGE._replace(verifier=RIGHT[::-1]), NOW),
        (EXCHANGE._replace(verifier=None), NOW),
        (EXCHANGE._replace(verifier=RIGHT), CODE.expires_at),
        (EXCHANGE._replace(verifier=RIGHT), CODE.expires_at + TICK),
    ],
    ids=["client", "redirect", "no redirect", "verifier", "no verifier", "expired", "late"],
)
def test_a_code_that_is_refused_stays_unused(
    run: Run, exchange: CodeExchange, at: datetime
) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.grants.authorize(CONSENT, replace(CODE, challenge=CHALLENGE))
        assert await outcome(register.grants.exchange(CODE.digest, exchange, pair(at))) == 400
        assert await register.tokens.all() == []
        good = EXCHANGE._replace(verifier=RIGHT)
        issued = await register.grants.exchange(CODE.digest, good, pair(CODE.expires_at - TICK))
        assert await lives(register, issued.pair.access)

    run(scenario)


def test_an_unknown_code_is_refused(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        for shown in ("other", first.pair.refresh, first.pair.access):
            assert await outcome(register.grants.exchange(digest(shown), EXCHANGE, pair())) == 400
            if shown != first.pair.refresh:
                assert await renewed(register, shown) == 400
        assert await lives(register, first.pair.access)

    run(scenario)


def test_an_exchange_may_omit_a_redirect_uri_that_the_request_omitted(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.grants.authorize(CONSENT, replace(CODE, redirect_given=False))
        silent = EXCHANGE._replace(redirect_uri=None)
        assert isinstance(
            await outcome(register.grants.exchange(CODE.digest, silent, pair())), IssuedTokens
        )

    run(scenario)


def test_a_code_without_offline_access_gives_no_refresh_token(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.grants.authorize(replace(CONSENT, scopes=READ), CODE)
        issued = await register.grants.exchange(CODE.digest, EXCHANGE, pair())
        assert (issued.scopes, issued.refresh) == (READ, None)
        assert await renewed(register, issued.pair.refresh) == 400
        assert await lives(register, issued.pair.access)

    run(scenario)


def test_a_refresh_gives_a_new_pair_and_ends_the_access_token_before(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        second = await refresh_of(register, first)
        assert second.scopes == SCOPES
        assert not await lives(register, first.pair.access)
        assert await lives(register, second.pair.access)
        third = await refresh_of(register, second)
        assert not await lives(register, second.pair.access)
        assert await lives(register, third.pair.access)
        assert {info.authorization_id for info in await register.tokens.all()} == {CONSENT.id}

    run(scenario)


def test_a_refresh_token_that_is_used_twice_ends_its_family_and_no_other(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        other = await register.grants.issue(replace(CONSENT, id=92), pair())
        elsewhere = await register.grants.issue(
            replace(CONSENT, id=93, store_id=OTHER_STORE.id), pair()
        )
        await register.tokens.add(digest("operators"), OPERATORS)
        second = await refresh_of(register, first)
        third = await refresh_of(register, second)

        with pytest.raises(OAuthRefused) as refused:
            await register.grants.refresh(digest(first.pair.refresh), APP.id, frozenset(), pair())
        assert (refused.value.error, refused.value.status) == ("invalid_grant", 401)
        for issued in (first, second, third):
            assert not await lives(register, issued.pair.access)
        assert await renewed(register, third.pair.refresh) == 400
        assert await renewed(register, first.pair.refresh) == 401, "and so for ever"

        for issued in (other, elsewhere):
            assert await lives(register, issued.pair.access)
            await refresh_of(register, issued)
        assert await lives(register, "operators")

    run(scenario)


@pytest.mark.parametrize("late", [timedelta(), TICK])
def test_a_refresh_token_expires_and_stays_unused(run: Run, late: timedelta) -> None:
    async def scenario(register: Register) -> None:
        issued = await exchanged(register)
        until = issued.pair.refresh_until
        assert await renewed(register, issued.pair.refresh, until + late) == 400
        assert isinstance(await renewed(register, issued.pair.refresh, until - TICK), IssuedTokens)

    run(scenario)


def test_a_refresh_token_of_another_client_is_refused_and_stays_unused(run: Run) -> None:
    async def scenario(register: Register) -> None:
        issued = await exchanged(register)
        shown = digest(issued.pair.refresh)
        assert (
            await outcome(register.grants.refresh(shown, OTHER_APP.id, frozenset(), pair())) == 400
        )
        await refresh_of(register, issued)
        assert (
            await outcome(register.grants.refresh(shown, OTHER_APP.id, frozenset(), pair())) == 400
        )

    run(scenario)


def test_a_narrower_access_token_leaves_the_refresh_token_its_scopes(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        narrow = await register.grants.refresh(digest(first.pair.refresh), APP.id, READ, pair())
        assert (narrow.scopes, narrow.renewable) == (READ, SCOPES)
        grant = await register.tokens.grant(digest(narrow.pair.access))
        assert grant is not None
        assert grant.scopes == READ
        wide = await refresh_of(register, narrow)
        assert (wide.scopes, wide.renewable) == (SCOPES, SCOPES)

    run(scenario)


def test_a_wider_scope_is_refused_and_uses_nothing_up(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        wide = frozenset({"orders.read"})
        with pytest.raises(OAuthRefused) as refused:
            await register.grants.refresh(digest(first.pair.refresh), APP.id, wide, pair())
        assert (refused.value.error, refused.value.status) == ("invalid_scope", 400)
        assert await lives(register, first.pair.access)
        await refresh_of(register, first)

    run(scenario)


def test_easy_mode_installs_and_issues_at_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        issued = await register.grants.issue(replace(CONSENT, owner_id=None), pair())
        assert issued.scopes == SCOPES
        assert await register.installs.all() == [Install(STORE.id, APP.id, None, NOW)]
        assert await lives(register, issued.pair.access)
        await refresh_of(register, issued)

    run(scenario)


@pytest.mark.parametrize("changes", [{"store_id": 404}, {"app_id": 404}])
def test_a_consent_for_an_unknown_store_or_app_is_not_found(
    run: Run, changes: dict[str, int]
) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        consent = replace(CONSENT, **changes)
        for refused in (
            register.grants.authorize(consent, CODE),
            register.grants.issue(consent, pair()),
        ):
            with pytest.raises(NotFound):
                await refused
        assert await register.installs.all() == []
        assert await register.tokens.all() == []

    run(scenario)


def test_an_expired_access_token_leaves_its_refresh_token_valid(run: Run) -> None:
    async def scenario(register: Register) -> None:
        issued = await exchanged(register)
        await register.grants.expire(issued.pair.id, NOW + SECOND)
        assert await lives(register, issued.pair.access)
        assert not await lives(register, issued.pair.access, NOW + SECOND)
        await register.grants.expire(issued.pair.id, NOW + 2 * SECOND)
        assert not await lives(register, issued.pair.access, NOW + SECOND), "the first time stands"
        grant = await register.tokens.grant(digest(issued.pair.access))
        assert grant is not None
        assert not grant.revoked
        await refresh_of(register, issued)

    run(scenario)


def test_an_operators_token_can_be_expired_too(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.tokens.add(digest("operators"), OPERATORS)
        await register.grants.expire(OPERATORS.id, NOW)
        assert not await lives(register, "operators")

    run(scenario)


@pytest.mark.parametrize(("reused", "status"), [(False, 400), (True, 401)])
def test_a_family_ends_by_any_of_its_access_tokens(run: Run, reused: bool, status: int) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        second = await refresh_of(register, first)
        other = await register.grants.issue(replace(CONSENT, id=92), pair())
        await register.grants.end_family(first.pair.id, NOW, reused=reused)
        assert not await lives(register, second.pair.access)
        assert await renewed(register, second.pair.refresh) == status
        assert await renewed(register, first.pair.refresh) == 401
        assert await lives(register, other.pair.access)
        await refresh_of(register, other)

    run(scenario)


def test_a_token_without_a_family_ends_alone_and_was_never_refreshed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.tokens.add(digest("operators"), OPERATORS)
        online = await register.grants.issue(replace(CONSENT, scopes=READ), pair())
        for token_id in (OPERATORS.id, online.pair.id):
            with pytest.raises(NotFound):
                await register.grants.end_family(token_id, NOW, reused=True)
        assert await lives(register, "operators")
        assert await lives(register, online.pair.access)
        for token_id in (OPERATORS.id, online.pair.id):
            await register.grants.end_family(token_id, NOW, reused=False)
        assert not await lives(register, "operators")
        assert not await lives(register, online.pair.access)

    run(scenario)


Ending = Callable[[Register], Awaitable[None]]


@pytest.mark.parametrize(
    "ending",
    [
        lambda register: register.grants.expire(404, NOW),
        lambda register: register.grants.end_family(404, NOW, reused=False),
        lambda register: register.grants.end_family(404, NOW, reused=True),
    ],
)
def test_an_unknown_token_is_not_found(run: Run, ending: Ending) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(NotFound):
            await ending(register)

    run(scenario)


def test_each_consent_has_a_family_of_its_own(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await exchanged(register)
        await register.installs.uninstall(STORE.id, APP.id, NOW)
        again = replace(CODE, digest=digest("again"))
        await register.grants.authorize(replace(CONSENT, id=92), again)
        second = await register.grants.exchange(again.digest, EXCHANGE, pair())
        assert await renewed(register, first.pair.refresh) == 400
        assert await outcome(register.grants.exchange(CODE.digest, EXCHANGE, pair())) == 401
        assert await lives(register, second.pair.access)
        assert await register.people.user_of(STORE.id, APP.id) == OWNER

    run(scenario)


def test_an_id_that_is_taken_uses_nothing_up(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.grants.authorize(CONSENT, CODE)
        await register.tokens.add(digest("operators"), OPERATORS)
        taken = replace(pair(), id=OPERATORS.id)
        with pytest.raises(Unavailable):
            await register.grants.exchange(CODE.digest, EXCHANGE, taken)
        first = await register.grants.exchange(CODE.digest, EXCHANGE, pair())
        with pytest.raises(Unavailable):
            await register.grants.refresh(digest(first.pair.refresh), APP.id, frozenset(), taken)
        assert await lives(register, first.pair.access)
        assert OFFLINE in (await refresh_of(register, first)).scopes
        for again in (
            register.grants.authorize(CONSENT, CODE),
            register.grants.issue(CONSENT, pair()),
        ):
            with pytest.raises(Unavailable):
                await again

    run(scenario)
