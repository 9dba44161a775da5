"""
The table of authorizations, with everything that was issued for one.

Whoever issues or ends something of a family holds its authorization first: of parallel uses of
one token exactly one finds it unused.
"""

from datetime import datetime

from sijill.database.columns import micros, moment
from sijill.database.driver import Conflict, Driver, T, Transaction, Work
from sijill.errors import NotFound, Unavailable
from sijill.oauth.apps import bare
from sijill.oauth.grants import (
    Code,
    CodeExchange,
    CodeState,
    Consent,
    Decision,
    IssuedTokens,
    RefreshState,
    TokenPair,
    decide_code,
    decide_refresh,
)
from sijill.oauth.refusals import OAuthRefused, invalid_grant
from sijill.oauth.scopes import OFFLINE, satisfies
from sijill.oauth.token_table import token_arguments
from sijill.oauth.tokens import TokenInfo


class GrantTable:
    """What was agreed to, and everything that was issued for it."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def authorize(self, consent: Consent, code: Code) -> None:
        """
        Keep what an owner agreed to, under the code that is handed out; the app is installed.

        Raises: NotFound if the store or the app is gone; Unavailable.
        """
        await self._write(lambda transaction: _agree(transaction, consent, code))

    async def issue(self, consent: Consent, pair: TokenPair) -> IssuedTokens:
        """
        Install an app and issue its tokens at once, without a code: Salla's easy mode.

        Raises: NotFound as above; Unavailable.
        """
        issued = IssuedTokens(pair, consent.scopes, consent.scopes)

        async def work(transaction: Transaction) -> None:
            await _agree(transaction, consent, None)
            await _issue(transaction, consent.id, consent.store_id, consent.app_id, issued)

        await self._write(work)
        return issued

    async def exchange(self, code: bytes, exchange: CodeExchange, pair: TokenPair) -> IssuedTokens:
        """
        Use up the code of this digest and issue `pair` for it.

        Raises: OAuthRefused, after the family was ended if the code was used before; Unavailable.
        """

        async def work(transaction: Transaction) -> IssuedTokens | OAuthRefused:
            row = await transaction.one("authorization_of_code", code)
            if row is None:
                return invalid_grant()
            family = row[0]
            await transaction.one("lock_authorization", family)
            state, store_id, scopes = await _code(transaction, family, code)
            decision = decide_code(state, exchange, pair.at)
            if decision.granted is None:
                return await _refuse(transaction, family, decision, pair.at)
            await transaction.run("use_code", family, micros(pair.at))
            scopes = await _within_app(transaction, exchange.app_id, scopes)
            issued = IssuedTokens(pair, scopes, scopes)
            await _issue(transaction, family, store_id, exchange.app_id, issued)
            return issued

        return _given(await self._write(work))

    async def refresh(
        self, refresh: bytes, app_id: int, asked: frozenset[str], pair: TokenPair
    ) -> IssuedTokens:
        """
        Use up the refresh token of this digest and issue `pair` in the place of its own.

        Its access token ends with it. Raises: as `exchange`.
        """

        async def work(transaction: Transaction) -> IssuedTokens | OAuthRefused:
            row = await transaction.one("authorization_of_refresh", refresh)
            if row is None:
                return invalid_grant()
            family = row[0]
            await transaction.one("lock_authorization", family)
            state, store_id, token_id = await _refresh(transaction, refresh)
            decision = decide_refresh(state, app_id, asked, pair.at)
            if decision.granted is None:
                return await _refuse(transaction, family, decision, pair.at)
            await transaction.run("use_refresh_token", refresh, micros(pair.at))
            await transaction.run("revoke_token", token_id, micros(pair.at))
            scopes = await _within_app(transaction, app_id, decision.granted)
            issued = IssuedTokens(pair, scopes, state.scopes)
            await _issue(transaction, family, store_id, app_id, issued)
            return issued

        return _given(await self._write(work))

    async def expire(self, token_id: int, at: datetime) -> None:
        """
        Let an access token end now, as if its time had come; the refresh token stays good.

        Raises: NotFound; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            if await transaction.one("token", token_id) is None:
                raise NotFound
            await transaction.run("expire_token", token_id, micros(at))

        await self._driver.write(work)

    async def end_family(self, token_id: int, at: datetime, *, reused: bool) -> None:
        """
        Revoke an access token and whatever comes of the same authorization.

        With `reused` as if its refresh token had been used twice. Raises: NotFound, with `reused`
        also for a token that has no refresh token; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("token", token_id)
            if row is None:
                raise NotFound
            family = row[-1]
            if family is not None:
                await transaction.one("lock_authorization", family)
                await _end(transaction, family, at)
            if reused and not (
                family and await transaction.run("use_refresh_tokens", family, micros(at))
            ):
                raise NotFound
            await transaction.run("revoke_token", token_id, micros(at))

        await self._driver.write(work)

    async def _write(self, work: Work[T]) -> T:
        """
        Write what brings new ids and tokens with it.

        Raises: Unavailable, too if one of them is taken: nothing is used up, a new try has others.
        """
        try:
            return await self._driver.write(work)
        except Conflict as conflict:
            raise Unavailable from conflict


async def _agree(transaction: Transaction, consent: Consent, code: Code | None) -> None:
    for name, key in (("store", consent.store_id), ("app", consent.app_id)):
        if await transaction.one(name, key) is None:
            raise NotFound
    where = (consent.store_id, consent.app_id, consent.owner_id)
    at, scopes = micros(consent.at), " ".join(sorted(consent.scopes))
    shown: tuple[object, ...] = (None,) * 5
    if code is not None:
        until = micros(code.expires_at)
        shown = (code.digest, code.redirect_uri, code.redirect_given, code.challenge, until)
    await transaction.run("install", *where, at)
    await transaction.run("insert_authorization", consent.id, *where, scopes, at, *shown)


async def _code(
    transaction: Transaction, family: int, digest: bytes
) -> tuple[CodeState, int, frozenset[str]]:
    row = await transaction.one("code", family)
    if row is None:
        raise NotFound
    uri, given, challenge, until, app_id, used_at, revoked_at, store_id, scopes = row
    code = Code(digest, uri, bool(given), challenge, moment(until))
    state = CodeState(code, app_id, used_at is not None, revoked_at is not None)
    return state, store_id, frozenset(scopes.split())


async def _refresh(transaction: Transaction, digest: bytes) -> tuple[RefreshState, int, int]:
    row = await transaction.one("refresh_token", digest)
    if row is None:
        raise NotFound
    app_id, scopes, until, used_at, revoked_at, store_id, token_id = row
    granted, used = frozenset(scopes.split()), used_at is not None
    return (
        RefreshState(app_id, granted, moment(until), used, revoked_at is not None),
        store_id,
        token_id,
    )


async def _within_app(
    transaction: Transaction, app_id: int, scopes: frozenset[str]
) -> frozenset[str]:
    """Return those of some scopes that the app may still have: what it lost is issued no more."""
    row = await transaction.one("app", app_id)
    if row is None:
        raise NotFound
    held = bare(row).scopes | {OFFLINE}
    return frozenset(scope for scope in scopes if satisfies(held, scope))


async def _issue(
    transaction: Transaction, family: int, store_id: int, app_id: int, issued: IssuedTokens
) -> None:
    pair = issued.pair
    access, refresh = pair.digests
    info = TokenInfo(
        id=pair.id,
        store_id=store_id,
        app_id=app_id,
        scopes=issued.scopes,
        hint=pair.hint,
        created_at=pair.at,
        expires_at=pair.access_until,
        revoked_at=None,
        authorization_id=family,
    )
    await transaction.run("insert_token", access, *token_arguments(info))
    if issued.refresh is not None:
        moments = (micros(pair.at), micros(pair.refresh_until))
        text = " ".join(sorted(issued.renewable))
        await transaction.run("insert_refresh_token", refresh, family, pair.id, text, *moments)


async def _refuse(
    transaction: Transaction, family: int, decision: Decision, at: datetime
) -> OAuthRefused:
    """Return the refusal; it is raised after the commit, so that the end of a family is kept."""
    if decision.too_wide:
        return OAuthRefused("invalid_scope", "the scope may only be narrowed")
    if decision.reused:
        await _end(transaction, family, at)
    return invalid_grant(reused=decision.reused)


async def _end(transaction: Transaction, family: int, at: datetime) -> None:
    await transaction.run("revoke_authorization", family, micros(at))
    await transaction.run("revoke_family", family, micros(at))


def _given(outcome: IssuedTokens | OAuthRefused) -> IssuedTokens:
    if isinstance(outcome, OAuthRefused):
        raise outcome
    return outcome
