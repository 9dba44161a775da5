"""A store as Salla's JSON: Store Information, and who stands behind a token."""

from collections.abc import Collection
from typing import Any

from sijill.oauth.owners import Owner
from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES
from sijill.values.dates import wall_text

_LICENSES = ("tax_number", "commercial_number", "freelance_number")
_SOCIAL = (
    "telegram",
    "twitter",
    "facebook",
    "maroof",
    "youtube",
    "snapchat",
    "whatsapp",
    "appstore_link",
    "googleplay_link",
)

NEVER = 2**31 - 1
"""The expiry of a token that has none: clients read a number here."""


def info(store: Store) -> dict[str, Any]:
    """
    Return what Salla tells of a store; what Sijill does not keep is "".

    Source: Salla "Store Information", GET /store/info.
    """
    return {
        "id": store.id,
        "name": store.name,
        "entity": "company",
        "email": "",
        "avatar": _avatar(store),
        "plan": _plan(store),
        "type": "live",
        "status": "active",
        "verified": False,
        "currency": store.currency,
        "domain": "",
        "description": "",
        "licenses": dict.fromkeys(_LICENSES, ""),
        "social": dict.fromkeys(_SOCIAL, ""),
    }


def user(
    store: Store,
    app_id: int,
    scopes: Collection[str],
    expires_at: float | None,
    owner: Owner | None = None,
) -> dict[str, Any]:
    """
    Return whoever installed the app, the store, and what the token is good for.

    Without an owner (an operator installed it) the store stands for its own. `expires_at` is in
    UTC epoch seconds.
    Source: Salla "User Information", and the `context` that Salla's own PHP client reads.
    """
    return {
        **_person(store, owner),
        "merchant": {
            "id": store.id,
            "username": store.name,
            "name": store.name,
            "avatar": _avatar(store),
            "store_location": "",
            "plan": _plan(store),
            "status": "active",
            "domain": "",
            "tax_number": "",
            "commercial_number": "",
            "created_at": "",
        },
        "context": {
            "app": str(app_id),
            "scope": " ".join(sorted(scopes)),
            "exp": NEVER if expires_at is None else int(expires_at),
        },
    }


def _person(store: Store, owner: Owner | None) -> dict[str, Any]:
    return {
        "id": store.id if owner is None else owner.id,
        "name": store.name if owner is None else owner.name,
        "email": "" if owner is None else owner.email,
        "mobile": "" if owner is None else owner.mobile,
        "role": "user",
        "created_at": "" if owner is None else wall_text(owner.created_at, store.timezone),
    }


def _avatar(store: Store) -> str:
    return store.avatar_male or PROFILES[store.profile].avatars[""]


def _plan(store: Store) -> str:
    """A store without a plan's limit is told as the plan that has none at Salla."""
    return store.plan or "basic"
