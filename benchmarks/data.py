"""Registers to measure on: made-up customers, one token, and the paths that are asked for."""

import asyncio
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from sijill.app import Register, open_register
from sijill.demo import APP, demo_store
from sijill.imports.seed import seed_customers, seeded
from sijill.oauth.tokens import TokenInfo, digest, hint, mint
from sijill.settings import load
from sijill.values.ids import random_id

FOLDER = Path(__file__).parents[1] / ".sijill" / "bench"
"""Databases are made once and kept here; delete it to have them made anew."""

CUSTOMERS = "/admin/v2/customers"
STORE = replace(demo_store("documented"), plan=None)
"""A plan would refuse all but 720 requests a minute; the customers limit counts every one."""

SEED = 1
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATHS = 100_000
"""Paths a load draws from at most; of more customers, a random part."""


class Population(NamedTuple):
    """A filled database, the token that reads it, and how long filling took, in seconds."""

    url: str
    token: str
    seconds: float


def kept(count: int) -> Population:
    """Return `count` customers in SQLite, made now if they are not there yet."""
    folder = FOLDER / f"customers-{count}"
    made, url = folder / "made.json", f"sqlite://{folder / 'sijill.db'}"
    if not made.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        made.write_bytes(msgspec.json.encode(fill(url, count)))
    # The folder may have been moved since.
    return msgspec.json.decode(made.read_bytes(), type=Population)._replace(url=url)


def fresh(folder: Path, count: int) -> Population:
    """Return `count` customers in a new SQLite register, to be written to."""
    folder.mkdir()
    return fill(f"sqlite://{folder / 'sijill.db'}", count)


def fill(url: str, count: int) -> Population:
    """Fill an empty database with `count` customers and a token."""
    say(f"making {count:,} customers in {url.partition(':')[0]} ...")
    begun = time.monotonic()
    token = asyncio.run(_fill(url, count))
    return Population(url, token, time.monotonic() - begun)


def details_paths(count: int) -> Path:
    """Return a file with the paths of customers in random order, one a line."""
    file = FOLDER / f"details-{count}.txt"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        ids = [customer.id for customer in seeded(count, SEED, NOW)]
        drawn = Random(SEED).sample(ids, min(count, PATHS))
        file.write_text("".join(f"{CUSTOMERS}/{id_}\n" for id_ in drawn))
    return file


def list_path(page: int) -> Path:
    """Return a file with the path of one page of the list."""
    file = FOLDER / f"page-{page}.txt"
    file.write_text(f"{CUSTOMERS}?page={page}\n")
    return file


def say(line: str) -> None:
    """Tell whoever waits what is going on."""
    print(line, file=sys.stderr, flush=True)


async def _fill(url: str, count: int) -> str:
    settings, _ = load({"database_url": url}, environ={}, folder=FOLDER)
    register = await open_register(settings, quiet=True)  # nobody is told of what is made up
    try:
        await register.stores.create(STORE)
        await register.apps.create(APP)
        await seed_customers(register, STORE.id, count, SEED, NOW)
        return await _token(register)
    finally:
        await register.close()


async def _token(register: Register) -> str:
    token = mint()
    info = TokenInfo(
        id=random_id(),
        store_id=STORE.id,
        app_id=APP.id,
        scopes=frozenset({"customers.read_write"}),
        hint=hint(token),
        created_at=NOW,
        expires_at=None,
        revoked_at=None,
    )
    await register.tokens.add(digest(token), info)
    return token
