"""The table of access tokens, which are stored as digests."""

from datetime import datetime

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.conflicts import write_unique
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.oauth.tokens import Grant, TokenInfo
from sijill.stores.table import store


class TokenTable(Audited):
    """The tokens of every store. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def grant(self, digest: bytes) -> Grant | None:
        """Return the grant of the token with this SHA-256, or None for an unknown token."""
        row = await self._driver.one("grant", digest)
        if row is None:
            return None
        token_id, app_id, scopes, expires_at, revoked_at, wallets, *columns = row
        expires = None if expires_at is None else expires_at / 1_000_000
        return Grant(
            *(token_id, app_id, store(columns), frozenset(scopes.split()), expires),
            *(revoked_at is not None, bool(wallets)),
        )

    async def add(self, digest: bytes, info: TokenInfo) -> None:
        """
        Insert a token under its SHA-256.

        Raises: Taken("token") if the digest is stored already, Taken("id") if the id is;
        NotFound for an unknown store or app.
        """

        async def work(transaction: Transaction) -> None:
            await require_store_and_app(transaction, info.store_id, info.app_id)
            await transaction.run("insert_token", digest, *token_arguments(info))
            await self._record(transaction, info.store_id, [Change("token.create", info.id)])

        await write_unique(self._driver, work)

    async def find(self, token_id: int) -> TokenInfo:
        """Return a token. Raises: NotFound."""
        row = await self._driver.one("token", token_id)
        if row is None:
            raise NotFound
        return _info(row)

    async def rotate(self, token_id: int, digest: bytes, info: TokenInfo, until: datetime) -> None:
        """
        Insert a token as `add`, which takes the place of another one that expires at `until`.

        Raises: as `add`; NotFound for an unknown token.
        """

        async def work(transaction: Transaction) -> None:
            if await transaction.one("token", token_id) is None:
                raise NotFound
            await transaction.run("insert_token", digest, *token_arguments(info))
            await transaction.run("expire_token", token_id, micros(until))
            made = [Change("token.create", info.id), Change("token.update", token_id, ENDS)]
            await self._record(transaction, info.store_id, made)

        await write_unique(self._driver, work)

    async def all(self, store_id: int | None = None) -> list[TokenInfo]:
        """Return the tokens of one store, or of every store, by id."""
        query = ["tokens"] if store_id is None else ["tokens_of_store", store_id]
        return [_info(row) for row in await self._driver.all(*query)]

    async def newest(self, store_id: int, now: datetime, limit: int) -> list[TokenInfo]:
        """Return tokens of a store: those that work first, and the newest of each first."""
        rows = await self._driver.all("newest_tokens", store_id, micros(now), limit)
        return [_info(row) for row in rows]

    async def apps(self, store_id: int, now: datetime) -> list[int]:
        """Return the ids of the apps that have a token of a store that works."""
        rows = await self._driver.all("apps_with_token", store_id, micros(now))
        return [app_id for (app_id,) in rows]

    async def revoke(self, token_id: int, at: datetime) -> None:
        """Revoke a token; a second time changes nothing. Raises: NotFound for an unknown token."""

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("token", token_id)
            if row is None:
                raise NotFound
            await transaction.run("revoke_token", token_id, micros(at))
            await self._record(transaction, row[1], [Change("token.revoke", token_id)])

        await self._driver.write(work)


ENDS = ("expires_at",)
"""The fields of a token whose end was moved."""


async def require_store_and_app(transaction: Transaction, store_id: int, app_id: int) -> None:
    """Raise NotFound unless the store and the app exist."""
    for name, key in (("store", store_id), ("app", app_id)):
        if await transaction.one(name, key) is None:
            raise NotFound


def token_arguments(info: TokenInfo) -> tuple[object, ...]:
    """Return the arguments of `insert_token` behind the digest."""
    return (
        *(info.id, info.store_id, info.app_id, " ".join(sorted(info.scopes)), info.hint),
        *(micros(info.created_at), maybe_micros(info.expires_at), maybe_micros(info.revoked_at)),
        *(info.authorization_id, info.name),
    )


def _info(row: Row) -> TokenInfo:
    id_, store_id, app_id, scopes, hint, created_at, expires_at, revoked_at, *rest = row
    return TokenInfo(
        *(id_, store_id, app_id, frozenset(scopes.split()), hint, moment(created_at)),
        *(maybe_moment(expires_at), maybe_moment(revoked_at), *rest),
    )
