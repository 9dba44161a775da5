"""Sessions of people in a browser: a random cookie, stored as its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.audit.changes import NO_STORE, Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.errors import NotFound
from sijill.oauth.people import Person, person
from sijill.oauth.tokens import digest

TOUCH_AFTER = timedelta(minutes=1)
"""How far the stored time of the last use may lag, so that not every page is a write."""


class SessionLife(NamedTuple):
    """How long a session lives without being used, and at most."""

    idle: timedelta = timedelta(minutes=30)
    max: timedelta = timedelta(hours=12)


class Session(NamedTuple):
    """A session, ended or not."""

    person: Person
    created_at: datetime
    seen_at: datetime


def is_over(session: Session, life: SessionLife, now: datetime) -> bool:
    """Return whether a session has ended, be it because its person is suspended."""
    if session.person.suspended_at is not None:
        return True
    return now >= session.created_at + life.max or now >= session.seen_at + life.idle


def form_token(cookie: str) -> str:
    """
    Return the CSRF token of every form on a page.

    It follows from the cookie, and not the other way round: another site that cannot read the
    page cannot send its form.
    """
    return hashlib.sha256(b"form:" + digest(cookie)).hexdigest()


def is_form_token(sent: str, cookie: str) -> bool:
    """Return whether a CSRF token was made from this cookie."""
    return secrets.compare_digest(sent.encode("utf-8", "replace"), form_token(cookie).encode())


class SessionTable(Audited):
    """Sessions, by the digest of the cookie. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def open(self, session: bytes, person_id: int, at: datetime) -> None:
        """Insert a session. Raises: NotFound without the person."""

        async def work(transaction: Transaction) -> None:
            if await transaction.one("person", person_id) is None:
                raise NotFound
            await transaction.run("insert_session", session, person_id, micros(at))
            await self._record(transaction, NO_STORE, [Change("person.sign_in", person_id)])

        await self._driver.write(work)

    async def find(self, session: bytes) -> Session | None:
        """Return a session, ended or not, or None."""
        row = await self._driver.one("session", session)
        if row is None:
            return None
        created_at, seen_at, *columns = row
        return Session(person(columns), moment(created_at), moment(seen_at))

    async def touch(self, session: bytes, at: datetime) -> None:
        """Store the time of a session's last use."""
        await self._driver.run("see_session", session, micros(at))

    async def close(self, session: bytes) -> None:
        """Delete a session; an unknown one is no error."""
        await self._driver.run("close_session", session)
