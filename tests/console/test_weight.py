"""What pages weigh when their lists are full: HTML, style and script, before compression."""

from datetime import timedelta

import pytest
from fixtures.events import CREATED
from fixtures.tables import rows
from fixtures.world import World

from console.desks import Seat
from console.driving import WEIGHT
from sijill.customers.event_body import event_body
from sijill.customers.examples import AHMED
from sijill.demo import APP
from sijill.pages.assets import SCRIPT, STYLE, content
from sijill.webhooks.events import Event
from sijill.webhooks.model import AttemptResult, blank
from sijill.webhooks.places import Places

pytestmark = pytest.mark.proves("a page of the console whose list is full weighs 60 KB at most")

LISTED = 60
"""More rows than a page of any list has."""

HOOK = 520_882_782

FILES = len(content(STYLE)) + len(content(SCRIPT))


@pytest.fixture
def full(world: World, owner: Seat) -> Seat:
    """An owner of a store in which the lists of customers, deliveries and entries are full."""
    url = "https://hooks.of.the.crm.example/customers/created"
    hook = blank(HOOK, world.store.id, APP.id, CREATED, url, world.moment)
    world.run(world.register.webhooks.subscribe(hook))
    for number in range(LISTED):
        form = {
            "c[first_name]": "عبدالرحمن بن عبدالعزيز",
            "c[last_name]": "الشهراني القحطاني",
            "c[mobile_code_country]": "+966",
            "c[mobile]": f"5{50000000 + number}",
            "c[email]": f"a.long.address.of.{number}@customers.example.com",
            "c[birthday]": "1990-01-31",
            "c[gender]": "male",
            "c[country_code]": "SA",
        }
        assert owner.post("/customers/new", **form).status == 303
        if not number % 3:
            assert owner.get("/customers").status == 200
    world.run(_sent(world))
    world.audited()
    return owner


async def _sent(world: World) -> None:
    """Let a full page of deliveries be refused, which says the most of each."""
    outbox, deliveries = world.register.outbox, world.register.deliveries
    body = event_body(world.store, CREATED, world.moment, AHMED)
    for number in range(LISTED):
        id_ = f"evt_{number:032x}"
        event = Event(id_, world.store.id, CREATED, world.moment, body, AHMED.id)
        await outbox.append(event)
    await outbox.sequence_events(lambda *_: True, world.moment, LISTED)
    until = world.moment + timedelta(hours=1)
    result = AttemptResult("pending", None, "resolve", until)
    while claimed := await deliveries.claim(world.moment, until, Places()):
        for due in claimed:
            await deliveries.finish(due, result, world.moment, world.moment)


@rows("path", ["", "/customers", "/customers?sort=id", "/audit", "/groups", f"/webhooks/{HOOK}"])
@rows("language", ["ar", "en"])
def test_a_page_with_a_full_list_weighs_60_kb_at_most(full: Seat, path: str, language: str) -> None:
    page = full.get(path, accept_language=language)
    assert page.status == 200
    assert len(page.body) + FILES <= WEIGHT, f"{len(page.body) + FILES} bytes"
