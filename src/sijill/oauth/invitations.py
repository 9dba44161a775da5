"""Invitations: one-time links by which people make their accounts of a store."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec import Struct

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.conflicts import write_unique
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.oauth.people import Person, PersonTable
from sijill.oauth.roles import Role
from sijill.oauth.store_people import check_owner
from sijill.oauth.tokens import INVITATION
from sijill.stores.model import Store
from sijill.stores.table import store
from sijill.values.texts import email_key

GOOD_FOR = timedelta(days=3)
"""The lifetime of a link."""


class Invitation(Struct, frozen=True):
    """A person who may make an account of a store, in a role."""

    store_id: int
    id: int
    """The id that the account will have."""
    owner_id: int
    """The owner who invites; the link works as long as this person is an owner of the store."""
    name: str
    email: str
    role: Role
    expires_at: datetime


class Invited(NamedTuple):
    """An invitation as the invited person sees it."""

    invitation: Invitation
    store: Store


def is_invitation(link: str) -> bool:
    """Return whether the text of a one-time link is that of an invitation."""
    return link.startswith(INVITATION)


class InvitationTable(Audited):
    """The invitations of every store. Every method may raise Unavailable."""

    def __init__(
        self, driver: Driver, people: PersonTable, audited: ChangeLog | None = None
    ) -> None:
        self._driver, self._people, self._audited = driver, people, audited

    async def offer(self, link: bytes, new: Invitation) -> None:
        """
        Keep an invitation; one to the same e-mail and store no longer works then.

        `link` is the digest of the one-time link. Raises: PersonKept if who invites is no owner.
        """
        key = email_key(new.email)
        given = (new.owner_id, new.name, new.email, key, new.role, micros(new.expires_at))

        async def work(transaction: Transaction) -> None:
            await check_owner(transaction, new.owner_id, new.store_id)
            await transaction.run("replace_invitation", new.store_id, key)
            await transaction.run("insert_invitation", new.store_id, new.id, link, *given)
            told = Change("person.invite", new.id, ("name", "email", "role"))
            await self._record(transaction, new.store_id, [told])

        await self._driver.write(work)

    async def of_store(self, store_id: int, at: datetime) -> list[Invitation]:
        """Return the invitations of a store that still work, the one that ends first leading."""
        rows = await self._driver.all("invitations_of_store", store_id, micros(at))
        return [_invitation(row) for row in rows]

    async def find(self, link: bytes, at: datetime) -> Invited:
        """Return the invitation of a link. Raises: NotFound if it does not work, or no longer."""
        row = await self._driver.one("invitation", link, micros(at))
        if row is None:
            raise NotFound
        columns = len(Invitation.__struct_fields__)
        return Invited(_invitation(row[:columns]), store(row[columns:]))

    async def withdraw(self, store_id: int, invitation_id: int) -> None:
        """Let a link no longer work. Raises: NotFound."""

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("withdraw_invitation", store_id, invitation_id):
                raise NotFound
            told = Change("person.withdraw", invitation_id)
            await self._record(transaction, store_id, [told])

        await self._driver.write(work)

    async def accept(self, link: bytes, password: str, at: datetime) -> Person:
        """
        Make the account of an invitation, whose link is used up; `password` is a hash.

        Raises: NotFound if the link does not work; Taken for an e-mail that has an account by now.
        """

        async def work(transaction: Transaction) -> Person:
            row = await transaction.one("invitation", link, micros(at))
            if row is None or not await transaction.run("use_invitation", link):
                raise NotFound
            found = _invitation(row[: len(Invitation.__struct_fields__)])
            person = Person(found.id, found.name, found.email, "", at, found.role)
            people = self._people.by(self._cause).told_in(found.store_id).within(transaction)
            await people.create(person, password, [found.store_id])
            return person

        return await write_unique(self._driver, work)


def _invitation(row: Row) -> Invitation:
    values: dict[str, Any] = dict(zip(Invitation.__struct_fields__, row, strict=True))
    return Invitation(**values | {"expires_at": moment(values["expires_at"])})
