"""What all namespaces of a sandbox share: the seed's database, the statements, the key."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from sijill.database.sql import statements
from sijill.database.sqlite.memory import MemorySQLite
from sijill.demo import demo_store, fill, set_owner
from sijill.oauth.tokens import PREFIX, REFRESH, SECRET, written
from sijill.register import SQL_LISTS, Register
from sijill.settings import Settings
from sijill.telemetry.metrics import Metrics

ADMIN, CONTROL = "sjl_sa_", "sjl_ct_"
"""The prefixes of admin tokens and of control tokens of namespaces."""


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


class Credentials(NamedTuple):
    """The secrets of one namespace: the same for the same key, seed and name."""

    token: str
    client_secret: str
    control_token: str
    refresh_token: str


def credentials(key: bytes, name: str, seed: int) -> Credentials:
    """Return the secrets of a namespace."""

    def derived(prefix: str) -> str:
        text = f"{prefix}\0{seed}\0{name}".encode()
        return written(prefix, int.from_bytes(hmac.digest(key, text, hashlib.sha256)))

    return Credentials(*map(derived, (PREFIX, SECRET, CONTROL, REFRESH)))


class Blueprint(NamedTuple):
    """The shared parts, from which a namespace is made."""

    settings: Settings
    metrics: Metrics
    key: bytes
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
    driver = MemorySQLite(named)
    register = Register(driver)
    try:
        now = datetime.now(UTC)
        await register.schema.migrate(now)
        await fill(register, settings, now, lambda _: None)
        await set_owner(register, demo_store(settings.demo_profile), password)
        return Blueprint(settings, metrics, key, named, driver.image(), public_url)
    finally:
        await register.close()
