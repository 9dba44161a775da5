"""An owner: a person who may say for a store which apps get in."""

from datetime import datetime
from typing import NamedTuple, Protocol

from msgspec import Struct

from sijill.stores.model import Store


class Owner(Struct, frozen=True):
    """One person; the same one may own several stores."""

    id: int
    name: str
    email: str
    """What they sign in with; of two spellings that differ in case alone, one is kept."""
    mobile: str
    """International, as `+966…`, or ""."""
    created_at: datetime


class Known(NamedTuple):
    """An owner, and the hash of the password."""

    owner: Owner
    password: str


class Owners(Protocol):
    """Whoever keeps owners."""

    async def create_owner(self, owner: Owner, password: str, store_ids: list[int]) -> None:
        """
        Keep a new owner of some stores; `password` is its hash.

        Raises: Taken if the id or the e-mail is another's; NotFound for a store there is not;
        Unavailable.
        """

    async def set_up(
        self, link: bytes, owner: Owner, password: str, store: Store | None, at: datetime
    ) -> None:
        """
        Keep the first owner: of a new store, or of all there are where `store` is None.

        `link` is the digest of the one-time link, which is used up with it.
        Raises: NotFound if it is none, is used or has expired, or if there is an owner by now;
        Taken as above; Unavailable.
        """

    async def offer_set_up(self, link: bytes, expires_at: datetime) -> bool:
        """
        Keep the digest of a one-time link, in the place of any before it.

        Return False, and keep nothing, if there is an owner already. Raises: Unavailable.
        """

    async def is_set_up(self, link: bytes, at: datetime) -> bool:
        """
        Return whether this link has nothing to do: it is none, is used, has expired, or came late.

        Raises: Unavailable.
        """

    async def owner_of_email(self, email: str) -> Known | None:
        """
        Return who signs in with this e-mail, in any case, or None.

        Raises: Unavailable.
        """

    async def owners(self) -> list[Owner]:
        """
        Return every owner, by id.

        Raises: Unavailable.
        """

    async def stores_of(self, owner_id: int) -> list[Store]:
        """
        Return the stores somebody owns, by id.

        Raises: Unavailable.
        """

    async def installer(self, store_id: int, app_id: int) -> Owner | None:
        """
        Return who let an app into a store, or None where it was the operator.

        Raises: Unavailable.
        """

    async def set_password(self, owner_id: int, password: str) -> None:
        """
        Keep the hash of a new password; every session of the owner ends.

        Raises: NotFound; Unavailable.
        """
