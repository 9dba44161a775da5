"""Owners: the persons who decide for a store which apps may act in it."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from sijill.database.columns import micros, moment
from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.stores.model import Store
from sijill.stores.table import StoreTable, store
from sijill.values.texts import email_key, parse_email


class Owner(Struct, frozen=True):
    """One person; the same one may own several stores."""

    id: int
    name: str
    email: str
    """What they sign in with; of two spellings that differ in case alone, one is kept."""
    mobile: str
    """International, as `+966…`, or ""."""
    created_at: datetime


class OwnerAccount(NamedTuple):
    """An owner, and the hash of the password."""

    owner: Owner
    password: str


class OwnerTable:
    """Every owner, and which stores are theirs."""

    def __init__(self, driver: Driver, stores: StoreTable) -> None:
        self._driver, self._stores = driver, stores

    async def create(self, owner: Owner, password: str, store_ids: list[int]) -> None:
        """
        Keep a new owner of some stores; `password` is its hash.

        Raises: Taken if the id or the e-mail is another's; NotFound for a store there is not;
        Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            await _insert(transaction, owner, password)
            for store_id in store_ids:
                if await transaction.one("store", store_id) is None:
                    raise NotFound
                await transaction.run("own_store", owner.id, store_id)

        try:
            await self._driver.write(work)
        except Conflict as conflict:
            raise taken(conflict) from None

    async def set_up(
        self, link: bytes, owner: Owner, password: str, store: Store | None, at: datetime
    ) -> None:
        """
        Keep the first owner: of a new store, or of all there are where `store` is None.

        `link` is the digest of the one-time link, which is used up with it.
        Raises: NotFound if it is none, is used or has expired, or if there is an owner by now;
        Taken as above; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.one("lock_owners")
            if await _any(transaction):
                raise NotFound
            if not await transaction.run("use_setup_link", link, micros(at)):
                raise NotFound
            if store is not None:
                await self._stores.insert(transaction, store)
            await _insert(transaction, owner, password)
            if store is None:
                await transaction.run("own_every_store", owner.id)
            else:
                await transaction.run("own_store", owner.id, store.id)

        try:
            await self._driver.write(work)
        except Conflict as conflict:
            raise taken(conflict) from None

    async def offer_set_up(self, link: bytes, expires_at: datetime) -> bool:
        """
        Keep the digest of a one-time link, in the place of any before it.

        Return False, and keep nothing, if there is an owner already. Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> bool:
            await transaction.one("lock_owners")
            if await _any(transaction):
                return False
            await transaction.run("forget_setup_links")
            await transaction.run("insert_setup_link", link, micros(expires_at))
            return True

        return await self._driver.write(work)

    async def is_set_up(self, link: bytes, at: datetime) -> bool:
        """
        Return whether this link has nothing to do: it is none, is used, has expired, or came late.

        Raises: Unavailable.
        """
        row = await self._driver.one("any_owner")
        if row is None or row[0]:
            return True
        return await self._driver.one("setup_link", link, micros(at)) is None

    async def find_by_email(self, email: str) -> OwnerAccount | None:
        """
        Return who signs in with this e-mail, in any case, or None.

        Raises: Unavailable.
        """
        try:
            key = email_key(parse_email(email))
        except ValueError:
            return None
        row = await self._driver.one("owner_of_email", key)
        return None if row is None else OwnerAccount(owner(row[1:]), row[0])

    async def all(self) -> list[Owner]:
        """
        Return every owner, by id.

        Raises: Unavailable.
        """
        return [owner(row) for row in await self._driver.all("owners")]

    async def stores_of(self, owner_id: int) -> list[Store]:
        """
        Return the stores somebody owns, by id.

        Raises: Unavailable.
        """
        return [store(row) for row in await self._driver.all("stores_of", owner_id)]

    async def installer(self, store_id: int, app_id: int) -> Owner | None:
        """
        Return who let an app into a store, or None where it was the operator.

        Raises: Unavailable.
        """
        row = await self._driver.one("installer", store_id, app_id)
        return None if row is None else owner(row)

    async def set_password(self, owner_id: int, password: str) -> None:
        """
        Keep the hash of a new password; every session of the owner ends.

        Raises: NotFound; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("set_password", owner_id, password):
                raise NotFound
            await transaction.run("close_sessions_of", owner_id)

        await self._driver.write(work)


def owner(row: Row) -> Owner:
    """Return the owner of a row that holds `owner_columns`."""
    id_, name, email, mobile, created_at = row
    return Owner(id_, name, email, mobile, moment(created_at))


async def _any(transaction: Transaction) -> bool:
    row = await transaction.one("any_owner")
    return row is not None and row[0] > 0


async def _insert(transaction: Transaction, owner: Owner, password: str) -> None:
    mine = (owner.id, owner.name, owner.email, email_key(owner.email))
    await transaction.run("insert_owner", *mine, owner.mobile, password, micros(owner.created_at))
