"""What a process does that is killed in the middle, and what must hold for the next one."""

import json
import random
import shutil
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
from fixtures.events import HOOK, happened, ready
from fixtures.events import everything as every_event
from fixtures.oauth_rows import CONSENT, lives, pair, renewed, settled
from fixtures.registers import NOW, STORE

from crash import copies, shim
from crash.files import on_file
from crash.requests import check_requests, make_requests, work_requests
from crash.telling import Story, Tell, Told, integrity
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


def _make_deliveries(folder: Path) -> None:
    on_file(folder, lambda register: ready(register, HOOK))


def _work_deliveries(folder: Path, tell: Tell, chance: random.Random) -> None:
    async def work(register: Register) -> None:
        deliverer, number = _deliverer(register, tell, NOW + timedelta(minutes=1)), 0
        while number < 40:
            for _ in range(chance.randint(1, 5)):
                number += 1
                await register.outbox.append(happened(number))
                tell("kept", f"evt_{number:04}")
            await deliverer.settle()

    on_file(folder, work)


def _check_deliveries(folder: Path, told: Told) -> list[str]:
    received = [words[1] for words in told if words[0] == "received"]
    kept = {words[1] for words in told if words[0] == "kept"}

    async def work(register: Register) -> None:
        later = NOW + timedelta(minutes=20)
        await _deliverer(register, lambda _, id_: received.append(id_), later).settle()

    on_file(folder, work)
    wrong = [f"{id_} was never received" for id_ in kept - {*received}]
    # What was under way at the kill may come twice, and no other.
    twice = [id_ for id_ in {*received} if received.count(id_) > 1]
    if any(received.count(id_) > 2 for id_ in twice):
        wrong.append("a delivery came three times for one kill")
    return wrong + integrity(folder / "sijill.db")


# Imports

_APP = App(3, "app", NOW, client_id="3")
ROWS = 330


def _make_imports(folder: Path) -> None:
    lines = ["id,first_name,email,gender"]
    for number in range(ROWS):
        gender = "robot" if number % 50 == 7 else "male"
        lines.append(f"{number + 1},n{number},c{number % 320}@example.com,{gender}")
    texts = [text.decode() for _, text in batches("\n".join(lines).encode())]

    async def work(register: Register) -> None:
        await register.apps.create(_APP)
        job = Import(STORE.id, 7, _APP.id, "a.csv", "ar", "queued", ROWS, 0, 0, 0, 0, NOW)
        await register.imports.add(job, texts)

    on_file(folder, work)
    whole = folder.with_name(f"{folder.name}-whole")
    shutil.copytree(folder, whole)
    _import(whole, NOW)
    (folder / "expected.json").write_text(_imported(whole))


def _import(folder: Path, at: datetime) -> None:
    async def work(register: Register) -> None:
        await ready(register)
        importer = Importer(register.imports, register.stores, at.timestamp)
        while await importer.turn():
            pass

    on_file(folder, work)


def _imported(folder: Path) -> str:
    """Return what an import leaves: customers, their events, refused rows, and its counts."""
    with closing(apsw.Connection(str(folder / "sijill.db"))) as file:
        return json.dumps(
            [
                file.execute(sql).fetchall()
                for sql in (
                    "SELECT id, first_name, email FROM customers ORDER BY id",
                    "SELECT customer_id, name FROM events ORDER BY customer_id",
                    "SELECT line, reason FROM import_rejects ORDER BY line",
                    "SELECT state, done_count, created_count, updated_count, rejected_count "
                    "FROM imports",
                )
            ]
        )


def _work_imports(folder: Path, tell: Tell, chance: random.Random) -> None:
    _import(folder, NOW)


def _check_imports(folder: Path, told: Told) -> list[str]:
    _import(folder, NOW + timedelta(minutes=1))
    same = _imported(folder) == (folder / "expected.json").read_text()
    wrong = [] if same else ["the import did not end as one that was not killed"]
    return wrong + integrity(folder / "sijill.db")


# Tokens


def _make_tokens(folder: Path) -> None:
    on_file(folder, settled)


def _work_tokens(folder: Path, tell: Tell, chance: random.Random) -> None:
    async def work(register: Register) -> None:
        now = (await register.grants.issue(CONSENT, pair())).pair
        tell("pair", now.access, now.refresh)
        for _ in range(15):
            issued = await renewed(register, now.refresh)
            assert isinstance(issued, IssuedTokens)
            now = issued.pair
            tell("pair", now.access, now.refresh)

    on_file(folder, work)


def _check_tokens(folder: Path, told: Told) -> list[str]:
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

    with closing(apsw.Connection(str(folder / "sijill.db"))) as file:
        unused = file.execute("SELECT count(*) FROM refresh_tokens WHERE used_at IS NULL").get
    found: list[str] = on_file(folder, work)
    if unused != 1:
        found.append(f"{unused} refresh tokens can be used, in place of one")
    return found + integrity(folder / "sijill.db")


async def _living(register: Register) -> int:
    return sum(token.revoked_at is None for token in await register.tokens.all())


# Erasures


def _make_erasures(folder: Path) -> None:
    make_requests(folder)
    work_requests(folder, lambda *_: None, random.Random(1), steps=12)


def _keys(folder: Path) -> list[tuple[int, int]]:
    with closing(apsw.Connection(str(folder / "sijill.db"))) as file:
        return file.execute("SELECT store_id, id FROM customers ORDER BY id").fetchall()


def _work_erasures(folder: Path, tell: Tell, chance: random.Random) -> None:
    async def work(register: Register) -> None:
        for store_id, id_ in _keys(folder)[:4]:
            await register.eraser.erase(store_id, id_, NOW)
            tell("erased", id_)
            await register.driver.empty_log()

    on_file(folder, work)


def _check_erasures(folder: Path, told: Told) -> list[str]:
    wrong = []
    with closing(apsw.Connection(str(folder / "sijill.db"))) as file:
        here = {id_ for (id_,) in file.execute("SELECT id FROM customers")}
        gone = {id_ for (id_,) in file.execute("SELECT id FROM deleted_customers")}
        bodies = "SELECT customer_id FROM events WHERE name <> 'customer.deleted' AND body <> x''"
        told_of = {id_ for (id_,) in file.execute(bodies)}
    wrong += [f"customer {words[1]} is back" for words in told if words[1] in here]
    if here & gone:
        wrong.append("a customer is here and erased")
    if told_of - here:
        wrong.append("an event tells of a customer who is gone")
    return wrong + integrity(folder / "sijill.db")


STORIES = {
    "requests": Story(make_requests, work_requests, check_requests),
    "deliveries": Story(_make_deliveries, _work_deliveries, _check_deliveries),
    "imports": Story(_make_imports, _work_imports, _check_imports),
    "tokens": Story(_make_tokens, _work_tokens, _check_tokens),
    "erasures": Story(_make_erasures, _work_erasures, _check_erasures),
    "migrations": Story(copies.make_migrations, copies.work_migrations, copies.check_migrations),
    "backups": Story(copies.make_backups, copies.work_backups, copies.check_backups),
    "usage": Story(make_usage, work_usage, check_usage),
    "restores": Story(copies.make_restores, copies.work_restores, copies.check_restores),
}
