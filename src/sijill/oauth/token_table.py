"""The table of access tokens, which are stored as digests."""

from datetime import datetime

from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.oauth.tokens import Grant, TokenInfo
from sijill.stores.table import store


class TokenTable:
    """The tokens of every store."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def grant(self, digest: bytes) -> Grant | None:
        """
        Return what the token with this SHA-256 stands for, or None if there is no such token.

        Raises: Unavailable.
        """
        row = await self._driver.one("grant", digest)
        if row is None:
            return None
        token_id, app_id, scopes, expires_at, revoked_at, wallets, *columns = row
        expires = None if expires_at is None else expires_at / 1_000_000
        return Grant(
            token_id,
            app_id,
            store(columns),
            frozenset(scopes.split()),
            expires,
            revoked_at is not None,
            bool(wallets),
        )

    async def add(self, digest: bytes, info: TokenInfo) -> None:
        """
        Keep a new token under its SHA-256.

        Raises: Taken("token") if it is kept already, Taken("id") if its id is another's;
        NotFound if its store or app is unknown; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            for name, key in (("store", info.store_id), ("app", info.app_id)):
                if await transaction.one(name, key) is None:
                    raise NotFound
            await transaction.run("insert_token", digest, *token_arguments(info))

        try:
            await self._driver.write(work)
        except Conflict as conflict:
            raise taken(conflict) from None

    async def all(self, store_id: int | None = None) -> list[TokenInfo]:
        """
        Return the tokens of one store, or of every store, by id.

        Raises: Unavailable.
        """
        if store_id is None:
            rows = await self._driver.all("tokens")
        else:
            rows = await self._driver.all("tokens_of_store", store_id)
        return [_info(row) for row in rows]

    async def revoke(self, token_id: int, at: datetime) -> None:
        """
        Revoke a token for good; a second time changes nothing.

        Raises: NotFound if there is no such token; Unavailable.
        """
        found = await self._driver.write(lambda tx: tx.run("revoke_token", token_id, micros(at)))
        if not found:
            raise NotFound


def token_arguments(info: TokenInfo) -> tuple[object, ...]:
    """Return the arguments of `insert_token` behind the digest."""
    return (
        info.id,
        info.store_id,
        info.app_id,
        " ".join(sorted(info.scopes)),
        info.hint,
        micros(info.created_at),
        maybe_micros(info.expires_at),
        maybe_micros(info.revoked_at),
        info.authorization_id,
    )


def _info(row: Row) -> TokenInfo:
    token_id, store_id, app_id, scopes, hint, created_at, expires_at, revoked_at, family = row
    return TokenInfo(
        token_id,
        store_id,
        app_id,
        frozenset(scopes.split()),
        hint,
        moment(created_at),
        maybe_moment(expires_at),
        maybe_moment(revoked_at),
        family,
    )
