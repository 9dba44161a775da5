"""
The demo: a store with one well-known customer, in its own folder, and a ready token.

It has an app and an owner too, for the consent page of OAuth.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sijill.customers.examples import AHMED
from sijill.customers.model import Edit
from sijill.demo_credentials import Credentials, chosen, folder_of, fresh, keep, kept
from sijill.errors import NotFound
from sijill.folders import make_private
from sijill.groups.model import Group
from sijill.imports.seed import seed_customers
from sijill.oauth.apps import App
from sijill.oauth.passwords import Passwords
from sijill.oauth.people import Person
from sijill.oauth.scopes import KNOWN, SCOPES
from sijill.oauth.tokens import Grant, TokenInfo, digest, hint, mint
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import Settings
from sijill.stores.model import SHOP, ProfileName, Store
from sijill.values.ids import Draw, by_chance, random_id

SEED = 1
"""The population of `demo_customers`."""

GROUPS = (Group(id=11323141, name="VIP"), Group(id=11323142, name="Golden"))
"""The groups of AHMED, without the store's default group."""

APP = App(
    id=1000000001,
    name="demo",
    created_at=AHMED.created_at,
    client_id="demo",
    redirect_uris=tuple(
        f"http://{host}{path}"
        for path in ("/callback", "/oauth/callback")
        for host in ("127.0.0.1", "localhost")
    ),
    scopes=KNOWN,
)
"""
The app, without its secret: it may ask for every scope of Salla's, at any port.

`/oauth/callback` is the path of Salla's starter kits for Laravel and Express.
"""

OWNER = Person(
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
    """The settings that the demo serves with, and what logs in to it."""

    settings: Settings
    credentials: Credentials
    """The token, the secret of APP and the password of OWNER."""


@contextmanager
def demo_folder(settings: Settings, *, keep: bool) -> Iterator[Path]:
    """
    Yield the demo's folder, locked, and empty unless `keep`.

    If another demo has locked it, yield a temporary folder instead, and so if nothing is to be
    kept where it cannot be written. Raises: OSError.
    """
    folder = folder_of(settings)
    with ExitStack() as stack:
        try:
            make_private(folder.parent)
            make_private(folder)
            handle = os.open(folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            lock = stack.enter_context(os.fdopen(handle, "w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not keep:
                shutil.rmtree(folder)
                folder.mkdir(mode=0o700)
        except OSError as fault:
            if keep and not isinstance(fault, BlockingIOError):
                raise
            temporary = tempfile.TemporaryDirectory(prefix="sijill-demo-")
            folder = Path(stack.enter_context(temporary))
        yield folder


async def prepare(
    settings: Settings, folder: Path, now: datetime, on_progress: Callable[[int], None]
) -> Ready:
    """
    Return the demo in `folder`, with a store, customers, and a token of every scope.

    The token, the client secret and the password are those that settings fix, else those of the
    last demo in the folder, else new. A token that another one replaces is revoked. The customers
    cause no webhooks.
    Raises: ValueError if `demo_token` has ended, and as `demo_credentials.chosen` and `kept`.
    """
    settings = replace(settings, data_dir=str(folder), database_url="")
    last = kept(folder)
    credentials = chosen(settings, last or fresh())
    register = await open_register(settings, quiet=True)
    try:
        await fill(register, settings, now, on_progress)
        token = await _token(register, settings, last, credentials.token, now)
        credentials = replace(credentials, token=token)
        await set_secret(register, credentials.client_secret)
        await set_owner(register, demo_store(settings.demo_profile), credentials.password)
        keep(folder, credentials)
        return Ready(settings, credentials)
    finally:
        await register.close()


async def fill(
    register: Register, settings: Settings, now: datetime, on_progress: Callable[[int], None]
) -> None:
    """Add the store with its app, groups and customers, if they are missing."""
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


async def set_secret(register: Register, secret: str) -> None:
    """Give the app its secret; other changes of the app stay."""
    apps = {app.id: app for app in await register.apps.all()}
    await register.apps.update(replace(apps[APP.id], client_secret=digest(secret)))


async def set_owner(
    register: Register, store: Store, password: str, draw: Draw = by_chance
) -> None:
    """Give the owner the password; the same one as before ends no session."""
    passwords, known = Passwords(draw), await register.people.find_by_email(OWNER.email)
    if known is None:
        await register.people.create(OWNER, await passwords.hashed(password), [store.id])
    elif not await passwords.matches(password, known.password):
        await register.people.set_password(known.person.id, await passwords.hashed(password))


async def _token(
    register: Register, settings: Settings, last: Credentials | None, token: str, now: datetime
) -> str:
    """Return the token of every scope: `token`, or a new one if that has ended."""
    if last is not None and last.token != token:
        before = await register.tokens.grant(digest(last.token))
        if before is not None:
            await register.tokens.revoke(before.token_id, now)
    known = await register.tokens.grant(digest(token))
    if known is not None and not _is_over(known, now):
        return token
    if known is not None and settings.demo_token:
        raise ValueError("demo_token was used before and has ended: choose another")
    token = token if known is None else mint()
    await issue(register, demo_store(settings.demo_profile).id, token, random_id(), now)
    return token


async def issue(
    register: Register, store_id: int, token: str, token_id: int, now: datetime
) -> None:
    """Store a token of every scope that never expires."""
    info = TokenInfo(
        id=token_id,
        store_id=store_id,
        app_id=APP.id,
        scopes=frozenset(SCOPES),
        hint=hint(token),
        created_at=now,
        expires_at=None,
        revoked_at=None,
    )
    await register.tokens.add(digest(token), info)


def _is_over(grant: Grant, now: datetime) -> bool:
    expired = grant.expires_at is not None and grant.expires_at <= now.timestamp()
    return grant.revoked or expired
