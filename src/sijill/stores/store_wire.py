"""A store as Salla's JSON."""

from msgspec import Struct

from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES


class Licenses(Struct):
    """The numbers of a store's licences."""

    tax_number: str = ""
    commercial_number: str = ""
    freelance_number: str = ""


class Social(Struct):
    """The store's accounts and apps elsewhere."""

    telegram: str = ""
    twitter: str = ""
    facebook: str = ""
    maroof: str = ""
    youtube: str = ""
    snapchat: str = ""
    whatsapp: str = ""
    appstore_link: str = ""
    googleplay_link: str = ""


class StoreAnswer(Struct, kw_only=True):
    """A store; keys that Sijill does not store are "". Source: Salla "Store Information"."""

    id: int
    name: str
    entity: str = "company"
    email: str = ""
    avatar: str
    plan: str
    type: str = "live"
    status: str = "active"
    verified: bool = False
    currency: str
    domain: str = ""
    description: str = ""
    licenses: Licenses
    social: Social


def info(store: Store) -> StoreAnswer:
    """Return a store as Salla's Store Information shows it."""
    return StoreAnswer(
        id=store.id,
        name=store.name,
        avatar=avatar(store),
        plan=plan(store),
        currency=store.currency,
        licenses=Licenses(),
        social=Social(),
    )


def avatar(store: Store) -> str:
    """Return the picture of a store."""
    return store.avatar_male or PROFILES[store.profile].avatars[""]


def plan(store: Store) -> str:
    """Return the plan of a store; without a plan's limit it is Salla's plan that has none."""
    return store.plan or "basic"
