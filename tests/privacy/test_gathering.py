"""Everything that is kept of a person is gathered, and nothing of others."""

from datetime import datetime, timedelta

from fixtures.events import settle
from fixtures.world import World
from msgspec import json
from privacy.canaries import EMAIL, MARK, create, fill, mark, subscribe, upload

from sijill.demo import APP
from sijill.privacy.gathering import Sections
from sijill.privacy.holds import Hold
from sijill.privacy.page import page
from sijill.privacy.recipients import Recipient, sent, shown
from sijill.privacy.requests import opened
from sijill.privacy.wording import SECTIONS

DAY = timedelta(days=1)


def gathered(world: World) -> tuple[int, Sections]:
    """Return a customer of whom every section has something, and the sections."""
    register, store = world.register, world.store
    subscribe(world)
    customer_id = create(world)
    fill(world, customer_id)
    world.send("POST", "/customers", {"first_name": "Noura", "email": "noura@example.com"})
    world.send("POST", "/customers", {"first_name": "Nobody", "email": "nobody@example.com"})
    upload(world, customer_id, work=True)
    upload(world, customer_id, work=False)
    world.run(settle(register, world.moment))
    hold = Hold(store.id, customer_id, "court", world.moment, world.moment + DAY)
    world.run(register.holds.set(hold))
    world.run(
        register.person_requests.add(opened(store.id, 1, customer_id, "access", hold.begun_at))
    )
    return customer_id, world.run(register.gatherer.gather(store, customer_id))


def test_every_section_is_gathered_of_one_person_alone(world: World) -> None:
    customer_id, sections = gathered(world)
    assert sections.keys() == SECTIONS.keys()
    assert {name for name, rows in sections.items() if not rows} == {"imports"}
    text = json.encode(sections).decode()
    assert "noura" not in text.lower()
    assert "nobody" not in text.lower()
    for name in ("renamed", "custom", "cart", "current", "ban", "avatar", "refused", "arabic"):
        assert mark(name) in text, name
    assert len(sections["uploaded_rows"]) == 3
    assert sections["profile"][0]["id"] == customer_id


def test_the_page_has_every_value_in_both_languages(world: World) -> None:
    customer_id, sections = gathered(world)
    told = page(world.store, customer_id, sections, world.moment)
    assert told.count(mark("location")) >= 2
    for words in SECTIONS.values():
        assert words.ar in told
        assert words.en in told
    assert EMAIL in told
    assert MARK in told


def test_the_recipients_are_the_apps_that_were_sent_something() -> None:
    first, last = datetime(2026, 11, 1), datetime(2026, 11, 3)

    def delivery(app: str, state: str, attempts: int, at: datetime) -> dict[str, object]:
        made = {"app": app, "url": f"https://{app}.example", "state": state}
        return made | {"attempts": attempts, "created_at": at}

    deliveries = [
        delivery("crm", "done", 1, last),
        delivery("crm", "done", 2, first),
        delivery("crm", "dead", 8, first),
        delivery("mail", "pending", 0, first),
        delivery("mail", "captured", 1, first),
        delivery("late", "pending", 1, last),
    ]
    assert sent(deliveries) == [
        Recipient("crm", "webhook", "https://crm.example", 2, 1, first, last),
        Recipient("late", "webhook", "https://late.example", 0, 1, last, last),
    ]


def test_the_recipients_are_the_apps_that_looked(world: World) -> None:
    customer_id = create(world)
    other = create_other(world)
    for _ in range(2):
        world.get(f"/customers/{customer_id}")
    world.get(f"/customers/{other}")
    assert world.audited()
    sections = world.run(world.register.gatherer.gather(world.store, customer_id))
    at = world.moment
    names = {APP.id: APP.name}
    [looked] = shown(sections["audit"], names)
    assert (looked.app, looked.by) == (APP.name, "api")
    assert abs(looked.first_at - at) < timedelta(seconds=1)
    assert {row["action"] for row in sections["audit"]} == {"customer.create", "customer.view"}
    assert shown(sections["audit"], {})[0].app == str(APP.id)


def create_other(world: World) -> int:
    answer = world.send("POST", "/customers", {"first_name": "O", "email": "other@example.com"})
    found: int = answer.json["data"]["id"]
    return found
