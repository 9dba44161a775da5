"""
People with an account, of some stores, in a role.

They are called owners after the first role, whose people decide which apps may act in a store.
"""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from sijill.audit.changes import NO_STORE, Audited, Change, ChangeLog
from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.conflicts import write_unique
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.oauth.roles import Role
from sijill.stores.model import Store
from sijill.stores.table import StoreTable, store
from sijill.values.texts import email_key, parse_email


class Owner(Struct, frozen=True):
    """One person, who may own several stores."""

    id: int
    name: str
    email: str
    """The name of the account, unique apart from case."""
    mobile: str
    """International, as `+966…`, or ""."""
    created_at: datetime
    role: Role = "owner"
    suspended_at: datetime | None = None
    """Since when the person cannot sign in; None for one who can."""


class OwnerAccount(NamedTuple):
    """An owner, and the hash of the password."""

    owner: Owner
    password: str


class OwnerTable(Audited):
    """Owners, their stores and set-up links. Every method may raise Unavailable."""

    def __init__(
        self, driver: Driver, stores: StoreTable, audited: ChangeLog | None = None
    ) -> None:
        self._driver, self._stores, self._audited = driver, stores, audited

    async def create(self, owner: Owner, password: str, store_ids: list[int]) -> None:
        """
        Insert an owner of some stores; `password` is its hash.

        Raises: Taken for the id or the e-mail of another owner; NotFound for an unknown store.
        """

        async def work(transaction: Transaction) -> None:
            await _insert(transaction, owner, password)
            await _give(transaction, owner.id, store_ids)
            await self._tell(transaction, "person.create", owner.id, *_given(owner))

        await write_unique(self._driver, work)

    async def set_up(
        self, link: bytes, owner: Owner, password: str, store: Store | None, at: datetime
    ) -> None:
        """
        Insert the first owner: of a new store, or of every store where `store` is None.

        `link` is the digest of the one-time link, which this uses up.
        Raises: NotFound if the link is unknown, used or expired, or if an owner exists; Taken as
        `create`, or if a store has the name.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.one("lock_owners")
            if await _has_owner(transaction):
                raise NotFound
            if not await transaction.run("use_setup_link", link, micros(at)):
                raise NotFound
            await _insert(transaction, owner, password)
            if store is None:
                await transaction.run("own_every_store", owner.id)
            else:
                await self._stores.insert(transaction, store)
                await transaction.run("own_store", owner.id, store.id)
            await self._tell(transaction, "person.create", owner.id, *_given(owner))

        await write_unique(self._driver, work)

    async def offer_set_up(self, link: bytes, expires_at: datetime) -> bool:
        """Replace the digest of the one-time link; return False instead if an owner exists."""

        async def work(transaction: Transaction) -> bool:
            await transaction.one("lock_owners")
            if await _has_owner(transaction):
                return False
            await transaction.run("forget_setup_links")
            await transaction.run("insert_setup_link", link, micros(expires_at))
            return True

        return await self._driver.write(work)

    async def is_set_up(self, link: bytes, at: datetime) -> bool:
        """Return whether a link is unknown, used, expired, or too late: an owner exists."""
        if await _has_owner(self._driver):
            return True
        return await self._driver.one("setup_link", link, micros(at)) is None

    async def find_by_email(self, email: str) -> OwnerAccount | None:
        """Return the account of an e-mail, in any case, or None."""
        try:
            key = email_key(parse_email(email))
        except ValueError:
            return None
        row = await self._driver.one("owner_of_email", key)
        return None if row is None else OwnerAccount(owner(row[1:]), row[0])

    async def all(self) -> list[Owner]:
        """Return every owner, by id."""
        return [owner(row) for row in await self._driver.all("owners")]

    async def stores_of(self, owner_id: int) -> list[Store]:
        """Return the stores of an owner, by id."""
        return [store(row) for row in await self._driver.all("stores_of", owner_id)]

    async def of_store(self, store_id: int) -> list[Owner]:
        """Return the owners of a store, by id."""
        return [owner(row) for row in await self._driver.all("owners_of_store", store_id)]

    async def update(self, owner: Owner, store_ids: list[int] | None = None) -> None:
        """
        Replace the name, the e-mail and the mobile of an owner; with `store_ids` also the stores.

        Raises: NotFound for an unknown owner or store; Taken for the e-mail of another owner.
        """

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("owner", owner.id)
            columns = (owner.name, owner.email, email_key(owner.email), owner.mobile)
            if row is None or not await transaction.run("update_owner", owner.id, *columns):
                raise NotFound
            fields = _changed(row, owner)
            if store_ids is not None:
                await transaction.run("disown_stores", owner.id)
                await _give(transaction, owner.id, store_ids)
                fields = (*fields, "stores")
            if fields:
                await self._tell(transaction, "person.update", owner.id, *fields)

        await write_unique(self._driver, work)

    async def remove(self, owner_id: int) -> None:
        """Remove an owner, who is signed out everywhere; installs stay. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("remove_owner", owner_id):
                raise NotFound
            await self._tell(transaction, "person.delete", owner_id)

        await self._driver.write(work)

    async def set_role(self, owner_id: int, role: Role) -> None:
        """Give a person another role; it holds for the next page of a session. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("set_role", owner_id, role):
                raise NotFound
            await self._tell(transaction, "person.update", owner_id, "role")

        await self._driver.write(work)

    async def suspend(self, owner_id: int, at: datetime | None) -> None:
        """
        Suspend a person and end every session of the person; with None let the person sign in.

        Raises: NotFound.
        """

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("suspend_owner", owner_id, maybe_micros(at)):
                raise NotFound
            await transaction.run("close_sessions_of", owner_id)
            await self._tell(transaction, "person.update", owner_id, "suspended_at")

        await self._driver.write(work)

    async def user_of(self, store_id: int, app_id: int) -> Owner | None:
        """
        Return the owner who installed an app in a store.

        If no owner did, it is the oldest owner of the store, or None for a store without owners.
        """
        row = await self._driver.one("user_of", store_id, app_id)
        return None if row is None else owner(row)

    async def set_password(self, owner_id: int, password: str) -> None:
        """Replace the hash of a password, and end every session of the owner. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("set_password", owner_id, password):
                raise NotFound
            await transaction.run("close_sessions_of", owner_id)
            await self._tell(transaction, "person.update", owner_id, "password")

        await self._driver.write(work)

    async def _tell(
        self, transaction: Transaction, action: str, owner_id: int, *fields: str
    ) -> None:
        await self._record(transaction, NO_STORE, [Change(action, owner_id, fields)])


def owner(row: Row) -> Owner:
    """Return the owner of a row of `owner_columns`."""
    id_, name, email, mobile, created_at, role, suspended_at = row
    since = maybe_moment(suspended_at)
    return Owner(id_, name, email, mobile, moment(created_at), role, since)


async def _has_owner(database: Driver | Transaction) -> bool:
    row = await database.one("any_owner")
    return row is not None and row[0] > 0


async def _give(transaction: Transaction, owner_id: int, store_ids: list[int]) -> None:
    """Give stores to an owner. Raises: NotFound."""
    for store_id in store_ids:
        if await transaction.one("store", store_id) is None:
            raise NotFound
        await transaction.run("own_store", owner_id, store_id)


async def _insert(transaction: Transaction, owner: Owner, password: str) -> None:
    columns = (owner.id, owner.name, owner.email, email_key(owner.email), owner.mobile)
    await transaction.run("insert_owner", *columns, password, micros(owner.created_at), owner.role)


def _changed(row: Row, new: Owner) -> tuple[str, ...]:
    """Return the names of the fields by which a person differs from the row of before."""
    old = owner(row)
    return tuple(name for name in _FIELDS[:3] if getattr(old, name) != getattr(new, name))


def _given(new: Owner) -> tuple[str, ...]:
    """Return the names of the fields that a new person has."""
    return tuple(name for name in _FIELDS if getattr(new, name))


_FIELDS = ("name", "email", "mobile", "role")
