"""Sessions of owners in a browser: a random cookie, stored as its digest, with an end."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.errors import NotFound
from sijill.oauth.owners import Owner, owner
from sijill.oauth.tokens import digest

SEEN = timedelta(minutes=1)
"""How much of its idle time a session may lose, so that not every page is a write."""


class SessionLife(NamedTuple):
    """How long a session lives: without being used, and at all."""

    idle: timedelta = timedelta(minutes=30)
    most: timedelta = timedelta(hours=12)


class Session(NamedTuple):
    """A session that is kept."""

    owner: Owner
    created_at: datetime
    seen_at: datetime


def is_over(visit: Session, life: SessionLife, now: datetime) -> bool:
    """Return whether a session has ended."""
    return now >= visit.created_at + life.most or now >= visit.seen_at + life.idle


def form_token(cookie: str) -> str:
    """
    Return what every form of a page must send back: it follows from the cookie, and not the
    other way, so whoever cannot read the page cannot send its form.
    """
    return hashlib.sha256(b"form:" + digest(cookie)).hexdigest()


def is_form_token(sent: str, cookie: str) -> bool:
    """Return whether a form was made for this cookie."""
    return secrets.compare_digest(sent.encode("utf-8", "replace"), form_token(cookie).encode())


KEPT = timedelta(days=30)
"""How long a session is kept at most; settings end it long before."""


class SessionTable:
    """Every session, under the digest of its cookie."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def open(self, session: bytes, owner_id: int, at: datetime) -> None:
        """
        Keep a new session, and forget those that were opened too long ago to go on.

        Raises: NotFound if the owner is gone; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            if await transaction.one("owner", owner_id) is None:
                raise NotFound
            await transaction.run("forget_sessions", micros(at - KEPT))
            await transaction.run("insert_session", session, owner_id, micros(at))

        await self._driver.write(work)

    async def find(self, session: bytes) -> Session | None:
        """
        Return a session, ended or not, or None.

        Raises: Unavailable.
        """
        row = await self._driver.one("session", session)
        if row is None:
            return None
        created_at, seen_at, *columns = row
        return Session(owner(columns), moment(created_at), moment(seen_at))

    async def touch(self, session: bytes, at: datetime) -> None:
        """
        Note that a session was used.

        Raises: Unavailable.
        """
        await self._driver.write(lambda tx: tx.run("see_session", session, micros(at)))

    async def close(self, session: bytes) -> None:
        """
        Forget a session; one that is not there is no error.

        Raises: Unavailable.
        """
        await self._driver.write(lambda tx: tx.run("close_session", session))
