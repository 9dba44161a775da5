"""Every class of data is kept as long as its table says, and cleared by every server then."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fixtures.databases import SECONDS, Run
from fixtures.events import HOOK, append, happened, ready
from fixtures.oauth_rows import APP, CODE, CONSENT, OWNER, PASSWORD, pair, settled
from fixtures.registers import NOW, STORE, customer, opened
from msgspec import json
from msgspec.structs import replace

from sijill import retention
from sijill.app import open_app
from sijill.audit.causes import operator
from sijill.audit.chain import Line
from sijill.audit.model import caused, encode
from sijill.audit.table import new_head
from sijill.bulk.model import BulkChange
from sijill.customers.model import Edit
from sijill.customers.reveals import LASTS
from sijill.customers.selection import Place, Selection
from sijill.database.columns import micros
from sijill.database.idempotency_keys import IdempotencyKey
from sijill.imports.job import HELD, performing
from sijill.imports.model import Import
from sijill.mirror.history import Sample
from sijill.oauth.invitations import Invitation
from sijill.oauth.tokens import digest
from sijill.opening import open_register
from sijill.register import Register
from sijill.retention import CLASSES, Retention
from sijill.settings import Settings, load

pytestmark = pytest.mark.proves(
    "every class of data that is kept for a while is cleared when its time is over and not before, "
    "by every server, under any setting of webhooks"
)

MOMENT = timedelta(microseconds=1)
SETTINGS, _ = load({}, environ={}, folder=Path("/nonexistent"))
IMPORT = 7

Step = Callable[[Register], Awaitable[object]]
Look = Callable[[Register], Awaitable[Any]]


class Kept(NamedTuple):
    """How something of a class comes about, its time beginning at NOW; whether it is there."""

    make: Step
    there: Look


async def waiting(register: Register) -> bool:
    return [one.state for one in await register.deliveries.all()] == ["pending"]


async def told(register: Register) -> bool:
    return bool(await register.outbox.changes(STORE.id, after=0, names=(), limit=9))


async def tell(register: Register, *hooks: Any) -> None:
    await ready(register, *hooks)
    await append(register, happened(0))


async def create_once(register: Register) -> None:
    await register.apps.create(APP)
    key = IdempotencyKey(APP.id, "key", b"same", NOW)
    await register.customers.change(STORE.id, [Edit(None, lambda _: customer(1))], key=key)


async def upload(register: Register) -> Import:
    """Add a file of a good row and a bad one."""
    await register.apps.create(APP)
    job = Import(STORE.id, IMPORT, APP.id, "a.csv", "ar", "queued", 2, 0, 0, 0, 0, NOW)
    rows = [[2, {"email": "a@b.c"}, None], [3, {"email": "d@e.f", "birthday": "x"}, None]]
    await register.imports.add(job, [json.encode(rows).decode()])
    return job


async def import_file(register: Register) -> None:
    job = await upload(register)
    assert await register.imports.next("one", NOW, NOW + HELD)
    while await register.imports.advance(job, "one", NOW, NOW + HELD, performing(STORE, NOW)):
        pass


async def break_off(register: Register) -> None:
    await upload(register)
    await register.driver.run("end_import", STORE.id, IMPORT, "failed", micros(NOW))


def rows(name: str, *args: object) -> Look:
    return lambda register: register.driver.all(name, *args)


async def refused(register: Register) -> list[Any]:
    """Return the refused rows, and what is counted of them."""
    kept = await register.driver.all("import_rejects", STORE.id, IMPORT)
    return [*kept, *await register.driver.all("held_rejects", STORE.id)]


async def name(register: Register) -> str:
    return (await register.imports.find(STORE.id, IMPORT)).name


async def authorize(register: Register) -> None:
    await settled(register)
    await register.grants.authorize(CONSENT, replace(CODE, expires_at=NOW))


async def issue(register: Register) -> None:
    await settled(register)
    await register.grants.issue(CONSENT, REFRESH)


async def sign_in(register: Register) -> None:
    await register.people.create(OWNER, PASSWORD, [])
    await register.sessions.open(digest("cookie"), OWNER.id, NOW)


async def reveal(register: Register) -> None:
    await register.people.create(OWNER, PASSWORD, [STORE.id])
    await register.reveals.open(OWNER, STORE.id, None, "support", "HELP-1", NOW - LASTS)


async def offer(register: Register) -> None:
    await register.people.offer_set_up(digest("link"), NOW)


async def invite(register: Register) -> None:
    await register.people.create(OWNER, PASSWORD, [STORE.id])
    to = ("Sara", "sara@example.com")
    new = Invitation(STORE.id, 3, OWNER.id, *to, "viewer", NOW)
    await register.invitations.offer(digest("invited"), new)


async def record(register: Register) -> None:
    entry = caused(operator("export"), micros(NOW), "customer.export", STORE.id, whole=True)
    await register.audit.seal(new_head(), [Line(entry.at, encode(entry))])


async def choose(register: Register) -> None:
    """Ask for a change of all customers, and never confirm it."""
    values = (STORE.id, 5, OWNER.id, "ban", Selection(), "x", None, "waiting", 1, 0, 0, 0)
    await register.bulk.add(BulkChange(*values, Place(0, 0), NOW))


async def chosen(register: Register) -> bool:
    return bool(await register.bulk.newest(STORE.id, 1))


async def lose(register: Register) -> None:
    """Know a customer of upstream, and that it was deleted there."""
    await register.mirror.link(STORE.id, "https://up.test/admin/v2", "here", NOW)
    moments = (micros(NOW),) * 2
    row = (STORE.id, 5, "gone", b"{}", *moments, 1, micros(NOW), 0, micros(NOW))
    await register.driver.run("put_mirror_customer", *row)


async def last_body(register: Register) -> bytes | None:
    row = await register.mirror.row(STORE.id, 5)
    assert row is not None
    return row.body


async def hear(register: Register) -> None:
    """Hear a webhook of upstream, and work it."""
    await register.mirror.link(STORE.id, "https://up.test/admin/v2", "here", NOW)
    assert await register.mirror_heard.hear(STORE.id, b"{}", micros(NOW))
    (heard,) = await register.mirror_heard.waiting(STORE.id, 9)
    await register.mirror_heard.worked(heard)


async def is_known(register: Register) -> bool:
    is_new = await register.mirror_heard.hear(STORE.id, b"{}", micros(NOW))
    if is_new:
        await register.driver.run("clear_mirror_webhooks", STORE.id)
    return not is_new


async def sample(register: Register) -> None:
    await register.mirror_history.add(STORE.id, micros(NOW), 1, 1, None)


async def samples(register: Register) -> list[Sample]:
    return await register.mirror_history.since(STORE.id, NOW)


async def ask_once(register: Register) -> None:
    await register.apps.create(APP)
    await register.driver.run("add_limit_usage", STORE.id, micros(NOW), APP.id, True, 1, 0)


REFRESH = replace(pair(), refresh_until=NOW)

KEPT: dict[str, Kept] = {
    "waiting deliveries": Kept(lambda register: tell(register, HOOK), waiting),
    "events and their deliveries": Kept(tell, told),
    "idempotency keys": Kept(create_once, rows("idempotency_key", STORE.id, APP.id, "key")),
    "names of uploaded files": Kept(import_file, name),
    "rows of uploaded files": Kept(break_off, rows("import_batch", STORE.id, IMPORT)),
    "refused rows of imports": Kept(import_file, refused),
    "lists of the customers that an import created": Kept(
        import_file, rows("import_created", STORE.id, IMPORT)
    ),
    "last values of customers that the upstream of a mirror deleted": Kept(lose, last_body),
    "changes of all customers of a selection": Kept(choose, chosen),
    "webhooks that a mirror heard": Kept(hear, is_known),
    "figures of how fresh and how complete a mirror was": Kept(sample, samples),
    "numbers of requests by app and ten minutes": Kept(
        ask_once, lambda register: register.usage.apps(STORE.id)
    ),
    "OAuth codes, used or not": Kept(authorize, rows("authorization_of_code", CODE.digest)),
    "refresh tokens, used or not": Kept(
        issue, rows("authorization_of_refresh", digest(REFRESH.refresh))
    ),
    "sessions of people": Kept(sign_in, rows("session", digest("cookie"))),
    "entries of the audit log: ids and names of fields alone": Kept(
        record, rows("audit_blocks_in_order", "", 0, 9)
    ),
    "which people see values whole": Kept(
        reveal, rows("revealed", STORE.id, OWNER.id, micros(NOW - MOMENT))
    ),
    "invitations to a store: a name, an e-mail and a link": Kept(
        invite, rows("invitation", digest("invited"), 0)
    ),
    "set-up links": Kept(offer, rows("setup_link", digest("link"), 0)),
}
"""By the name of the class. Copies of the database are files: they have a test of their own."""

COPIES = "old states of the database, from before migrations and restores"


def lifetime(name: str, settings: Settings = SETTINGS) -> timedelta:
    [data] = [data for data in CLASSES if data.name == name]
    return NOW - data.before(settings, NOW)


async def turn(register: Register, at: datetime, settings: Settings = SETTINGS) -> None:
    await Retention(register, settings, at.timestamp).turn()


def test_every_class_of_the_table_is_tested() -> None:
    assert {data.name for data in CLASSES} == {*KEPT, COPIES}
    assert len({data.name for data in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize("kind", KEPT)
def test_a_class_is_cleared_when_its_time_is_over_and_not_before(run: Run, kind: str) -> None:
    make, there = KEPT[kind]

    async def scenario(register: Register) -> None:
        await make(register)
        assert await there(register)
        await turn(register, NOW + lifetime(kind))
        assert await there(register)
        await turn(register, NOW + lifetime(kind) + 2 * MOMENT)
        assert not await there(register)
        await turn(register, NOW + lifetime(kind) + timedelta(days=400))
        assert not await there(register)

    run(scenario)


def test_a_setting_says_how_long_a_class_is_kept() -> None:
    settings, _ = load({"event_retention": "3h"}, environ={}, folder=Path("/nonexistent"))
    assert lifetime("events and their deliveries", settings) == timedelta(hours=3)
    assert lifetime("idempotency keys", settings) == timedelta(hours=24)


def test_a_copy_before_a_migration_is_removed_and_no_other_file(tmp_path: Path) -> None:
    old, edge = NOW - timedelta(days=30, seconds=1), NOW - timedelta(days=30) + MOMENT
    removed = ["sijill.before-0002.db", "sijill.before-0003.db.part"]
    removed += ["sijill.before-restore-20261129T213000Z.db" + end for end in ("", "-wal", "-shm")]
    left = ["other.before-0002.db", "sijill.before-upgrade.db", "sijill.db.bak", "secret.key"]
    young = "sijill.before-0004.db"

    async def scenario() -> None:
        async with opened(f"sqlite://{tmp_path}/sijill.db") as register:
            for name in (*removed, *left, young):
                (tmp_path / name).write_bytes(b"x")
                at = (edge if name == young else old).timestamp()
                os.utime(tmp_path / name, (at, at))
            await turn(register, NOW)
            there = {path.name for path in tmp_path.iterdir() if "db-" not in path.name}
            assert there == {*left, young, "sijill.db"}

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_a_class_that_cannot_be_cleared_stops_no_other(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_register: Register, _before: datetime, _now: datetime) -> None:
        raise LookupError("a secret")

    logged: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(retention.log, "error", lambda name, **more: logged.append((name, more)))
    monkeypatch.setattr(retention, "CLASSES", (CLASSES[0]._replace(clear=broken), *CLASSES))

    async def scenario(register: Register) -> None:
        await sign_in(register)
        await turn(register, NOW + timedelta(days=400))
        assert await register.sessions.find(digest("cookie")) is None

    run(scenario)
    assert [name for name, _ in logged] == ["retention_failed"]
    assert "secret" not in repr(logged)


@pytest.mark.parametrize("webhooks", ["off", "send", "capture"])
def test_every_server_clears_whatever_its_settings_of_webhooks(
    tmp_path: Path, webhooks: str
) -> None:
    flags = {"data_dir": str(tmp_path), "webhooks": webhooks}
    settings, _ = load(flags, environ={}, folder=tmp_path)

    async def scenario() -> None:
        register = await open_register(settings)
        try:
            await register.stores.create(STORE)
            await append(register, happened(0, at=NOW - timedelta(days=3_000)))
            assert await told(register)
            app = await open_app(settings, "http://localhost")
            while await told(register):
                await asyncio.sleep(0.01)
            await app.close()
        finally:
            await register.close()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))
