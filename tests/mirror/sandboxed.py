"""
A mirror of a sandbox in this process: one virtual clock drives both, and hours pass in seconds.

Upstream is the real server in the `observed` profile, with its limits and faults. Its owner changes
customers behind the mirror's back; webhooks are lost, doubled and shuffled on their way.
"""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from fixtures.events import announce
from fixtures.registers import STORE, opened
from msgspec import Raw, convert, json
from msgspec.structs import replace

from sijill.customers.bans import banned
from sijill.customers.event_body import event_body
from sijill.customers.model import Customer, Edit
from sijill.customers.reading import changed
from sijill.customers.wire import body
from sijill.http.request import Request, Stream
from sijill.mirror.budget import Budget
from sijill.mirror.checks import Checker
from sijill.mirror.model import (
    MICROS,
    MIRRORED_FIELDS,
    Lane,
    MirrorStore,
    Reply,
    UpstreamAway,
    retry_after,
)
from sijill.mirror.reading import Reader
from sijill.mirror.table import take_sequence
from sijill.mirror.worker import Parts, Worker
from sijill.register import Register
from sijill.sandbox.application import open_sandbox
from sijill.sandbox.blueprint import keys_of
from sijill.sandbox.faults import FaultRule
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.new import New
from sijill.settings import load
from sijill.webhooks.events import CREATED, UPDATED

EGRESS = "here"
LATENCY = 0.05
"""Virtual seconds from a request to its answer."""

Tamper = Callable[[str, dict[str, Any]], bytes | None]
"""From the path and the decoded body of a 200 to other bytes, or None to leave it as it is."""


class Killed(BaseException):
    """The process ends here, as by kill -9: nothing after it runs."""


class Asking:
    """The server of a namespace as the mirror asks it, within the budget."""

    def __init__(self, namespace: Namespace, budget: Budget, time: Callable[[], float]) -> None:
        self.namespace, self.budget, self.time = namespace, budget, time
        self.tamper: Tamper = lambda path, answer: None
        self.sent: list[tuple[float, Lane, str]] = []
        self.statuses: Counter[int] = Counter()
        self.on_answer: Callable[[], None] = lambda: None

    async def get(self, path: str, parameters: Sequence[tuple[str, str]], lane: Lane) -> Reply:
        admission = await self.budget.admit(EGRESS, STORE.id, lane)
        clock = self.namespace.clock
        query = urlencode(parameters)
        self.sent.append((clock(), lane, f"{path}?{query}"))
        sent_at = int(self.time() * MICROS)
        token = self.namespace.identity.credentials.token
        headers = {b"host": b"up.test", b"authorization": f"Bearer {token}".encode()}
        request = Request("GET", f"/admin/v2{path}".encode(), query.encode(), headers)
        status, content, found = await answered(self.namespace, request)
        clock.move_to(clock() + LATENCY)
        self.statuses[status] += 1
        await self.budget.told(EGRESS, status, retry_after(found))
        if status == 200:
            try:
                spoilt = self.tamper(path, json.decode(content))
            except ValueError as fault:
                raise UpstreamAway("body") from fault
            content = content if spoilt is None else spoilt
        received_at = int(self.time() * MICROS)
        self.on_answer()
        return Reply(status, found, content, admission.sequence, sent_at, received_at)


async def answered(namespace: Namespace, request: Request) -> tuple[int, bytes, dict[str, str]]:
    """Return status, body and headers. Raises: UpstreamAway if nothing or half a body came."""

    async def whole() -> tuple[int, bytes, Any]:
        response = await namespace.answer(request)
        if isinstance(response, Stream):
            return (
                response.status,
                b"".join([piece async for piece in response.pieces]),
                response.headers,
            )
        return response.status, response.body, response.headers

    task = asyncio.ensure_future(whole())
    await asyncio.wait([task])
    if task.cancelled():
        raise UpstreamAway("closed")
    status, content, headers = task.result()
    return status, content, {name.decode().lower(): text.decode() for name, text in headers}


class Pair:
    """Upstream, its mirror, and what happens on the way."""

    def __init__(self, namespace: Namespace, register: Register, seed: int) -> None:
        self.namespace, self.clock = namespace, namespace.clock
        self.origin, self.register = namespace.instance.register, register
        self.random = Random(seed)
        self._due: list[tuple[float, int, Callable[[], Any]]] = []
        self._numbers, self._names = count(), count()
        self.lost, self.doubled, self.shuffled = 0.0, 0.0, 0.0
        self.steps = 0
        self.told: list[bytes] = []
        """Every webhook that was sent."""
        self.erased: set[int] = set()
        """Those who were erased by law where the mirror is."""
        self.jump = 0.0
        """Seconds by which the mirror's clock is ahead of upstream's."""
        self.restart()

    def restart(self) -> None:
        """Begin with nothing but the database, as after a kill."""
        budget = Budget(self.register.driver, self.time)
        asking = getattr(self, "asking", None)
        self.asking = Asking(self.namespace, budget, self.time)
        if asking is not None:
            self.asking.sent, self.asking.tamper = asking.sent, asking.tamper
            self.asking.statuses = asking.statuses
        driver, applier = self.register.driver, self.register.applier
        reader = Reader(driver, applier, self.asking)
        checker = Checker(driver, self.register.customers, applier, self.asking)
        parts = Parts(driver, self.register.mirror, reader, checker)
        # The lease of a worker that was killed ends by time; the same name takes it up at once.
        self.worker = Worker(STORE.id, parts, self.time, "worker")
        self.worker.idle = 300.0  # nothing comes but by `run`, which looks each time

    def wall(self) -> datetime:
        """Return the mirror's clock as an aware moment."""
        return datetime.fromtimestamp(self.time(), UTC)

    def time(self) -> float:
        """The mirror's clock, in UTC epoch seconds."""
        return self.clock() + self.jump

    @property
    def now(self) -> float:
        """The time of upstream."""
        return self.clock()

    async def store(self) -> MirrorStore:
        """Return the linked store."""
        store = await self.register.mirror.find(STORE.id)
        assert store is not None
        return store

    def at(self, moment: float, act: Callable[[], Any]) -> None:
        """Let something happen at a moment."""
        heapq.heappush(self._due, (moment, next(self._numbers), act))

    async def run(self, seconds: float = 86_400.0, until: Callable[[], Any] | None = None) -> None:
        """Let time pass, until a condition holds; a condition that never holds is a failure."""
        end = self.now + seconds
        while self.now < end:
            await self._happen()
            self.steps += 1
            wait = await self.worker.step()
            if until is not None and await until():
                return
            if wait:
                target = min(self.now + wait, end, self._due[0][0] if self._due else end)
                self.clock.move_to(max(target, self.now + 0.001))
        assert until is None, "it took too long"

    async def crash(self, requests: int, seconds: float, *, committed: bool) -> None:
        """Work until the process ends at an answer, or behind the write that it leads to."""
        left, write = requests, self.register.driver.write

        def count() -> None:
            nonlocal left
            left -= 1
            if not left and not committed:
                raise Killed

        async def written(work: Any) -> Any:
            result = await write(work)
            if left <= 0:
                raise Killed
            return result

        self.asking.on_answer = count
        if committed:
            self.register.driver.write = written  # type: ignore[method-assign]
        try:
            await self.run(seconds)
        except Killed:
            pass
        finally:
            self.asking.on_answer = lambda: None
            self.register.driver.write = write  # type: ignore[method-assign]

    async def _happen(self) -> None:
        while self._due and self._due[0][0] <= self.now:
            await heapq.heappop(self._due)[2]()

    async def is_live(self) -> bool:
        """Return whether the first backfill is done."""
        return (await self.store()).stage == "live"

    async def settled(self) -> bool:
        """Return whether nothing is left to be asked but the next probe."""
        driver = self.register.driver
        row = await driver.one("next_mirror_moment", STORE.id)
        return row is None or row[0] is None

    async def swept(self, seconds: float = 86_400.0) -> None:
        """Sweep everything once, and let all that follows from it end."""
        before = (await self.store()).swept_at
        await self.register.mirror.want_sweep(STORE.id)

        async def done() -> bool:
            store = await self.store()
            return store.swept_at != before and await self.settled()

        await self.run(seconds, done)

    # What the owner of upstream does.

    async def _change(self, edit: Edit, name: str) -> Customer:
        (outcome,) = await self.origin.customers.change(self.origin_store.id, [edit])
        assert outcome.refused is None
        self.tell(name, outcome.customer)
        return outcome.customer

    async def create(self, **values: Any) -> Customer:
        """Make a customer upstream."""
        number, now = next(self._names), self.clock.now()
        own = {"first_name": f"new{number}", "email": f"new{number}@up.test"} | values
        return await self._change(Edit(None, lambda _: changed(None, own, now), ()), CREATED)

    async def update(self, customer_id: int, **values: Any) -> None:
        """Change a customer upstream."""
        now = self.clock.now()
        own = values or {"city": f"city {self.random.random()}"}
        await self._change(Edit(customer_id, lambda old: changed(old, own, now)), UPDATED)

    async def ban(self, customer_id: int) -> None:
        """Ban a customer upstream, of which no webhook tells, nor a new `updated_at`."""

        def decide(old: Customer | None) -> Customer:
            assert old is not None
            return replace(banned(old, "fraud", self.clock.now()), updated_at=old.updated_at)

        await self.origin.customers.change(self.origin_store.id, [Edit(customer_id, decide)])

    async def swap_mobiles(self, one: int, other: int) -> None:
        """Let two customers of upstream exchange their mobiles."""
        find = self.origin.customers.find
        first, second = [await find(self.origin_store.id, each) for each in (one, other)]
        mobiles = [
            {"mobile": each.mobile, "mobile_code": each.mobile_code} for each in (first, second)
        ]
        await self.update(one, mobile=None, mobile_code="")
        await self.update(other, **mobiles[0])
        await self.update(one, **mobiles[1])

    async def delete(self, customer_id: int) -> None:
        """Delete a customer upstream, of which no webhook tells."""
        await self.origin.customers.delete(self.origin_store.id, customer_id, self.clock.now())

    def tell(self, name: str, customer: Customer) -> None:
        """Send a webhook, which may be lost, doubled or late."""
        whole = event_body(self.origin_store, name, self.clock.now(), customer)
        data = bytes(json.decode(whole, type=dict[str, Raw])["data"])
        self.told.append(data)
        if self.random.random() < self.lost:
            return
        for _ in range(2 if self.random.random() < self.doubled else 1):
            late = self.random.random() * self.shuffled
            self.at(self.now + 1 + late, lambda data=data: self.hear(data))

    async def hear(self, data: bytes) -> None:
        """Hear of a customer by a webhook."""
        sequence = await self.register.driver.write(
            lambda transaction: take_sequence(transaction, STORE.id)
        )
        heard_at = int(self.time() * MICROS)
        await self.register.applier.merge(STORE.id, data, sequence, heard_at)

    # What upstream has, and what the mirror holds.

    async def ids(self) -> list[int]:
        """Return the ids of upstream's customers."""
        return [each.id async for each in self.origin.customers.each(self.origin_store.id)]

    async def truth(self) -> dict[int, bytes]:
        """Return upstream's customers, as it shows them."""
        return {
            each.id: json.encode(body(each, self.origin_store, MIRRORED_FIELDS))
            async for each in self.origin.customers.each(self.origin_store.id)
            if each.id not in self.erased
        }

    async def held(self) -> dict[int, bytes]:
        """Return the mirror's customers by their raw bodies."""
        rows = await self.register.driver.all("mirror_live_bodies", STORE.id)
        return {customer_id: bytes(content) for customer_id, content in rows}

    async def shown(self) -> dict[int, bytes]:
        """Return the mirror's ordinary customers, as upstream would show them."""
        return {
            each.id: json.encode(body(each, self.origin_store, MIRRORED_FIELDS))
            async for each in self.register.customers.each(STORE.id)
        }

    async def tombstones(self) -> set[int]:
        """Return the ids of those that the mirror holds for deleted."""
        return {each.id for each in await self.register.mirror.tombstones(STORE.id, 10**6)}

    async def assert_equal(self) -> None:
        """Insist that the mirror is upstream, field by field, and that nobody living is buried."""
        truth, held, shown = await self.truth(), await self.held(), await self.shown()
        assert held.keys() == truth.keys()
        wrong = [
            customer_id for customer_id, content in truth.items() if held[customer_id] != content
        ]
        assert wrong == []
        assert shown == truth
        assert not await self.tombstones() & truth.keys()

    async def false_tombstones(self) -> set[int]:
        """Return those who are buried and live."""
        return await self.tombstones() & set(await self.ids())

    def assert_within_budget(self) -> None:
        """Insist on at most 450 requests in any 600 s, and on no 429."""
        moments, first = [moment for moment, *_ in self.asking.sent], 0
        for number, moment in enumerate(moments):
            while moments[first] <= moment - 600:
                first += 1
            assert number - first + 1 <= 450
        assert not self.asking.statuses[429]


@asynccontextmanager
async def paired(
    customers: int = 0, url: str = "sqlite://:memory:", seed: int = 1, link: bool = True
) -> AsyncIterator[Pair]:
    """Yield a sandbox with so many customers, and an empty mirror of it."""
    flags = {"webhook_targets": "local", "access_log": "off", "webhooks": "off"}
    settings, _ = load(flags, environ={}, folder=Path("/nonexistent"))
    app = await open_sandbox(settings, "http://up.test", keys_of("a token"))
    document = {
        "store": {"profile": "observed", "plan": "special"},
        "customers": {"count": customers, "seed": seed},
    }
    new = New("up", 1, seed=Raw(json.encode(document)))
    try:
        namespace = await app.dispatcher.namespaces.create(new)  # type: ignore[attr-defined]
        namespace.clock.freeze()
        async with opened(url) as register:
            register.customer_events.make = announce
            pair = Pair(namespace, register, seed)
            (pair.origin_store,) = await pair.origin.stores.all()
            if link:
                await register.mirror.link(
                    STORE.id, "https://up.test/admin/v2", EGRESS, pair.clock.now()
                )
            yield pair
    finally:
        await app.close()


def faults(pair: Pair, *rules: dict[str, Any]) -> None:
    """Let upstream fail by rules."""
    pair.namespace.faults.put(convert(list(rules), list[FaultRule]))
