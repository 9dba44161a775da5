"""What all namespaces of a sandbox share: the seed's database, the statements, the key."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from sijill.database.sealing import Sealer
from sijill.database.sql import statements
from sijill.database.sqlite.memory import MemorySQLite
from sijill.demo import demo_store, fill, set_owner
from sijill.register import SQL_LISTS, Register
from sijill.sandbox.source import Source
from sijill.settings import Settings
from sijill.telemetry.metrics import Metrics
from sijill.values.ids import random_id

ADMIN = "sjl_sa_"
"""The prefix of admin tokens."""


class Keys(NamedTuple):
    """The secrets of a sandbox, all derived from its admin token."""

    admin_token: str
    key: bytes
    """Derives the tokens and secrets of namespaces."""
    password: str
    """The password of the demo's owner, in every namespace."""


def keys_of(admin_token: str) -> Keys:
    """Return the secrets that follow from an admin token: the same for the same token."""
    key = hmac.digest(admin_token.encode(), b"sijill sandbox", hashlib.sha256)
    return Keys(admin_token, key, hmac.digest(key, b"owner", hashlib.sha256).hex()[:24])


class Blueprint(NamedTuple):
    """The shared parts, from which a namespace is made."""

    settings: Settings
    metrics: Metrics
    key: bytes
    sealer: Sealer
    statements: Mapping[str, str]
    image: bytes
    """The database at its beginning."""
    public_url: Callable[[], str]
    """Base of absolute URLs of the sandbox, without a last slash."""


async def make_blueprint(
    settings: Settings, metrics: Metrics, key: bytes, password: str, public_url: Callable[[], str]
) -> Blueprint:
    """
    Return a blueprint whose database has the store, the app and the customers of the demo.

    `password` is that of the demo's owner.
    """
    named = statements("sqlite", SQL_LISTS)
    driver, source = MemorySQLite(named), Source(key, "", 0)
    sealer = Sealer(hmac.digest(key, b"sealer", hashlib.sha256))
    register = Register(driver, partial(random_id, source), sealer)
    try:
        now = datetime.now(UTC)
        await register.schema.migrate(now)
        await fill(register, settings, now, lambda _: None)
        await set_owner(register, demo_store(settings.demo_profile), password, source)
        return Blueprint(settings, metrics, key, sealer, named, driver.image(), public_url)
    finally:
        await register.close()
