"""A store: Salla's merchant."""

from typing import Literal, Protocol

from msgspec import Struct

Plan = Literal["plus", "pro", "special"]
PLANS: tuple[Plan, ...] = ("plus", "pro", "special")

ProfileName = Literal["documented", "observed"]


class Store(Struct, frozen=True):
    """
    One tenant. Everything about a customer belongs to exactly one store.

    `plan` None is a store without a plan limit; `customer_url` and `admin_url` are templates in
    which `{id}` stands for the customer's id; "" for an avatar means the profile's default.
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


class InStore(Protocol):
    """A grant, as far as stores need to know it: it belongs to one store."""

    @property
    def store(self) -> Store: ...
