"""
The table of authorizations, and of the codes and tokens issued for them.

A transaction that issues or revokes tokens of a family first locks the authorization: of parallel
uses of one code or refresh token, exactly one finds it unused.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.driver import Conflict, Driver, Row, T, Transaction, Work
from sijill.errors import NotFound, Unavailable
from sijill.oauth.apps import without_secret
from sijill.oauth.grants import (
    Code,
    CodeExchange,
    CodeState,
    Consent,
    GrantDecision,
    IssuedTokens,
    RefreshState,
    TokenPair,
    decide_code,
    decide_refresh,
)
from sijill.oauth.refusals import OAuthRefused, invalid_grant, too_wide
from sijill.oauth.scopes import OFFLINE, satisfies
from sijill.oauth.token_table import ENDS, require_store_and_app, token_arguments
from sijill.oauth.tokens import TokenInfo, digest, hint

Family = tuple[int, int]
"""A store, and the authorization in it of which tokens came."""


class GrantTable(Audited):
    """Authorizations, codes and tokens. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def authorize(self, consent: Consent, code: Code) -> None:
        """Install an app and store its authorization. Raises: NotFound without store or app."""
        await self._write(lambda transaction: self._allow(transaction, consent, code))

    async def issue(self, consent: Consent, pair: TokenPair) -> IssuedTokens:
        """Install an app and issue its tokens at once: Salla's easy mode. Raises: NotFound."""
        issued = IssuedTokens(pair, consent.scopes, consent.scopes)

        async def work(transaction: Transaction) -> None:
            await self._allow(transaction, consent, None)
            await self._issue(transaction, _family(consent), consent.app_id, issued)

        await self._write(work)
        return issued

    async def _allow(self, transaction: Transaction, consent: Consent, code: Code | None) -> None:
        await _authorize(transaction, consent, code)
        await self._record(transaction, consent.store_id, [Change("app.allow", consent.app_id)])

    async def exchange(self, code: bytes, exchange: CodeExchange, pair: TokenPair) -> IssuedTokens:
        """
        Use up the code with this digest and issue `pair` for it.

        Raises: OAuthRefused; a code that was used before also ends its family.
        """

        async def redeem(transaction: Transaction, family: Family) -> IssuedTokens | OAuthRefused:
            row = await _row(transaction, "code", *family)
            uri, given, challenge, until, app_id, used_at, revoked_at, scopes = row
            stored = Code(code, uri, bool(given), challenge, moment(until))
            state = CodeState(stored, app_id, used_at is not None, revoked_at is not None)
            decision = decide_code(state, exchange, pair.at)
            if decision.granted is None:
                return await self._refuse(transaction, family, decision, pair.at)
            await transaction.run("use_code", *family, micros(pair.at))
            granted = await _within_app(transaction, app_id, frozenset(scopes.split()))
            issued = IssuedTokens(pair, granted, granted)
            await self._issue(transaction, family, app_id, issued)
            return issued

        return await self._redeem("authorization_of_code", code, redeem)

    async def refresh(
        self, refresh: bytes, app_id: int, asked: frozenset[str], pair: TokenPair
    ) -> IssuedTokens:
        """Issue `pair` for a refresh token, and revoke its access token. Raises: as `exchange`."""

        async def redeem(transaction: Transaction, family: Family) -> IssuedTokens | OAuthRefused:
            store_id, _ = family
            row = await _row(transaction, "refresh_token", store_id, refresh)
            holder, scopes, until, used_at, revoked_at, token_id = row
            renewable, used = frozenset(scopes.split()), used_at is not None
            state = RefreshState(holder, renewable, moment(until), used, revoked_at is not None)
            decision = decide_refresh(state, app_id, asked, pair.at)
            if decision.granted is None:
                return await self._refuse(transaction, family, decision, pair.at)
            await transaction.run("use_refresh_token", store_id, refresh, micros(pair.at))
            await transaction.run("revoke_token", token_id, micros(pair.at))
            await self._record(transaction, store_id, [Change("token.revoke", token_id)])
            granted = await _within_app(transaction, app_id, decision.granted)
            issued = IssuedTokens(pair, granted, renewable)
            await self._issue(transaction, family, app_id, issued)
            return issued

        return await self._redeem("authorization_of_refresh", refresh, redeem)

    async def expire(self, token_id: int, at: datetime) -> None:
        """Let an access token expire at `at`; its refresh token stays good. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            row = await _row(transaction, "token", token_id)
            await transaction.run("expire_token", token_id, micros(at))
            await self._record(transaction, row[1], [Change("token.update", token_id, ENDS)])

        await self._driver.write(work)

    async def end_family(self, token_id: int, at: datetime, *, reused: bool) -> None:
        """
        Revoke an access token, and every token of the same authorization.

        With `reused` the refresh tokens count as used too. Raises: NotFound; with `reused` also
        for an access token without a refresh token.
        """

        async def work(transaction: Transaction) -> None:
            _, store_id, *_, consent, _name = await _row(transaction, "token", token_id)
            family = None if consent is None else (store_id, consent)
            if family is not None:
                await transaction.one("lock_authorization", *family)
                await self._end(transaction, family, at)
            if reused and not (
                family and await transaction.run("use_refresh_tokens", *family, micros(at))
            ):
                raise NotFound
            await transaction.run("revoke_token", token_id, micros(at))
            if family is None:
                await self._record(transaction, store_id, [Change("token.revoke", token_id)])

        await self._driver.write(work)

    async def _issue(
        self,
        transaction: Transaction,
        family: Family,
        app_id: int,
        issued: IssuedTokens,
    ) -> None:
        await _insert(transaction, family, app_id, issued)
        await self._record(transaction, family[0], [Change("token.create", issued.pair.id)])

    async def _refuse(
        self, transaction: Transaction, family: Family, decision: GrantDecision, at: datetime
    ) -> OAuthRefused:
        if decision.too_wide:
            return too_wide(decision.too_wide)
        if decision.reused:
            await self._end(transaction, family, at)
        return invalid_grant(reused=decision.reused)

    async def _end(self, transaction: Transaction, family: Family, at: datetime) -> None:
        living = await transaction.all("living_tokens_of_family", *family)
        await transaction.run("revoke_authorization", *family, micros(at))
        await transaction.run("revoke_family", *family, micros(at))
        for (token_id,) in living:
            await self._record(transaction, family[0], [Change("token.revoke", token_id)])

    async def _redeem(
        self,
        lookup: str,
        digest: bytes,
        redeem: Callable[[Transaction, Family], Awaitable[IssuedTokens | OAuthRefused]],
    ) -> IssuedTokens:
        async def work(transaction: Transaction) -> IssuedTokens | OAuthRefused:
            row = await transaction.one(lookup, digest)
            if row is None:
                return invalid_grant()
            family = (row[0], row[1])
            await transaction.one("lock_authorization", *family)
            return await redeem(transaction, family)

        outcome = await self._write(work)
        if isinstance(outcome, OAuthRefused):  # raised after the commit, which ends the family
            raise outcome
        return outcome

    async def _write(self, work: Work[T]) -> T:
        try:
            return await self._driver.write(work)
        except Conflict as conflict:  # a new id or token is taken: another try has others
            raise Unavailable from conflict


def _family(consent: Consent) -> Family:
    return consent.store_id, consent.id


async def _row(transaction: Transaction, name: str, *key: object) -> Row:
    row = await transaction.one(name, *key)
    if row is None:
        raise NotFound
    return row


async def _authorize(transaction: Transaction, consent: Consent, code: Code | None) -> None:
    await require_store_and_app(transaction, consent.store_id, consent.app_id)
    where = (consent.store_id, consent.app_id, consent.owner_id)
    at, scopes = micros(consent.at), " ".join(sorted(consent.scopes))
    columns: tuple[object, ...] = (None,) * 5
    if code is not None:
        until = micros(code.expires_at)
        columns = (code.digest, code.redirect_uri, code.redirect_given, code.challenge, until)
    await transaction.run("install", *where, at)
    await transaction.run("insert_authorization", consent.id, *where, scopes, at, *columns)


async def _within_app(
    transaction: Transaction, app_id: int, scopes: frozenset[str]
) -> frozenset[str]:
    """Return the scopes that the app still has."""
    held = without_secret(await _row(transaction, "app", app_id)).scopes | {OFFLINE}
    return frozenset(scope for scope in scopes if satisfies(held, scope))


async def _insert(
    transaction: Transaction, family: Family, app_id: int, issued: IssuedTokens
) -> None:
    (store_id, consent), pair, shown = family, issued.pair, hint(issued.pair.access)
    info = TokenInfo(
        *(pair.id, store_id, app_id, issued.scopes, shown, pair.at, pair.access_until),
        revoked_at=None,
        authorization_id=consent,
    )
    await transaction.run("insert_token", digest(pair.access), *token_arguments(info))
    if issued.refresh is not None:
        key, text = digest(issued.refresh), " ".join(sorted(issued.renewable))
        values = (key, pair.id, text, micros(pair.at), micros(pair.refresh_until))
        await transaction.run("insert_refresh_token", *family, *values)
