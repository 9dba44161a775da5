"""
The demo: a store with one well-known customer, in a folder of its own, and a ready token; and what
logging in takes: an app that OAuth knows, and an owner.
"""

import fcntl
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from sijill.customers.examples import AHMED
from sijill.customers.model import Edit
from sijill.errors import NotFound
from sijill.groups.model import Group
from sijill.imports.seed import seed_customers
from sijill.oauth.apps import App
from sijill.oauth.owners import Owner
from sijill.oauth.passwords import Passwords
from sijill.oauth.scopes import SCOPES
from sijill.oauth.tokens import PREFIX, SECRET, TokenInfo, digest, hint, is_mistyped, mint
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import Settings
from sijill.stores.model import SHOP, ProfileName, Store
from sijill.values.ids import random_id

_PASSWORD_BYTES = 18
"""Random bytes in the owner's password."""

SEED = 1
"""Which of the seeded populations `demo_customers` takes."""

GROUPS = (Group(id=11323141, name="VIP"), Group(id=11323142, name="Golden"))
"""The groups that he is in, and no other: the store's default group is not among them."""

APP = App(
    id=1000000001,
    name="demo",
    created_at=AHMED.created_at,
    client_id="demo",
    redirect_uris=("http://127.0.0.1/callback", "http://localhost/callback"),
    scopes=frozenset(SCOPES),
)
"""Its secret is another at each start; of loopback addresses every port is good."""

OWNER = Owner(
    id=1689171978,
    name="Test User",
    email="owner@demo.test",
    mobile="+96652318526",
    created_at=AHMED.created_at,
)
"""The owner of the demo: the user of Salla's "User Information", with an address of no person."""


def demo_store(profile: ProfileName) -> Store:
    """Return the demo's store."""
    return replace(SHOP, profile=profile)


class Ready(NamedTuple):
    """The settings that the demo serves with, and its token, secret and password."""

    settings: Settings
    token: str
    client_secret: str
    password: str
    """Of OWNER."""


@contextmanager
def demo_folder(settings: Settings, *, keep: bool) -> Iterator[Path]:
    """
    Yield the demo's folder, locked: empty unless `keep`.

    While another demo holds it, a fresh temporary folder takes its place, and goes afterwards.
    """
    home = Path(settings.data_dir).absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = home / f"demo-{settings.demo_profile}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with tempfile.TemporaryDirectory(prefix="sijill-demo-") as fresh:
                yield Path(fresh)
            return
        if not keep:
            shutil.rmtree(folder)
            folder.mkdir(mode=0o700)
        yield folder


async def prepare(
    settings: Settings, folder: Path, now: datetime, on_progress: Callable[[int], None]
) -> Ready:
    """
    Return the demo in `folder`, ready to be served: store, customers, and a token of every scope.

    The tokens of earlier starts are revoked; client secret and password are new at each. Nobody is
    told of its people: they were there before anybody came.
    Raises: ValueError if `demo_token` is one of them, or looks like one of ours and is none.
    """
    settings = msgspec.structs.replace(settings, data_dir=str(folder), database_url="")
    register = await open_register(settings, quiet=True)
    try:
        await _fill(register, settings, now, on_progress)
        token = await _token(register, settings, now)
        client_secret, password = mint(SECRET), secrets.token_urlsafe(_PASSWORD_BYTES)
        await register.apps.update(
            msgspec.structs.replace(APP, client_secret=digest(client_secret))
        )
        await _owner(register, demo_store(settings.demo_profile), password)
        return Ready(settings, token, client_secret, password)
    finally:
        await register.close()


async def _fill(
    register: Register, settings: Settings, now: datetime, on_progress: Callable[[int], None]
) -> None:
    """Add what a kept demo does not hold yet."""
    store = demo_store(settings.demo_profile)
    try:
        await register.stores.find(store.id)
    except NotFound:
        await register.stores.create(store)
        await register.apps.create(APP)
        for group in GROUPS:
            await register.groups.create(store.id, group)
        await register.customers.change(store.id, [Edit(AHMED.id, lambda _: AHMED)])
    await seed_customers(
        register.customers, store.id, settings.demo_customers, SEED, now, on_progress
    )


async def _owner(register: Register, store: Store, password: str) -> None:
    kept = await Passwords().hashed(password)
    known = await register.owners.find_by_email(OWNER.email)
    if known is None:
        await register.owners.create(OWNER, kept, [store.id])
    else:
        await register.owners.set_password(known.owner.id, kept)


async def _token(register: Register, settings: Settings, now: datetime) -> str:
    token = settings.demo_token or mint()
    if is_mistyped(token):
        raise ValueError(f"demo_token begins with {PREFIX} but is none of ours: choose another")
    store_id = demo_store(settings.demo_profile).id
    key = digest(token)
    kept = await register.tokens.grant(key)
    for other in await register.tokens.all(store_id):
        if kept is None or other.id != kept.token_id:
            await register.tokens.revoke(other.id, now)
    if kept is None:
        info = TokenInfo(
            id=random_id(),
            store_id=store_id,
            app_id=APP.id,
            scopes=frozenset(SCOPES),
            hint=hint(token),
            created_at=now,
            expires_at=None,
            revoked_at=None,
        )
        await register.tokens.add(key, info)
    elif kept.revoked:
        raise ValueError("demo_token was used before and is revoked: choose another")
    return token
