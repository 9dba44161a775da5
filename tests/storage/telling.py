"""An app that subscribes, events that happen, and short ways to settle, claim and finish them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.domain.apps import App
from sijill.domain.customers import Customer
from sijill.domain.events import CREATED, Event
from sijill.domain.ids import new_event_id
from sijill.domain.stores import Store
from sijill.domain.webhooks import Due, Outcome, Webhook
from sijill.storage.register import Register
from sijill.wire.events import event_body

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
OTHER = Store(2, "Other")
APP = App(7, "CRM", NOW, client_id="7")
OTHER_APP = App(9, "Mail", NOW, client_id="9")
HOOK = Webhook(
    id=100,
    store_id=STORE.id,
    app_id=APP.id,
    name="crm",
    event=CREATED,
    url="https://crm.example/hook",
    version=2,
    rule=None,
    headers=(("X-Key", "a header of theirs"),),
    strategy="signature",
    secret="a secret of theirs",
    created_at=NOW,
)
DONE = Outcome("done", 200, None, NOW)


def announce(store: Store, name: str, customer: Customer) -> Event:
    """Return the event of a write, as the application makes it."""
    body = event_body(store, name, NOW, customer)
    return Event(new_event_id(), store.id, name, NOW, body, customer.id)


def happened(number: int, **changes: Any) -> Event:
    """Return an event that is later than those with smaller numbers."""
    at = NOW + number * SECOND
    body = b'{"data":{"id":%d}}' % number
    return replace(Event(f"evt_{number:04}", STORE.id, CREATED, at, body, number), **changes)


def another(number: int, **changes: Any) -> Webhook:
    """Return a webhook with an id and an address of its own."""
    own = {"id": number, "url": f"https://crm.example/{number}"}
    return replace(HOOK, **(own | changes))


async def ready(register: Register, *hooks: Webhook) -> None:
    """Keep two stores and two apps, and subscribe; from here on writes are told."""
    if OTHER not in await register.stores():
        await register.create_store(OTHER)
        for app in (APP, OTHER_APP):
            await register.create_app(app)
    for hook in hooks:
        await register.subscribe(hook)
    register.announce = announce


def everything(_webhook: Webhook, _event: Event) -> bool:
    """Return that a webhook wants an event."""
    return True


async def settle(register: Register, at: Any = NOW) -> int:
    """Settle all there is, and return how many that were."""
    total = 0
    while count := await register.settle(everything, at, 500):
        total += count
    return total


async def feed(register: Register, store_id: int = STORE.id) -> list[Event]:
    """Settle, and return every event of a store in its order."""
    await settle(register)
    found = await register.changes(store_id, after=0, names=(), limit=1_000)
    return [one.event for one in found]


async def append(register: Register, *events: Event) -> None:
    """Keep events and settle them."""
    for event in events:
        await register.append(event)
    await settle(register)


async def claim(register: Register, at: Any = NOW, **limits: Any) -> list[Due]:
    """Claim for a minute, everything unless the limits say otherwise."""
    wanted = {"busy": {}, "each": 1_000, "failing": 1_000, "most": 1_000} | limits
    return await register.claim(at, at + 60 * SECOND, **wanted)


def names(due: Sequence[Due]) -> list[tuple[int, str]]:
    """Return which deliveries were claimed: webhook and event."""
    return [(one.webhook.id, one.event.id) for one in due]
