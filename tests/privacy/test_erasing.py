"""Canaries go through every field of every path; after an erasure no table and no file has one."""

from datetime import timedelta
from pathlib import Path

import pytest
from fixtures.events import settle
from fixtures.registers import rekey
from fixtures.world import World
from privacy.canaries import (
    EMAIL,
    MARK,
    MOBILE,
    create,
    fill,
    mark,
    person_of,
    subscribe,
    upload,
)

from sijill.customers.erasures import Known
from sijill.customers.model import Edit
from sijill.database.sealing import KEY_BYTES, FixedKeys, Sealer
from sijill.privacy.ledger_file import read, replay, save
from sijill.privacy.search import search
from sijill.webhooks.events import UPDATED, Event

pytestmark = pytest.mark.proves(
    "an erased customer is in no row of any table and in no file, wherever the values came from, "
    "and neither a file nor an old copy of the database brings the customer back"
)


def everything(world: World) -> list[str]:
    """Return the tables that hold a canary."""
    sought = (MARK, str(MOBILE), EMAIL)

    async def tables() -> list[str]:
        found = []
        for text in sought:
            values = (f"%{text}%", f"%{text}%", f"%{text.encode().hex()}%")
            rows = await world.register.driver.all("searched_tables", *values)
            found += [table for table, count in rows if count]
        return sorted(set(found))

    return world.run(tables())


def files(folder: Path) -> list[str]:
    """Return the files that hold a canary."""
    sought = [MARK.encode(), EMAIL.encode(), b"%d" % MOBILE]
    read = {file.name: file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()}
    return sorted(name for name, data in read.items() if any(one in data for one in sought))


def erase(world: World, customer_id: int) -> dict[str, int]:
    done = world.run(world.register.eraser.erase(world.store.id, customer_id, world.moment))
    world.run(world.register.driver.empty_log())
    world.run(world.register.driver.vacuum())
    return dict(done)


def is_there(world: World, customer_id: int) -> bool:
    return world.get(f"/customers/{customer_id}").status == 200


HELD = {"customers", "events", "idempotency_keys", "import_batches", "import_rejects", "imports"}
"""The tables that hold canaries before the erasure."""


def test_no_canary_is_left_after_an_erasure(world: World, tmp_path: Path) -> None:
    subscribe(world)
    customer_id = create(world)
    fill(world, customer_id)
    upload(world, customer_id, work=True, readable=False)
    upload(world, customer_id, work=False, readable=False)
    world.run(settle(world.register, world.moment))
    person = person_of(world, customer_id)
    assert {*everything(world)} == HELD
    done = erase(world, customer_id)
    assert {*done} >= HELD - {"events"}
    assert (done["import_batches"], done["import_rejects"]) == (4, 3)
    assert everything(world) == []
    assert files(tmp_path) == []
    residue = world.run(search(world.register.driver, [tmp_path], person.values()))
    assert residue.found == []
    assert {"mobile", "email", "first_name", "block_reason", "custom_fields"} <= {*residue.searched}
    assert [job.rows for job in world.run(world.register.imports.all(world.store.id))] == [5, 1]


def test_the_search_finds_what_is_left(world: World, tmp_path: Path) -> None:
    customer_id = create(world)
    person = person_of(world, customer_id)
    erase(world, customer_id)
    (tmp_path / "export.csv").write_text(f"x\n{EMAIL.upper()}\n")
    world.run(
        world.register.outbox.append(
            Event("evt_left", world.store.id, UPDATED, world.moment, mark("first").encode(), None)
        )
    )
    residue = world.run(search(world.register.driver, [tmp_path], person.values()))
    assert {("email", "export.csv"), ("first_name", "table events")} <= {
        (one.field, one.place) for one in residue.found
    }


def test_a_value_that_another_customer_has_is_not_taken_for_the_erased_one(
    world: World, tmp_path: Path
) -> None:
    customer_id = create(world)
    world.send("POST", "/customers", {"first_name": mark("first"), "email": "other@example.com"})
    person = person_of(world, customer_id)
    erase(world, customer_id)
    residue = world.run(search(world.register.driver, [tmp_path], person.values()))
    assert residue.shared == ["first_name"]
    assert residue.found == []


def test_no_file_brings_an_erased_customer_back_but_an_app_may(world: World) -> None:
    customer_id = create(world)
    erase(world, customer_id)
    upload(world, customer_id, work=True)
    assert everything(world) == ["imports"]  # the name of the new file
    [job] = world.run(world.register.imports.all(world.store.id))
    assert (job.created, job.rejected) == (0, 4)
    reasons = [one.reason for one in world.run(world.register.imports.rejects(world.store.id, 71))]
    assert len([why for why in reasons if "erased on request" in why]) == 3
    assert is_there(world, create(world))


_BEFORE = "DELETE FROM erasures; DELETE FROM erasure_keys; DELETE FROM deleted_customers"


def test_an_old_copy_of_the_database_does_not_bring_an_erased_customer_back(
    world: World, tmp_path: Path
) -> None:
    register, ledger = world.register, tmp_path / "erasures.jsonl"
    customer_id = create(world)
    person = person_of(world, customer_id)
    erase(world, customer_id)
    world.run(save(ledger, register.erasures))
    assert MARK not in ledger.read_text()
    assert str(MOBILE) not in ledger.read_text()

    async def restore() -> None:
        """Let the database be as a copy from before the erasure."""
        await register.driver.write(lambda transaction: transaction.script(_BEFORE))
        await register.customers.change(
            world.store.id, [Edit(customer_id, lambda _: person.customer)]
        )

    later = world.moment + timedelta(days=1)
    parts = (ledger, register.driver, register.eraser, register.erasures, later)
    assert world.run(replay(*parts)) == 0
    world.run(restore())
    assert is_there(world, customer_id)
    assert world.run(replay(*parts)) == 1
    assert not is_there(world, customer_id)
    assert world.run(replay(*parts)) == 0


def test_the_file_of_erasures_follows_a_rotation_of_the_key(world: World, tmp_path: Path) -> None:
    register, ledger = world.register, tmp_path / "erasures.jsonl"
    erase(world, create(world))
    world.run(save(ledger, register.erasures))
    before, marks = read(ledger), world.run(register.erasures.all())
    old = register.sealer.keyring.newest()
    rekey(register, Sealer(FixedKeys(old, b"n" * KEY_BYTES)))
    assert world.run(register.sealed.reseal()) >= 1
    rekey(register, Sealer(b"n" * KEY_BYTES))
    parts = (ledger, register.driver, register.eraser, register.erasures, world.moment)
    assert world.run(replay(*parts)) == 0
    after = read(ledger)
    assert before is not None
    assert after is not None
    assert after.sealed != before.sealed
    assert [*after.entries] == [*before.entries] == marks
    erased = world.run(register.erasures.of_store(world.store.id))
    assert erased.holds(Known(email_key=EMAIL))
