"""A real server on PostgreSQL and Valkey, with a store whose apps and people may do everything."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx
from e2e.oauth import Wire
from fixtures.browsing import Browser
from fixtures.hashing import QUICK
from fixtures.oauth_rows import pair
from fixtures.registers import customer
from msgspec.structs import replace

from sijill.customers.model import Edit
from sijill.oauth.apps import App
from sijill.oauth.grants import Consent
from sijill.oauth.people import Person
from sijill.oauth.scopes import OFFLINE
from sijill.oauth.tokens import TokenInfo, digest, hint, mint
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import Settings, load
from sijill.stores.model import Store

START = 60.0
"""Seconds that a server may take to answer, or to end."""

NOW = datetime.now(UTC)
STORE = Store(1, "Soak")
SCOPES = frozenset(
    {"customers.read_write", "customer-wallets.read_write", "webhooks.read_write", "metadata.read"}
)
SECRET = "a secret of the app"
APP = App(
    *(7, "Soak", NOW),
    client_id="soak",
    client_secret=digest(SECRET),
    redirect_uris=("https://soak.example/back",),
    scopes=SCOPES,
)
OWNER, PASSWORD = Person(70, "نورة", "noura@owners.example", "", NOW), "correct horse battery"
UNREACHED = "999999999/1d"
"""A limit that counts every request and refuses none."""

KEEP_ALIVE = "3600"
"""Longer than a connection of the load is idle: its close would cross a request of the client."""


class House(NamedTuple):
    """A server that answers, and the secrets of those who ask it."""

    base: str
    pid: int
    log: Path
    settings: Settings
    token: str
    refresh: str
    cookies: dict[str, str]


def settings_of(folder: Path, database_url: str, redis_url: str, on_error: str) -> Settings:
    """Return the settings that every command here shares."""
    given = {
        "data_dir": str(folder / "data"),
        "database_url": database_url,
        "redis_url": redis_url,
        "on_counter_error": on_error,
        "customers_limit": UNREACHED,
        "others_limit": UNREACHED,
        "keep_alive": KEEP_ALIVE,
        "webhook_targets": "local",
    }
    return load(given, environ={}, folder=folder)[0]


@contextmanager
def house(folder: Path, settings: Settings, customers: int) -> Iterator[House]:
    """Fill an empty database, serve it, and yield the server once it answers."""
    token, refresh = asyncio.run(_fill(settings, customers))
    port, log = folder / "port", folder / "log"
    with (folder / "out").open("wb") as out, log.open("wb") as err:
        command = [*sijill("serve", settings), "--port=0", f"--port-file={port}"]
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err)
    try:
        base = f"http://127.0.0.1:{_answering(process, port, log)}"
        cookies = _signed_in(base)
        yield House(base, process.pid, log, settings, token, refresh, cookies)
    finally:
        process.terminate()
        try:
            process.wait(START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def sijill(words: str, settings: Settings) -> list[str]:
    """Return a command line with the settings that are not the default."""
    usual = load({}, environ={}, folder=Path("/nonexistent"))[0]
    flags = {
        "data_dir": settings.data_dir,
        "database_url": settings.database_url,
        "redis_url": settings.redis_url,
        "on_counter_error": settings.on_counter_error,
        "customers_limit": UNREACHED,
        "others_limit": UNREACHED,
        "keep_alive": KEEP_ALIVE,
        "webhook_targets": settings.webhook_targets,
    }
    if words != "serve":
        flags = {name: flags[name] for name in ("data_dir", "database_url")}
    given = [
        f"--{name.replace('_', '-')}={value}"
        for name, value in flags.items()
        if value != getattr(usual, name)
    ]
    return [sys.executable, "-m", "sijill", *words.split(), *given]


async def _fill(settings: Settings, customers: int) -> tuple[str, str]:
    """Make store, app, owner and customers; return an access token and a refresh token."""
    register = await open_register(settings, quiet=True)
    try:
        await register.stores.create(STORE)
        await register.apps.create(APP)
        await register.people.create(OWNER, QUICK.hash(PASSWORD), [STORE.id])
        numbers = [*range(1, customers + 1)]
        for first in range(0, customers, 500):
            edits = [_edit(number) for number in numbers[first : first + 500]]
            await register.customers.change(STORE.id, edits)
        consent = Consent(91, STORE.id, APP.id, OWNER.id, SCOPES | {OFFLINE}, NOW)
        issued = await register.grants.issue(consent, pair(datetime.now(UTC)))
        return await _token(register), issued.pair.refresh
    finally:
        await register.close()


def _edit(number: int) -> Edit:
    one = replace(customer(number), id=number, first_name=name_of(number))
    return Edit(number, lambda _: one)


def name_of(number: int) -> str:
    """Return the first name of a customer who was there from the beginning."""
    return f"n{number:07}"


async def _token(register: Register) -> str:
    token = mint()
    info = TokenInfo(
        *(5, STORE.id, APP.id, SCOPES, hint(token), NOW), expires_at=None, revoked_at=None
    )
    await register.tokens.add(digest(token), info)
    return token


def _answering(process: subprocess.Popen[bytes], port: Path, log: Path) -> int:
    """Return the port of a server once it is ready. Raises: RuntimeError."""
    deadline = time.monotonic() + START
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError, ValueError, httpx.TransportError):
            number = int(port.read_text())
            if httpx.get(f"http://127.0.0.1:{number}/readyz", timeout=START).status_code == 200:
                return number
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


def _signed_in(base: str) -> dict[str, str]:
    """Return the cookies of an owner who signed in."""
    with httpx.Client(base_url=base, timeout=START) as http:
        browser = Browser(Wire(http))  # type: ignore[arg-type]
        answer = browser.sign_in(OWNER.email, PASSWORD)
        if answer.status != 303:
            raise RuntimeError(f"nobody could sign in: {answer.status}")
        return browser.cookies
