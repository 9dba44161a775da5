"""The databases of seed documents: each is made once, and then copied into namespaces."""

import asyncio
from collections import OrderedDict
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec

from sijill.database.sqlite.pages import Pages
from sijill.demo import demo_store
from sijill.sandbox.blueprint import Blueprint
from sijill.sandbox.seeds.document import read_seed
from sijill.sandbox.seeds.faults import Fault, SeedRefused
from sijill.sandbox.seeds.filling import image_of
from sijill.sandbox.seeds.sections import ROOT

DOCUMENTS, BYTES = 100, 256 * 2**20
"""Databases in memory, and bytes of them, at most; the one that was not used longest leaves."""


class Seeded(NamedTuple):
    """The rows of a document as a database, and the limits of the namespace."""

    image: Pages
    limits: dict[str, str]
    """Settings of the namespace, as people write them."""


class SeedImages:
    """Makes the beginnings of documents, and remembers the last ones by their bytes."""

    def __init__(self, blueprint: Blueprint, documents: int = DOCUMENTS, most: int = BYTES) -> None:
        self._blueprint, self._documents, self._most = blueprint, documents, most
        self._made: OrderedDict[bytes, asyncio.Task[Seeded]] = OrderedDict()

    async def beginning(self, document: bytes, *, local: bool) -> Seeded:
        """
        Return the beginning that a document in JSON describes.

        Calls for one document at the same time share the work, which a thread does. `local` says
        whether webhooks may go to local addresses. Raises: SeedRefused.
        """
        key = sha256(document).digest() + bytes([local])
        if key in self._made:
            self._made.move_to_end(key)
        else:
            self._made[key] = asyncio.create_task(self._make(document, local=local))
        try:
            # A call that is cancelled ends no other's work.
            return await asyncio.shield(self._made[key])
        finally:
            self._forget(key)

    async def _make(self, document: bytes, *, local: bool) -> Seeded:
        return await asyncio.to_thread(made, document, self._blueprint, local=local)

    def _forget(self, key: bytes) -> None:
        """Forget a beginning that could not be made, and the oldest beyond the bounds."""
        if key in self._made and _has_failed(self._made[key]):
            del self._made[key]
        while len(self._made) > self._documents or self._size() > self._most:
            self._made.popitem(last=False)

    def _size(self) -> int:
        done = [task for task in self._made.values() if task.done() and not _has_failed(task)]
        return sum(task.result().image.size for task in done)


def _has_failed(task: asyncio.Task[Seeded]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def made(document: bytes, blueprint: Blueprint, *, local: bool) -> Seeded:
    """
    Return the beginning that a document in JSON describes.

    It runs an event loop of its own: call it where none runs. Raises: SeedRefused.
    """
    try:
        value = msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise SeedRefused([Fault(ROOT, "is not JSON")]) from None
    base = demo_store(blueprint.settings.demo_profile)
    seed = read_seed(value, base, today=datetime.now(UTC), local=local)
    return Seeded(asyncio.run(image_of(seed, blueprint)), seed.limits)
