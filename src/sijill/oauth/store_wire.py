"""A store as Salla's JSON: Store Information, and who stands behind a token."""

from collections.abc import Collection

from msgspec import Struct

from sijill.oauth.owners import Owner
from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES
from sijill.values.dates import wall_text


class Licenses(Struct):
    """The numbers of a store's licences."""

    tax_number: str = ""
    commercial_number: str = ""
    freelance_number: str = ""


class Social(Struct):
    """Where else a store is found."""

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
    """A store; what Sijill does not keep is "". Source: Salla "Store Information"."""

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


class Merchant(Struct, kw_only=True):
    """The store in User Information."""

    id: int
    username: str
    name: str
    avatar: str
    store_location: str = ""
    plan: str
    status: str = "active"
    domain: str = ""
    tax_number: str = ""
    commercial_number: str = ""
    created_at: str = ""


class Context(Struct):
    """What a token is good for; `exp` is in UTC epoch seconds."""

    app: str
    scope: str
    exp: int


class UserAnswer(Struct, kw_only=True):
    """
    Whoever installed an app.

    Source: Salla "User Information", and the `context` that Salla's own PHP client reads.
    """

    id: int
    name: str
    email: str
    mobile: str
    role: str = "user"
    created_at: str
    merchant: Merchant
    context: Context


NEVER = 2**31 - 1
"""The expiry of a token that has none: clients read a number here."""


def info(store: Store) -> StoreAnswer:
    """Return what Salla tells of a store."""
    return StoreAnswer(
        id=store.id,
        name=store.name,
        avatar=_avatar(store),
        plan=_plan(store),
        currency=store.currency,
        licenses=Licenses(),
        social=Social(),
    )


def user(
    store: Store,
    app_id: int,
    scopes: Collection[str],
    expires_at: float | None,
    owner: Owner | None = None,
) -> UserAnswer:
    """
    Return whoever installed the app, the store, and what the token is good for.

    Without an owner (an operator installed it) the store stands for its own. `expires_at` is in
    UTC epoch seconds.
    """
    return UserAnswer(
        id=store.id if owner is None else owner.id,
        name=store.name if owner is None else owner.name,
        email="" if owner is None else owner.email,
        mobile="" if owner is None else owner.mobile,
        created_at="" if owner is None else wall_text(owner.created_at, store.timezone),
        merchant=Merchant(
            id=store.id,
            username=store.name,
            name=store.name,
            avatar=_avatar(store),
            plan=_plan(store),
        ),
        context=Context(
            app=str(app_id),
            scope=" ".join(sorted(scopes)),
            exp=NEVER if expires_at is None else int(expires_at),
        ),
    )


def _avatar(store: Store) -> str:
    return store.avatar_male or PROFILES[store.profile].avatars[""]


def _plan(store: Store) -> str:
    """A store without a plan's limit is told as the plan that has none at Salla."""
    return store.plan or "basic"
