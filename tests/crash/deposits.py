"""The stories of what others leave here: files that apps upload, webhooks that upstream sends."""

import asyncio
import random
from datetime import timedelta
from typing import Any

from fixtures.registers import rekey
from fixtures.uploads import MULTIPART, csv, form, part
from fixtures.world import START, World, customer
from mirror.upstream import details
from msgspec import json

from crash.places import Place
from crash.requests import make_requests, opened
from crash.telling import Tell, Told
from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.imports.job import Importer
from sijill.mirror.model import MICROS, Reply
from sijill.mirror.upstream.model import Link
from sijill.webhooks.signing import salla_signature

# Uploads

ROWS = 120
"""Of a file: three batches."""

UPLOADS = 8

make_uploads = make_requests


def _file(number: int) -> bytes:
    lines = [f"u{number},u{number}-{row}@example.com" for row in range(ROWS)]
    return form(part(csv("first_name,email", *lines), name="customers.csv"))


async def _upload(world: World, number: int) -> None:
    headers = {"content_type": MULTIPART, "idempotency_key": f"u{number}"}
    answer = await world.answer("POST", "/customers/import", world.writer, _file(number), **headers)
    assert answer.status == 200, answer.body


def work_uploads(place: Place, tell: Tell, chance: random.Random) -> None:
    world = opened(place)
    importer = Importer(world.register.imports, world.register.stores, world.clock)

    async def work() -> None:
        for number in range(UPLOADS):
            tell("upload", number)
            await _upload(world, number)
            tell("kept", number)
            for _ in range(chance.randint(0, 4)):
                await importer.turn()

    world.run(work())
    world.close()


def check_uploads(place: Place, told: Told) -> list[str]:
    world = opened(place)
    world.clock.now += timedelta(hours=1).total_seconds()  # the lease of the killed process is over
    importer = Importer(world.register.imports, world.register.stores, world.clock)
    sent = {words[1] for words in told if words[0] == "upload"}
    kept = {words[1] for words in told if words[0] == "kept"}

    async def end() -> None:
        while await importer.turn():
            pass

    world.run(end())
    wrong = [f"the upload {n} is lost" for n in kept if _names(place).get(f"u{n}") != ROWS]

    async def resend() -> None:
        for number in sorted(sent):
            await _upload(world, number)
        await end()

    world.run(resend())
    world.close()
    names = _names(place)
    counts = {n: names.get(f"u{n}", 0) for n in sent}
    wrong += [
        f"the upload {n} made {count} customers" for n, count in counts.items() if count != ROWS
    ]
    ended = place.rows("SELECT state, done_count, created_count, rejected_count FROM imports")
    if sorted(ended) != [("done", ROWS, ROWS, 0)] * len(sent):
        wrong.append(f"{len(sent)} uploads ended as {sorted(ended)}")
    return wrong + place.faults()


def _names(place: Place) -> dict[str, int]:
    return dict(place.rows("SELECT first_name, count(*) FROM customers GROUP BY first_name"))


# Webhooks of upstream

SECRET = "whsec-of-upstream"
WEBHOOKS = 30
SUBJECTS = (1, 2, 3)


def _linked(place: Place) -> World:
    world = opened(place)
    rekey(world.register, Sealer(b"k" * KEY_BYTES))
    return world


def make_heard(place: Place) -> None:
    make_requests(place)
    world = _linked(place)
    store_id, mirror = world.other_store.id, world.register.mirror
    at = int(START * MICROS)
    link = Link(
        *(store_id, "https://up.test", None, "client", 1, at, None, None),
        *("client secret", SECRET, "access", "refresh"),
    )

    async def make() -> None:
        await mirror.link(store_id, "https://up.test", "here", world.moment)
        await world.register.mirror_links.put(link)
        for number, id_ in enumerate(SUBJECTS):
            one = customer(id_, first_name="before", email=f"c{id_}@example.com")
            reply = Reply(200, {}, details(one), number, at, 0)
            await world.register.applier.apply(store_id, reply, "verify")

    world.run(make())
    world.close()


def _body(number: int) -> bytes:
    """Return a webhook about a customer; a later number has a later change."""
    date = {"date": f"2030-01-01 00:00:{number:02}.000000", "timezone_type": 3}
    data = {"id": SUBJECTS[number % 3], "first_name": f"{number:02}"}
    data |= {"updated_at": date | {"timezone": "Asia/Riyadh"}}
    return json.encode({"event": "customer.updated", "merchant": 1, "data": data})


async def _hear(world: World, number: int) -> None:
    body = _body(number)
    path = f"/_/mirror/{world.other_store.id}/webhooks"
    signature = salla_signature(SECRET, body)
    answer = await world.answer("POST", path, None, body, x_salla_signature=signature)
    assert answer.status == 200, answer.body


def work_heard(place: Place, tell: Tell, chance: random.Random) -> None:
    world = _linked(place)

    async def work() -> None:
        number = 0
        while number < WEBHOOKS:
            several = range(number, min(WEBHOOKS, number + chance.randint(1, 4)))
            number = several.stop
            await asyncio.gather(*(_told(world, tell, one) for one in several))
            if chance.random() < 0.6:
                await world.mirroring._hearing.turn()

    world.run(work())
    world.close()


async def _told(world: World, tell: Tell, number: int) -> None:
    tell("send", number)
    await _hear(world, number)
    tell("heard", number)


def check_heard(place: Place, told: Told) -> list[str]:
    world = _linked(place)
    heard = [words[1] for words in told if words[0] == "heard"]
    sent = [words[1] for words in told if words[0] == "send"]

    async def end() -> None:
        while await world.mirroring._hearing.turn():
            pass

    async def again() -> None:
        for number in sent:
            await _hear(world, number)
        await end()

    world.run(end())
    wrong = _behind(place, world, heard)
    world.run(again())
    wrong += _behind(place, world, sent)
    world.close()
    waiting = place.value("SELECT count(*) FROM mirror_heard WHERE body IS NOT NULL")
    if waiting:
        wrong.append(f"{waiting} webhooks are never worked")
    return wrong + place.faults()


def _behind(place: Place, world: World, numbers: list[int]) -> list[str]:
    """Return which customers are as before a webhook of these."""
    sql = f"SELECT id, first_name FROM customers WHERE store_id = {world.other_store.id}"
    names: dict[Any, str] = dict(place.rows(sql))
    return [
        f"webhook {number} is lost: customer {SUBJECTS[number % 3]} is {name}"
        for number in numbers
        if (name := names[SUBJECTS[number % 3]]) == "before" or int(name) < number
    ]
