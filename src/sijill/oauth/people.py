"""
People with an account, of some stores, in a role.

Their tables in the database are `owners` and `owner_stores`, after the first role.
"""

from copy import copy
from datetime import datetime
from typing import NamedTuple, Self

from msgspec import Struct

from sijill.audit.changes import NO_STORE, Audited, Change, ChangeLog
from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.conflicts import write_unique
from sijill.database.driver import Driver, Row, Transaction, TransactionDriver
from sijill.errors import NotFound
from sijill.oauth.roles import Role
from sijill.stores.model import Store
from sijill.stores.table import StoreTable, store
from sijill.values.texts import email_key, parse_email


class Person(Struct, frozen=True):
    """One person, who may have several stores."""

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


class PersonAccount(NamedTuple):
    """A person, and the hash of the password."""

    person: Person
    password: str


class PersonTable(Audited):
    """People, their stores and set-up links. Every method may raise Unavailable."""

    def __init__(
        self, driver: Driver, stores: StoreTable, audited: ChangeLog | None = None
    ) -> None:
        self._driver, self._stores, self._audited = driver, stores, audited
        self._told_in = NO_STORE

    def within(self, transaction: Transaction) -> Self:
        """Return the same table inside a transaction: its writes become durable with its end."""
        table = copy(self)
        table._driver = TransactionDriver(transaction, self._driver.dialect)
        return table

    def told_in(self, store_id: int) -> Self:
        """Return the same table, whose changes the audit log of a store tells."""
        table = copy(self)
        table._told_in = store_id
        return table

    async def create(self, person: Person, password: str, store_ids: list[int]) -> None:
        """
        Insert a person of some stores; `password` is its hash.

        Raises: Taken for the id or the e-mail of another person; NotFound for an unknown store.
        """

        async def work(transaction: Transaction) -> None:
            await _insert(transaction, person, password)
            await _give(transaction, person.id, store_ids)
            await self._tell(transaction, "person.create", person.id, *_given(person))

        await write_unique(self._driver, work)

    async def set_up(
        self, link: bytes, person: Person, password: str, store: Store | None, at: datetime
    ) -> None:
        """
        Insert the first owner: of a new store, or of every store where `store` is None.

        `link` is the digest of the one-time link, which this uses up.
        Raises: NotFound if the link is unknown, used or expired, or if a person exists; Taken as
        `create`, or if a store has the name.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.one("lock_people")
            if await _has_person(transaction):
                raise NotFound
            if not await transaction.run("use_setup_link", link, micros(at)):
                raise NotFound
            await _insert(transaction, person, password)
            if store is None:
                await transaction.run("own_every_store", person.id)
            else:
                await self._stores.insert(transaction, store)
                await transaction.run("own_store", person.id, store.id)
            await self._tell(transaction, "person.create", person.id, *_given(person))

        await write_unique(self._driver, work)

    async def offer_set_up(self, link: bytes, expires_at: datetime) -> bool:
        """Replace the digest of the one-time link; return False instead if a person exists."""

        async def work(transaction: Transaction) -> bool:
            await transaction.one("lock_people")
            if await _has_person(transaction):
                return False
            await transaction.run("forget_setup_links")
            await transaction.run("insert_setup_link", link, micros(expires_at))
            return True

        return await self._driver.write(work)

    async def is_set_up(self, link: bytes, at: datetime) -> bool:
        """Return whether a link is unknown, used, expired, or too late: a person exists."""
        if await _has_person(self._driver):
            return True
        return await self._driver.one("setup_link", link, micros(at)) is None

    async def find_by_email(self, email: str) -> PersonAccount | None:
        """Return the account of an e-mail, in any case, or None."""
        try:
            key = email_key(parse_email(email))
        except ValueError:
            return None
        row = await self._driver.one("person_of_email", key)
        return None if row is None else PersonAccount(person(row[1:]), row[0])

    async def all(self) -> list[Person]:
        """Return every person, by id."""
        return [person(row) for row in await self._driver.all("people")]

    async def stores_of(self, person_id: int) -> list[Store]:
        """Return the stores of a person, by id."""
        return [store(row) for row in await self._driver.all("stores_of", person_id)]

    async def find(self, store_id: int, person_id: int) -> Person:
        """Return a person of a store. Raises: NotFound."""
        row = await self._driver.one("person_of_store", person_id, store_id)
        if row is None:
            raise NotFound
        return person(row)

    async def of_store(self, store_id: int) -> list[Person]:
        """Return the people of a store, by id."""
        return [person(row) for row in await self._driver.all("people_of_store", store_id)]

    async def update(self, person: Person, store_ids: list[int] | None = None) -> None:
        """
        Replace the name, the e-mail and the mobile of a person; with `store_ids` also the stores.

        Raises: NotFound for an unknown person or store; Taken for the e-mail of another person.
        """

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("person", person.id)
            columns = (person.name, person.email, email_key(person.email), person.mobile)
            if row is None or not await transaction.run("update_person", person.id, *columns):
                raise NotFound
            fields = _changed(row, person)
            if store_ids is not None:
                await transaction.run("disown_stores", person.id)
                await _give(transaction, person.id, store_ids)
                fields = (*fields, "stores")
            if fields:
                await self._tell(transaction, "person.update", person.id, *fields)

        await write_unique(self._driver, work)

    async def remove(self, person_id: int) -> None:
        """Remove a person, who is signed out everywhere; installs stay. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("remove_person", person_id):
                raise NotFound
            await self._tell(transaction, "person.delete", person_id)

        await self._driver.write(work)

    async def set_role(self, person_id: int, role: Role) -> None:
        """Give a person another role; it holds for the next page of a session. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("set_role", person_id, role):
                raise NotFound
            await self._tell(transaction, "person.update", person_id, "role")

        await self._driver.write(work)

    async def suspend(self, person_id: int, at: datetime | None) -> None:
        """
        Suspend a person and end every session of the person; with None let the person sign in.

        Raises: NotFound.
        """

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("suspend_person", person_id, maybe_micros(at)):
                raise NotFound
            await transaction.run("close_sessions_of", person_id)
            await self._tell(transaction, "person.update", person_id, "suspended_at")

        await self._driver.write(work)

    async def user_of(self, store_id: int, app_id: int) -> Person | None:
        """
        Return the owner who installed an app in a store.

        If no owner did, it is the oldest owner of the store, or None for a store without owners.
        """
        row = await self._driver.one("user_of", store_id, app_id)
        return None if row is None else person(row)

    async def set_password(self, person_id: int, password: str) -> None:
        """Replace the hash of a password, and end every session of the person. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("set_password", person_id, password):
                raise NotFound
            await transaction.run("close_sessions_of", person_id)
            await self._tell(transaction, "person.update", person_id, "password")

        await self._driver.write(work)

    async def _tell(
        self, transaction: Transaction, action: str, person_id: int, *fields: str
    ) -> None:
        await self._record(transaction, self._told_in, [Change(action, person_id, fields)])


def person(row: Row) -> Person:
    """Return the person of a row of `person_columns`."""
    id_, name, email, mobile, created_at, role, suspended_at = row
    since = maybe_moment(suspended_at)
    return Person(id_, name, email, mobile, moment(created_at), role, since)


async def _has_person(database: Driver | Transaction) -> bool:
    row = await database.one("any_person")
    return row is not None and row[0] > 0


async def _give(transaction: Transaction, person_id: int, store_ids: list[int]) -> None:
    """Give stores to a person. Raises: NotFound."""
    for store_id in store_ids:
        if await transaction.one("store", store_id) is None:
            raise NotFound
        await transaction.run("own_store", person_id, store_id)


async def _insert(transaction: Transaction, person: Person, password: str) -> None:
    columns = (person.id, person.name, person.email, email_key(person.email), person.mobile)
    await transaction.run(
        "insert_person", *columns, password, micros(person.created_at), person.role
    )


def _changed(row: Row, new: Person) -> tuple[str, ...]:
    """Return the names of the fields by which a person differs from the row of before."""
    old = person(row)
    return tuple(name for name in _FIELDS[:3] if getattr(old, name) != getattr(new, name))


def _given(new: Person) -> tuple[str, ...]:
    """Return the names of the fields that a new person has."""
    return tuple(name for name in _FIELDS if getattr(new, name))


_FIELDS = ("name", "email", "mobile", "role")
