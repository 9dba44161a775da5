"""
Registers to measure on: made-up customers, a token, and the paths that are asked for.

They are filled through the command line alone, so that any version of Sijill can fill its own.
"""

import shutil
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec
from msgspec import Struct

from benchmarks.trees import FOLDER, HERE, Tree

CUSTOMERS = "/admin/v2/customers"

SEED = 1
PATHS = 100_000
"""Paths a load draws from at most; of more customers, a part."""

_STORE = (
    "--customer-url=https://shtara.com/profile",
    "--admin-url=https://shtara.com/profiley",
)
"""The store has no plan, which would refuse all but 720 requests a minute."""

_SCOPES = ("--scope=customers.read_write", "--scope=webhooks.read_write")


class Population(NamedTuple):
    """A filled database, the token that opens it, and how long filling took, in seconds."""

    url: str
    token: str
    seconds: float


class Person(Struct, frozen=True):
    """What a load needs to know of a customer, as `sijill export` writes it."""

    id: int
    first_name: str
    last_name: str
    mobile: int
    mobile_code: str
    email: str
    gender: str
    lang: str


def kept(count: int) -> Population:
    """Return `count` customers in SQLite, made now if they are not there yet."""
    folder = _folder(count)
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


def fill(url: str, count: int, tree: Tree = HERE, file: Path | None = None) -> Population:
    """Fill an empty database with `count` made-up customers, or those of a file, and a token."""
    say(f"making {count:,} customers in {url.partition(':')[0]} ...")
    begun, database = time.monotonic(), f"--database-url={url}"
    token = _open_store(tree, database)
    if file:
        tree.run("import", str(file), database)
    else:
        tree.run("seed", f"--count={count}", f"--seed={SEED}", database)
    return Population(url, token, time.monotonic() - begun)


def people(count: int) -> list[Person]:
    """Return the customers of `kept(count)` in random order; of more than PATHS, a part."""
    file = _folder(count) / "people.json"
    if not file.exists():
        drawn = everybody(HERE, kept(count).url, -(-count // PATHS))
        Random(SEED).shuffle(drawn)
        file.write_bytes(msgspec.json.encode(drawn))
    return msgspec.json.decode(file.read_bytes(), type=list[Person])


def everybody(tree: Tree, url: str, step: int = 1) -> list[Person]:
    """Return every customer of a register by id, or every n-th: ids are random, so anybody."""
    read = msgspec.json.Decoder(Person).decode
    export = ("export", "-", "--format=jsonl", f"--database-url={url}")
    with tree.output(*export) as lines:
        return [read(line) for line in islice(lines, 0, None, step)]


def details_paths(count: int) -> Path:
    """Return a file with the paths of customers in random order, one a line."""
    return paths(f"details-{count}", [f"{CUSTOMERS}/{person.id}" for person in people(count)])


def list_path(page: int) -> Path:
    """Return a file with the path of one page of the list."""
    return paths(f"page-{page}", [f"{CUSTOMERS}?page={page}"])


def paths(name: str, lines: list[str]) -> Path:
    """Return a file of what a load asks for, one a line."""
    file = FOLDER / f"{name}.txt"
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def say(line: str) -> None:
    """Say on standard error what is going on."""
    print(line, file=sys.stderr, flush=True)


def _folder(count: int) -> Path:
    return FOLDER / f"customers-{count}"


def _open_store(tree: Tree, database: str) -> str:
    """Make a store and an app in an empty database, and return a token of the app."""
    tree.run("store", "create", "bench", *_STORE, database)
    tree.run("app", "create", "bench", database)
    token = ("token", "create", "--store=bench", "--app=bench", *_SCOPES)
    return tree.run(*token, database).strip()
