"""A customer who was deleted before: what is still kept is exported, and can be erased."""

import pytest
from fixtures.events import settle
from fixtures.world import World
from privacy.canaries import MARK, create, mark, subscribe, upload

from sijill.errors import NotFound

pytestmark = pytest.mark.proves(
    "of a customer who was deleted before, all that still names the id is exported and erased"
)


def deleted(world: World) -> int:
    """Delete a customer over the API, of whom rows of files still name the id."""
    subscribe(world)
    customer_id = create(world)
    upload(world, customer_id, work=False)
    world.run(settle(world.register, world.moment))
    assert world.send("DELETE", f"/customers/{customer_id}").status in (200, 202)
    return customer_id


def test_all_that_still_names_the_id_is_exported(world: World) -> None:
    customer_id = deleted(world)
    gone_at = world.moment
    world.clock.now += 3600
    sections = world.run(world.register.gatherer.gather(world.store, customer_id))
    assert sections["profile"] == [{"id": customer_id, "deleted_at": gone_at}]
    (row,) = sections["uploaded_rows"]
    assert row["cells"]["last_name"] == mark("row")
    assert [one["body"] for one in sections["events"] if one["event"] == "customer.created"] == [
        None
    ]
    assert sections["deliveries"]
    assert sections["idempotency_keys"]
    assert {"customer.create", "customer.delete"} <= {one["action"] for one in sections["audit"]}
    assert {name for name in ("wallet", "points", "groups") if sections[name]} == set()


def test_all_that_still_names_the_id_is_erased(world: World) -> None:
    customer_id = deleted(world)
    done = world.run(world.register.eraser.erase(world.store.id, customer_id, world.moment))
    assert (done["import_batches"], done["idempotency_keys"]) == (1, 1)
    assert "customers" not in done
    sections = world.run(world.register.gatherer.gather(world.store, customer_id))
    assert (sections["uploaded_rows"], sections["idempotency_keys"]) == ([], [])
    erased = world.run(world.register.erasures.of_store(world.store.id))
    assert bool(erased)
    again = world.run(world.register.eraser.erase(world.store.id, customer_id, world.moment))
    assert again == {}


def test_a_file_does_not_bring_the_id_back_after_the_erasure(world: World) -> None:
    customer_id = deleted(world)
    world.run(world.register.eraser.erase(world.store.id, customer_id, world.moment))
    upload(world, customer_id, work=True)
    with pytest.raises(NotFound):
        world.run(world.register.customers.find(world.store.id, customer_id))
    rejects = world.run(world.register.imports.rejects(world.store.id, 71))
    assert mark("row") not in repr(rejects)


def test_the_erasure_is_told_without_a_value(world: World) -> None:
    customer_id = deleted(world)
    seen = len(world.audited())
    world.run(world.register.eraser.erase(world.store.id, customer_id, world.moment))
    (entry,) = world.audited()[seen:]
    assert (entry.action, entry.ids) == ("customer.delete", (customer_id,))
    assert MARK not in repr(entry)


def test_one_who_never_was_is_not_found(world: World) -> None:
    for work in (
        world.register.gatherer.gather(world.store, 999),
        world.register.eraser.erase(world.store.id, 999, world.moment),
    ):
        with pytest.raises(NotFound):
            world.run(work)
