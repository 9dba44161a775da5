"""A namespace: a small Sijill in memory, with its own clock, faults and journal."""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from sijill.database.sqlite.pages import Pages
from sijill.demo import APP
from sijill.errors import Fault, Unavailable
from sijill.http.request import Request, Response, Stream
from sijill.sandbox.background import Background
from sijill.sandbox.blueprint import Blueprint
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.faults import FaultRule
from sijill.sandbox.idleness import Idleness
from sijill.sandbox.instance import Identity, Instance
from sijill.sandbox.journal import Journal
from sijill.sandbox.requests import Requests
from sijill.sandbox.ring import Ring
from sijill.sandbox.routing import Shown
from sijill.sandbox.rules import RuleSet
from sijill.sandbox.source import BEGUN
from sijill.sandbox.storage import Embedded, Storage
from sijill.sandbox.webhooks.attempts import Hooks
from sijill.values.dates import utc_text

T = TypeVar("T")

MAX_SNAPSHOTS = 100
"""Snapshots of a namespace, at most."""


class TooMany(Exception):
    """There are as many as the sandbox allows; the message says of what, and what to do."""


class Snapshot(NamedTuple):
    """The database of a namespace at a moment."""

    image: Pages
    at: float
    drawn: Mapping[str, int]
    """The position of its source: what comes next is the same after each load."""
    customers: int

    @property
    def moment(self) -> str:
        """The time of the clock, RFC 3339 in UTC."""
        return utc_text(datetime.fromtimestamp(self.at, UTC))


class Beginning(NamedTuple):
    """The rows that a namespace begins with, and has again after a reset."""

    image: Pages
    """The database."""
    at: float | None = None
    """The time of its clock; None for the real time."""


class Namespace:
    """One namespace. `begin` completes it."""

    def __init__(
        self,
        identity: Identity,
        blueprint: Blueprint,
        beginning: Beginning,
        storage: Storage,
        on_clients: "Callable[[Namespace, Collection[str]], None]",
        shown_of: "Callable[[Namespace], Shown]",
    ) -> None:
        """
        `on_clients` gets the client ids of its apps whenever it has other rows.

        `shown_of` returns its pages in the console.
        """
        self.clients: frozenset[str] = frozenset()
        """The client ids of its apps, as `on_clients` noted them."""
        self._on_clients = on_clients
        self.identity, self._blueprint = identity, blueprint
        self._beginning, self._storage = beginning, storage
        self.client_id = APP.client_id
        self.clock = VirtualClock(time.time)
        self.faults: RuleSet[FaultRule] = RuleSet()
        self.journal = Journal()
        self.hooks = Hooks(RuleSet(), Ring())
        self.snapshots: dict[str, Snapshot] = {}
        self._requests = Requests(identity.path, self.clock, self.faults, self.journal)
        self._changing = asyncio.Lock()
        self._leaving: dict[Instance, asyncio.Task[None]] = {}
        self.idleness: Idleness | None = None
        self._shown = shown_of(self)
        self._rewind()

    async def _begun(self, driver: Embedded, drawn: Mapping[str, int] = BEGUN) -> Instance:
        """Return an instance whose rows the credentials of the namespace open."""
        made = Instance(
            *(self.identity, self._blueprint, self.clock, driver, drawn),
            *(self._requests.answered, self.hooks, self._shown),
        )
        try:
            await made.add_credentials(self.identity.credentials)
            apps = await made.register.apps.all()
        except BaseException:
            await made.close()
            raise
        self._on_clients(self, [app.client_id for app in apps])
        return made

    def _rewind(self) -> None:
        """Turn the clock to the beginning."""
        self.clock.reset()
        if self._beginning.at is not None:
            self.clock.jump_to(self._beginning.at)

    @property
    def instance(self) -> Instance:
        """The instance that answers its requests now; there from `begin` on."""
        return self._requests.instance

    @property
    def background(self) -> Background:
        """The background work of the rows that it has now."""
        return self.instance.background

    async def begin(self, driver: Embedded | None = None) -> None:
        """Begin; with the `driver` of rows of its own, go on with these."""
        begun = await self._begun(driver or await self._storage.hold(self._beginning.image))
        self._requests.instance = begun
        self.background.wake()

    def drain(self) -> None:
        """Let nothing wait any longer: faults, streams and waits for requests end."""
        if self.idleness is not None:
            self.idleness.cancel()
        self.instance.draining.begin()
        self.journal.end()
        self.hooks.attempts.end()

    async def end(self) -> None:
        """End the background work, then forget everything; requests under way are a 503."""
        self.drain()
        async with self._changing:
            await self.instance.stop()
            for closing in self._leaving.values():
                closing.cancel()
            for instance in (self.instance, *self._leaving):
                await instance.close()

    async def reset(self) -> None:
        """
        Go back to the beginning: rows, clock, limits, faults, journal, and cached tokens.

        A reset that fails changes nothing. Raises: as `restore`.
        """
        async with self._changing:
            await self._restart(self._beginning.image, self._rewind)
            self.faults.put([])
            self.journal.clear()
            self.hooks.clear()

    async def save(self, name: str) -> Snapshot:
        """Save the rows and the moment as a snapshot, and return it. Raises: TooMany."""
        if name not in self.snapshots and len(self.snapshots) >= MAX_SNAPSHOTS:
            raise TooMany(f"{MAX_SNAPSHOTS} snapshots are the most of a namespace: delete one")
        snapshot = self.snapshots[name] = await self.snapshot()
        return snapshot

    async def load(self, name: str) -> Snapshot:
        """Go back to a snapshot, with fresh limits, and return it. Raises: KeyError."""
        snapshot = self.snapshots[name]
        await self.restore(snapshot)
        return snapshot

    async def snapshot(self) -> Snapshot:
        """Return the rows and the moment, once the background work is at rest."""
        await self.background.settle()
        instance = self.instance
        drawn, at, image = instance.source.position(), self.clock(), await instance.image()
        return Snapshot(image, at, drawn, await instance.count_customers())

    async def restore(self, snapshot: Snapshot) -> None:
        """
        Go to the rows and the moment of a snapshot, of any namespace, with fresh limits.

        Raises: Unavailable if the rows cannot be written; then nothing has changed.
        """
        async with self._changing:
            turn = partial(self.clock.jump_to, snapshot.at)
            await self._restart(snapshot.image, turn, snapshot.drawn)

    async def _restart(
        self, image: Pages, turn: Callable[[], None], drawn: Mapping[str, int] = BEGUN
    ) -> None:
        """Turn the clock and answer from other rows; if that fails, go on with the last ones."""
        last, before = self.instance, self.clock.setting
        await last.stop()
        try:
            turn()
            async with self._storage.trying(image) as driver:
                begun = await self._begun(driver, drawn)
        except Exception:
            self.clock.put_back(before)
            rows = await self._storage.again(last.rows)
            self._replace(await self._begun(rows, last.source.position()))
            raise
        self._replace(begun)

    def _replace(self, instance: Instance) -> None:
        """Answer with another instance; the last one closes once its requests are answered."""
        last, self._requests.instance = self.instance, instance
        self.background.wake()
        closing = asyncio.get_running_loop().create_task(last.close_when_idle())
        self._leaving[last] = closing
        closing.add_done_callback(lambda _: self._leaving.pop(last))

    async def has_client(self, client_id: str) -> bool:
        """Return whether one of its apps has this client_id."""
        with suppress(Unavailable):  # it ends
            return await self.instance.register.apps.find_client(client_id) is not None
        return False

    def answer(self, request: Request) -> Coroutine[Any, Any, Response | Stream]:
        """Return the answer to a request; see `Requests.answer`. Raises: CancelledError."""
        answer = self._requests.answer(request)
        return answer if self.idleness is None else self.idleness.during(answer)

    def refuse(self, request: Request, fault: Fault) -> Response:
        """Return the answer to a request that the server refuses before it has arrived."""
        return self._requests.refuse(request, fault)

    def used(self, answer: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
        """Return the answer to a request or a control call: the namespace is in use meanwhile."""
        return answer if self.idleness is None else self.idleness.during(answer)
