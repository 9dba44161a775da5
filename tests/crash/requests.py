"""The story of a server's writes: requests of several clients, killed in the middle."""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from fixtures.world import World

from crash.places import Place
from sijill.customers.examples import AHMED

DEPOSIT = "/customers/wallets/deposit"
SCOPES = "customers.read_write customer-wallets.read_write"


class Again(World):
    """A world on a file that may have been filled before."""

    async def _fill(self) -> None:
        if not await self.register.stores.all():
            await super()._fill()
            return
        stores = {store.name: store for store in await self.register.stores.all()}
        self.store = stores[self.store.name]


def opened(place: Place) -> Again:
    world = Again(place.url)
    world.tell()
    world.writer = world.mint(world.store, SCOPES)
    return world


def make_requests(place: Place) -> None:
    """Make the register that the requests go to."""
    opened(place).close()


async def _create(world: World, tell: Any, key: str) -> int:
    body = {"email": f"{key}@example.com", "first_name": "new"}
    answer = await world.answer("POST", "/customers", world.writer, body, idempotency_key=key)
    assert answer.status == 200, answer.body
    id_: int = answer.json["data"]["id"]
    tell("created", key, id_)
    return id_


async def _create_once(world: World, tell: Any, name: str) -> None:
    """Create without a key: nobody can send that again."""
    body = {"email": f"{name}@once.test", "first_name": name}
    answer = await world.answer("POST", "/customers", world.writer, body)
    assert answer.status == 200, answer.body
    tell("once created", name, answer.json["data"]["id"])


async def _deposit(world: World, tell: Any, key: str) -> None:
    body = {"customer_id": AHMED.id, "amount": 1}
    answer = await world.answer("POST", DEPOSIT, world.writer, body, idempotency_key=key)
    assert answer.status == 200, answer.body
    tell("deposited", key)


async def _rename(world: World, tell: Any, id_: int, name: str) -> None:
    answer = await world.answer("PUT", f"/customers/{id_}", world.writer, {"first_name": name})
    assert answer.status == 200, answer.body
    tell("renamed", id_, name)


async def _delete(world: World, tell: Any, id_: int) -> None:
    answer = await world.answer("DELETE", f"/customers/{id_}", world.writer)
    assert answer.status in (200, 202), answer.body
    tell("deleted", id_)


def work_requests(
    place: Place, tell: Callable[..., None], chance: random.Random, steps: int = 40
) -> None:
    """Send requests, several at once, and tell of each when it is sent and when it is answered."""
    world, ids = opened(place), list[int]()

    async def work() -> None:
        for number in range(steps):
            keys = [f"k{number}-{one}" for one in range(chance.randint(1, 3))]
            jobs: list[Any] = []
            for key in keys:
                tell("create", key)
                jobs.append(_create(world, tell, key))
            tell("once", f"p{number}")
            jobs.append(_create_once(world, tell, f"p{number}"))
            for key in keys[:2]:
                tell("deposit", f"d{key}")
                jobs.append(_deposit(world, tell, f"d{key}"))
            if ids:
                id_, name = chance.choice(ids), f"name {number}"
                tell("rename", id_, name)
                jobs.append(_rename(world, tell, id_, name))
            ids.extend(one for one in await asyncio.gather(*jobs) if one is not None)
            if len(ids) > 4 and chance.random() < 0.4:
                id_ = ids.pop(0)
                tell("delete", id_)
                await _delete(world, tell, id_)
            if chance.random() < 0.3:
                await world.register.driver.empty_log()

    world.run(work())
    world.close()


def check_requests(place: Place, told: Sequence[Sequence[Any]]) -> list[str]:
    """Return what was lost, done twice or left half, once every request was sent again."""
    world, wrong = opened(place), list[str]()
    acknowledged = {words[1]: words[2] for words in told if words[0] == "created"}
    again: dict[str, int] = {}

    def tell(*words: Any) -> None:
        if words[0] == "created":
            again[words[1]] = words[2]

    async def resend() -> None:
        for words in told:
            if words[0] == "create":
                await _create(world, tell, words[1])
            elif words[0] == "deposit":
                await _deposit(world, tell, words[1])

    deleted = {words[1] for words in told if words[0] == "delete"}
    surely = {words[1] for words in told if words[0] == "deleted"}
    # A key whose customer was deleted since is not sent again: it would be answered with 404.
    told = [words for words in told if acknowledged.get(str(words[1])) not in deleted]
    world.run(resend())
    for key, id_ in acknowledged.items():
        if id_ not in deleted and again.get(key) != id_:
            wrong.append(f"the acknowledged customer of {key} is lost")
    names = _names(told)
    world.close()
    rows = dict(place.rows("SELECT id, first_name FROM customers"))
    events = "SELECT customer_id FROM events WHERE name = 'customer.created'"
    heard = {id_ for (id_,) in place.rows(events)}
    logged = place.rows("SELECT entry FROM audit_pending")
    balance = place.value("SELECT sum(amount) FROM wallet_entries")
    counted = place.value("SELECT sum(customers) FROM customer_counts WHERE shift = 63")
    wrong += place.faults()
    once = dict(place.rows("SELECT first_name, id FROM customers WHERE email LIKE '%@once.test'"))
    for words in told:
        if words[0] == "once created" and once.get(words[1]) != words[2]:
            wrong.append(f"the acknowledged customer {words[1]} is lost")
    made = {*again.values(), *acknowledged.values(), *once.values()}
    if surely & rows.keys():
        wrong.append("a customer is back whose deletion was acknowledged")
    if rows.keys() - {AHMED.id} - made or made - deleted - rows.keys():
        wrong.append("there are customers whom nobody made, or too few")
    if heard != made:
        wrong.append(f"{len(heard ^ made)} customers without their event, or events without them")
    entries = [json.loads(text) for (text,) in logged]
    audited = {id_ for one in entries if one["action"] == "customer.create" for id_ in one["ids"]}
    if not made <= audited:
        wrong.append(f"{len(made - audited)} customers without an entry in the audit log")
    deposits = len({words[1] for words in told if words[0] == "deposit"})
    if (balance or 0) != deposits * 100:
        wrong.append(f"{deposits} deposits of 100 make {balance}")
    if counted != len(rows):
        wrong.append(f"{counted} customers are counted, and {len(rows)} are there")
    wrong += [
        f"customer {id_} is called {rows[id_]}, not one of {possible}"
        for id_, possible in names.items()
        if id_ in rows and rows[id_] not in possible
    ]
    return wrong


def _names(told: Sequence[Sequence[Any]]) -> dict[int, list[str]]:
    """Return which names each customer may have: the last acknowledged, and those sent after it."""
    names: dict[int, list[str]] = defaultdict(lambda: ["new"])
    for words in told:
        if words[0] == "rename":
            names[words[1]].append(words[2])
        elif words[0] == "renamed":
            names[words[1]] = [words[2]]
    return names
