"""A store, which is Salla's merchant, and Salla's own sample store."""

from datetime import UTC, datetime
from typing import Literal, Protocol

from msgspec import Struct

Plan = Literal["plus", "pro", "special"]
PLANS: tuple[Plan, ...] = ("plus", "pro", "special")

ProfileName = Literal["documented", "observed"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Store(Struct, frozen=True):
    """
    One tenant. All data of a customer belong to exactly one store.

    A store whose `plan` is None has no plan limit. `customer_url` and `admin_url` are templates in
    which `{id}` stands for the customer's id. An avatar of "" means the profile's default.
    """

    id: int
    name: str
    plan: Plan | None = None
    profile: ProfileName = "documented"
    timezone: str = "Asia/Riyadh"
    locale: str = "ar"
    currency: str = "SAR"
    customer_url: str = ""
    admin_url: str = ""
    avatar_male: str = ""
    avatar_female: str = ""
    created_at: datetime = EPOCH


class InStore(Protocol):
    """The part of a grant that stores need: its store."""

    @property
    def store(self) -> Store: ...


CUSTOMER_ID = 2075683582
"""The customer of Salla's Customer Details page, who belongs to the sample store."""

SHOP = Store(
    id=1305146709,
    name="demo",
    plan="special",
    customer_url="https://shtara.com/profile",
    admin_url="https://shtara.com/profiley",
    created_at=datetime(2021, 12, 31, 9, 59, 59, tzinfo=UTC),
)
"""
The store that the demo serves and the description shows.

Its addresses are those of that page, its plan is the one with the most requests, and it was created
when the merchant of "User Information" was.
"""
