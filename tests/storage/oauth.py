"""Apps, an owner and what they agree to, for tests of what OAuth keeps."""

from collections.abc import Awaitable
from datetime import datetime, timedelta

from fixtures.redirects import REGISTERED
from fixtures.registers import NOW, STORE

from sijill.auth.authorizations import Claim, Code, Consent, Issued, Lifetimes, Pair, new_pair
from sijill.auth.refusals import OAuthRefused
from sijill.auth.scopes import OFFLINE
from sijill.auth.tokens import digest
from sijill.domain.apps import App
from sijill.domain.ids import random_id
from sijill.domain.owners import Owner
from sijill.domain.stores import Store
from sijill.storage.register import Register

OTHER_STORE = Store(2, "Other")
OWNER = Owner(70, "نورة", "Noura@Example.com", "+966500000001", NOW)
PASSWORD = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA"
APP = App(
    7,
    "Loyalty",
    NOW,
    client_id="loyalty",
    client_secret=digest("secret"),
    redirect_uris=REGISTERED,
    scopes=frozenset({"customers.read_write", "metadata.read"}),
)
OTHER_APP = App(9, "Phone", NOW, client_id="phone", scopes=frozenset({"customers.read"}))
SCOPES = APP.scopes | {OFFLINE}
CONSENT = Consent(91, STORE.id, APP.id, OWNER.id, SCOPES, NOW)
CODE = Code(digest("code"), REGISTERED[0], True, None, NOW + timedelta(seconds=60))
CLAIM = Claim(APP.id, CODE.redirect_uri, None)
SECOND = timedelta(seconds=1)


def pair(at: datetime = NOW) -> Pair:
    """Return two fresh tokens."""
    return new_pair(at, Lifetimes(), random_id)


async def settled(register: Register) -> None:
    """Keep two stores, two apps, and an owner of both stores."""
    await register.create_store(OTHER_STORE)
    for app in (APP, OTHER_APP):
        await register.create_app(app)
    await register.create_owner(OWNER, PASSWORD, [STORE.id, OTHER_STORE.id])


async def lives(register: Register, access: str, at: datetime = NOW) -> bool:
    """Return whether an access token is good at a moment."""
    grant = await register.grant(digest(access))
    if grant is None or grant.revoked:
        return False
    return grant.expires_at is None or at.timestamp() < grant.expires_at


async def outcome(work: Awaitable[Issued]) -> Issued | int:
    """Return what was issued, or the status of the refusal."""
    try:
        return await work
    except OAuthRefused as fault:
        return fault.status


async def renewed(register: Register, refresh: str, at: datetime = NOW) -> Issued | int:
    """Return what a refresh token of APP gives, or the status it is refused with."""
    return await outcome(register.refresh(digest(refresh), APP.id, frozenset(), pair(at)))
