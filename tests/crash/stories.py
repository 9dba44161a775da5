"""What a process does that is killed in the middle, and what must hold for the next one."""

import json
import random
from datetime import datetime, timedelta
from typing import Any

from fixtures.events import HOOK, happened, ready
from fixtures.events import everything as every_event
from fixtures.oauth_rows import CONSENT, lives, pair, renewed, settled
from fixtures.registers import NOW, STORE

from crash import copies, deposits, shim
from crash.places import Place
from crash.registers import on_register
from crash.requests import check_requests, make_requests, work_requests
from crash.telling import Story, Tell, Told
from crash.usage import check_usage, make_usage, work_usage
from sijill.imports.job import Importer
from sijill.imports.model import Import
from sijill.imports.uploads import batches
from sijill.oauth.apps import App
from sijill.oauth.grants import IssuedTokens
from sijill.register import Register
from sijill.telemetry.metrics import Metrics
from sijill.webhooks.model import AttemptResult
from sijill.webhooks.schedule import SCHEDULES, ReceiverAnswer
from sijill.webhooks.worker import Deliverer, DeliveryObserver, Plan

# Deliveries


class _Receiver:
    """Takes every delivery, and tells of it at once: the sender may be killed right afterwards."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    async def attempt(self, due: Any, now: datetime) -> ReceiverAnswer:
        shim.met("send", "before")
        self._tell("received", due.event.id)
        shim.met("send", "after")
        return ReceiverAnswer(200, {})

    async def close(self) -> None:
        pass


def _deliverer(register: Register, tell: Tell, at: datetime) -> Deliverer:
    finish = register.deliveries.finish

    async def marking(due: Any, outcome: AttemptResult, *moments: datetime) -> None:
        shim.met("mark", "before")
        await finish(due, outcome, *moments)

    register.deliveries.finish = marking  # type: ignore[method-assign]
    plan = Plan(SCHEDULES["durable"], "send")
    observer = DeliveryObserver(Metrics().delivered)
    post: Any = _Receiver(tell)
    return Deliverer(
        *(register.outbox, register.deliveries, post, every_event, observer, plan, at.timestamp)
    )


def _make_deliveries(place: Place) -> None:
    on_register(place, lambda register: ready(register, HOOK))


def _work_deliveries(place: Place, tell: Tell, chance: random.Random) -> None:
    async def work(register: Register) -> None:
        deliverer, number = _deliverer(register, tell, NOW + timedelta(minutes=1)), 0
        while number < 40:
            for _ in range(chance.randint(1, 5)):
                number += 1
                await register.outbox.append(happened(number))
                tell("kept", f"evt_{number:04}")
            await deliverer.settle()

    on_register(place, work)


def _check_deliveries(place: Place, told: Told) -> list[str]:
    received = [words[1] for words in told if words[0] == "received"]
    kept = {words[1] for words in told if words[0] == "kept"}

    async def work(register: Register) -> None:
        later = NOW + timedelta(minutes=20)
        await _deliverer(register, lambda _, id_: received.append(id_), later).settle()

    on_register(place, work)
    wrong = [f"{id_} was never received" for id_ in kept - {*received}]
    # What was under way at the kill may come twice, and no other.
    twice = [id_ for id_ in {*received} if received.count(id_) > 1]
    if any(received.count(id_) > 2 for id_ in twice):
        wrong.append("a delivery came three times for one kill")
    return wrong + place.faults()


# Imports

_APP = App(3, "app", NOW, client_id="3")
ROWS = 330


def _make_imports(place: Place) -> None:
    lines = ["id,first_name,email,gender"]
    for number in range(ROWS):
        gender = "robot" if number % 50 == 7 else "male"
        lines.append(f"{number + 1},n{number},c{number % 320}@example.com,{gender}")
    texts = [text.decode() for _, text in batches("\n".join(lines).encode())]

    async def work(register: Register) -> None:
        await register.apps.create(_APP)
        job = Import(STORE.id, 7, _APP.id, "a.csv", "ar", "queued", ROWS, 0, 0, 0, 0, NOW)
        await register.imports.add(job, texts)

    on_register(place, work)
    whole = place.copied(f"{place.folder.name}-whole")
    _import(whole, NOW)
    (place.folder / "expected.json").write_text(_imported(whole))


def _import(place: Place, at: datetime) -> None:
    async def work(register: Register) -> None:
        await ready(register)
        importer = Importer(register.imports, register.stores, at.timestamp)
        while await importer.turn():
            pass

    on_register(place, work)


def _imported(place: Place) -> str:
    """Return what an import leaves: customers, their events, refused rows, and its counts."""
    return json.dumps(
        [
            place.rows(sql)
            for sql in (
                "SELECT id, first_name, email FROM customers ORDER BY id",
                "SELECT customer_id, name FROM events ORDER BY customer_id",
                "SELECT line, reason FROM import_rejects ORDER BY line",
                "SELECT state, done_count, created_count, updated_count, rejected_count "
                "FROM imports",
            )
        ]
    )


def _work_imports(place: Place, tell: Tell, chance: random.Random) -> None:
    _import(place, NOW)


def _check_imports(place: Place, told: Told) -> list[str]:
    _import(place, NOW + timedelta(minutes=1))
    same = _imported(place) == (place.folder / "expected.json").read_text()
    wrong = [] if same else ["the import did not end as one that was not killed"]
    return wrong + place.faults()


# Tokens


def _make_tokens(place: Place) -> None:
    on_register(place, settled)


def _work_tokens(place: Place, tell: Tell, chance: random.Random) -> None:
    async def work(register: Register) -> None:
        now = (await register.grants.issue(CONSENT, pair())).pair
        tell("pair", now.access, now.refresh)
        for _ in range(15):
            issued = await renewed(register, now.refresh)
            assert isinstance(issued, IssuedTokens)
            now = issued.pair
            tell("pair", now.access, now.refresh)

    on_register(place, work)


def _check_tokens(place: Place, told: Told) -> list[str]:
    if not told:
        return []
    _, access, refresh = told[-1]

    async def work(register: Register) -> list[str]:
        wrong = []
        if (count := await _living(register)) != 1:
            wrong.append(f"{count} access tokens live after the kill")
        again = await renewed(register, refresh)
        count = await _living(register)
        if isinstance(again, IssuedTokens):
            if count != 1 or await lives(register, access):
                wrong.append(f"{count} access tokens live after a renewal")
        elif count:
            wrong.append(f"{count} access tokens live after a second use")
        return wrong

    unused = place.value("SELECT count(*) FROM refresh_tokens WHERE used_at IS NULL")
    found: list[str] = on_register(place, work)
    if unused != 1:
        found.append(f"{unused} refresh tokens can be used, in place of one")
    return found + place.faults()


async def _living(register: Register) -> int:
    return sum(token.revoked_at is None for token in await register.tokens.all())


# Erasures


def _make_erasures(place: Place) -> None:
    make_requests(place)
    work_requests(place, lambda *_: None, random.Random(1), steps=12)


def _keys(place: Place) -> list[tuple[int, int]]:
    return place.rows("SELECT store_id, id FROM customers ORDER BY id")


def _work_erasures(place: Place, tell: Tell, chance: random.Random) -> None:
    keys = _keys(place)[:4]

    async def work(register: Register) -> None:
        for store_id, id_ in keys:
            await register.eraser.erase(store_id, id_, NOW)
            tell("erased", id_)
            await register.driver.empty_log()

    on_register(place, work)


def _check_erasures(place: Place, told: Told) -> list[str]:
    wrong = []
    here = {id_ for (id_,) in place.rows("SELECT id FROM customers")}
    gone = {id_ for (id_,) in place.rows("SELECT id FROM deleted_customers")}
    bodies = "FROM events WHERE name <> 'customer.deleted' AND length(body) > 0"
    told_of = {id_ for (id_,) in place.rows(f"SELECT customer_id {bodies}")}
    wrong += [f"customer {words[1]} is back" for words in told if words[1] in here]
    if here & gone:
        wrong.append("a customer is here and erased")
    if told_of - here:
        wrong.append("an event tells of a customer who is gone")
    return wrong + place.faults()


STORIES = {
    "requests": Story(make_requests, work_requests, check_requests),
    "deliveries": Story(_make_deliveries, _work_deliveries, _check_deliveries),
    "imports": Story(_make_imports, _work_imports, _check_imports),
    "uploads": Story(deposits.make_uploads, deposits.work_uploads, deposits.check_uploads),
    "heard": Story(deposits.make_heard, deposits.work_heard, deposits.check_heard),
    "tokens": Story(_make_tokens, _work_tokens, _check_tokens),
    "erasures": Story(_make_erasures, _work_erasures, _check_erasures),
    "migrations": Story(copies.make_migrations, copies.work_migrations, copies.check_migrations),
    "backups": Story(copies.make_backups, copies.work_backups, copies.check_backups),
    "usage": Story(make_usage, work_usage, check_usage),
    "restores": Story(copies.make_restores, copies.work_restores, copies.check_restores),
}
