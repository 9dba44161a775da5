"""Sessions of owners in the database; see `auth.sessions.Sessions`."""

from datetime import datetime, timedelta

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.errors import NotFound
from sijill.oauth.owner_table import owner
from sijill.oauth.sessions import Session

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
