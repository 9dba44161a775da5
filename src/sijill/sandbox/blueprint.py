"""The shared parts of all namespaces of a sandbox: the seed's database, statements, key."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from sijill.database.sealing import Sealer
from sijill.database.sql import statements
from sijill.database.sqlite.memory import MemorySQLite
from sijill.database.sqlite.pages import Pages
from sijill.demo import OWNER, demo_store, fill
from sijill.description.document import More
from sijill.imports.child import Children
from sijill.oauth.entries import Entries
from sijill.oauth.passwords import Passwords
from sijill.register import SQL_LISTS, Register
from sijill.sandbox.source import Source
from sijill.settings import Settings
from sijill.telemetry.logs import RequestLog
from sijill.telemetry.metrics import Metrics
from sijill.values.ids import random_id

ADMIN = "sjl_sa_"
"""The prefix of admin tokens."""

SEALING_KEY = hashlib.sha256(b"sijill sandbox").digest()
"""No secret: what a sandbox holds was made up for tests."""

MADE_UP_BEFORE = datetime(2025, 1, 1, tzinfo=UTC)
"""Made-up customers came in the three years before this day: the same on every day."""


class Keys(NamedTuple):
    """The secrets of a sandbox, derived from its admin token, and the links that sign in to it."""

    admin_token: str
    key: bytes
    """Derives the tokens and secrets of namespaces."""
    password: str
    """The password of the demo's owner, in every namespace."""
    entries: Entries
    """Links to the console of the default namespace: these are new in each process."""


def keys_of(admin_token: str) -> Keys:
    """Return the secrets that follow from an admin token: the same for the same token."""
    key = hmac.digest(admin_token.encode(), b"sijill sandbox", hashlib.sha256)
    password = hmac.digest(key, b"owner", hashlib.sha256).hex()[:24]
    return Keys(admin_token, key, password, Entries())


class Blueprint(NamedTuple):
    """The shared parts, from which a namespace is made."""

    settings: Settings
    metrics: Metrics
    log: RequestLog
    key: bytes
    sealer: Sealer
    """Seals under the same key in every sandbox, unless a setting names another."""
    password: str
    """The hash of the password of the demo's owner."""
    statements: Mapping[str, str]
    image: Pages
    """The database of a namespace without a seed document, at its beginning."""
    public_url: Callable[[], str]
    """Base of absolute URLs of the sandbox, without a last slash."""
    describe: More | None
    """Adds the control API to the description of a namespace."""
    children: Children
    """Reads the uploaded files of all namespaces, each in its turn."""
    entries: Entries
    """The links that sign in to the console of the default namespace."""


async def make_blueprint(
    settings: Settings,
    log: RequestLog,
    keys: Keys,
    sealer: Sealer,
    public_url: Callable[[], str],
    on_progress: Callable[[int], None] = lambda done: None,
    describe: More | None = None,
) -> Blueprint:
    """
    Return a blueprint whose database has the store, the app and the customers of the demo.

    `on_progress` gets the number of customers done so far.
    """
    named, key = statements("sqlite", SQL_LISTS), keys.key
    driver, source = MemorySQLite(named), Source(key, "", 0)
    hashed = await Passwords(source).hashed(keys.password)
    register = Register(driver, partial(random_id, source), sealer)
    try:
        await register.schema.migrate(MADE_UP_BEFORE)
        await fill(register, settings, MADE_UP_BEFORE, on_progress)
        await register.people.create(OWNER, hashed, [demo_store(settings.demo_profile).id])
        parts = (settings, Metrics(), log, key, sealer, hashed, named)
        image = (await driver.pages()).merged()
        return Blueprint(*parts, image, public_url, describe, Children(), keys.entries)
    finally:
        await register.close()
