"""Reveals: a person sees values whole for five minutes, for a reason and a ticket, on record."""

from collections.abc import Set
from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.audit.causes import REASONS, parse_ticket
from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros
from sijill.database.driver import Driver, Transaction
from sijill.errors import Invalid, NotFound
from sijill.oauth.people import Person
from sijill.oauth.roles import may

LASTS = timedelta(minutes=5)

_EVERYBODY = 0
"""Stands for every customer of a store: no customer has this id."""


class Revealed(NamedTuple):
    """The customers of a store that a person sees whole, asked by `id in revealed`."""

    ids: Set[int] = frozenset()

    @property
    def everybody(self) -> bool:
        """Whether every customer is meant, so that a search may find by beginnings."""
        return _EVERYBODY in self.ids

    def __contains__(self, customer_id: object) -> bool:
        return self.everybody or customer_id in self.ids


NOBODY = Revealed()


class RevealTable(Audited):
    """The reveals of every store, kept with the register. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def open(
        self,
        person: Person,
        store_id: int,
        customer_id: int | None,
        reason: str,
        ticket: str,
        now: datetime,
    ) -> datetime:
        """
        Let a person see a customer whole, with None every customer of a store; return until when.

        `reason` is a row of `audit.causes.REASONS`, `ticket` the number of a ticket, as HELP-1234.
        Raises: Invalid naming `reason` or `ticket`; NotFound if the role of the person does not
        permit it, or the person or the customer does not belong to the store.
        """
        cause = self._cause._replace(reason=_reason(reason), ticket=_ticket(ticket))
        if person.suspended_at is not None or not may(person.role, "reveal"):
            raise NotFound
        until = now + LASTS

        async def work(transaction: Transaction) -> None:
            who = (store_id, person.id, _EVERYBODY if customer_id is None else customer_id)
            times = (micros(now), micros(until))
            if not await transaction.run("reveal", *who, reason, ticket, *times):
                raise NotFound
            change = Change("customer.reveal", customer_id)
            await self.by(cause)._record(transaction, store_id, [change])

        await self._driver.write(work)
        return until

    async def of(self, person: Person, store_id: int, now: datetime) -> Revealed:
        """Return whom a person sees whole; nobody, if the role does not permit it by now."""
        if not may(person.role, "reveal"):
            return NOBODY
        rows = await self._driver.all("revealed", store_id, person.id, micros(now))
        return Revealed(frozenset(row[0] for row in rows))

    async def end(self, person: Person, store_id: int) -> None:
        """Let a person see everybody masked again."""
        await self._driver.run("hide", store_id, person.id)


def _reason(text: str) -> str:
    if text not in REASONS:
        raise Invalid({"reason": ["invalid"]})
    return text


def _ticket(text: str) -> str:
    try:
        return parse_ticket(text)
    except ValueError:
        raise Invalid({"ticket": ["required" if not text else "invalid"]}) from None
