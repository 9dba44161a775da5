"""A customer whose every field is a canary, brought in over every path."""

from fixtures.events import another
from fixtures.world import World
from msgspec import json
from msgspec.structs import replace

from sijill.customers.model import Edit, Extras
from sijill.demo import APP
from sijill.imports.job import Importer
from sijill.imports.model import Import
from sijill.privacy.person import Person
from sijill.webhooks.events import CREATED, UPDATED, Event

MARK = "zqcanary"
MOBILE = 560_123_987
EMAIL = f"{MARK}mail@canary.example"


def mark(name: str) -> str:
    return f"{MARK}{name}"


def create(world: World) -> int:
    """Create the customer over the API, twice with one key, and return its id."""
    body = {
        "first_name": mark("first"),
        "last_name": mark("last"),
        "mobile": MOBILE,
        "mobile_code_country": "+966",
        "email": EMAIL,
        "gender": "female",
        "birthday": "1990-01-02",
        "country_code": "SA",
    }
    for _ in range(2):
        answer = world.send("POST", "/customers", body, idempotency_key=f"{EMAIL}-1")
        assert answer.status in (200, 201), answer.json
    found: int = answer.json["data"]["id"]
    return found


def fill(world: World, customer_id: int) -> None:
    """Bring canaries into every other field and table."""
    register, store, now = world.register, world.store, world.moment
    world.send("PUT", f"/customers/{customer_id}", {"first_name": mark("renamed")})
    world.send("POST", f"/customers/{customer_id}/ban", {"reason": mark("ban")})
    kept = world.run(register.customers.find(store.id, customer_id, extras=True))
    extras = Extras(
        is_blocked=True,
        block_reason=mark("ban"),
        custom_fields=[{"id": 1, "value": mark("custom")}],
        abandoned_carts_items=[{"name": mark("cart")}],
        current_store_customer={"name": mark("current")},
        wallet_balance=7,
        total_points=9,
    )
    whole = replace(
        kept,
        extras=extras,
        avatar=f"https://{mark('avatar')}.example/a.png",
        location=mark("location"),
        city=mark("city"),
        country=mark("country"),
    )
    world.run(register.customers.change(store.id, [Edit(customer_id, lambda _: whole)]))
    event = Event("evt_canary", store.id, UPDATED, now, json.encode({"email": EMAIL}), None)
    world.run(register.outbox.append(event))


def subscribe(world: World) -> None:
    for number, name in ((101, CREATED), (102, UPDATED)):
        hook = another(number, store_id=world.store.id, app_id=APP.id, event=name)
        world.run(world.register.webhooks.subscribe(hook))


def upload(world: World, customer_id: int, *, work: bool, readable: bool = True) -> None:
    """Upload a file with the customer in rows that are good, refused and unreadable."""
    other = {"first_name": "Noura", "email": "noura@example.com"}
    rows = [
        [2, {"id": str(customer_id), "last_name": mark("row")}, None],
        [3, {"email": EMAIL.upper(), "first_name": mark("refused"), "birthday": "x"}, None],
        [4, {"mobile": "٠٥٦ ٠١٢ ٣٩٨٧", "last_name": mark("arabic"), "birthday": "y"}, None],
        [5, other | {"birthday": "z"}, None],
    ]
    if not readable:
        rows.append([6, {"raw": f"{mark('raw')},{EMAIL},z"}, "has a quote that is never closed"])
    register, number = world.register, 70 + work
    job = Import(
        *(world.store.id, number, APP.id, f"{EMAIL}.csv", "ar", "queued", len(rows), 0),
        *(0, 0, 0, world.moment),
    )
    world.run(register.imports.add(job, [json.encode(rows).decode()]))
    if work:
        world.run(Importer(register.imports, register.stores, world.clock).turn())


def person_of(world: World, customer_id: int) -> Person:
    found = world.run(world.register.customers.find(world.store.id, customer_id, extras=True))
    return Person(world.store.id, found)
