"""Events as rows, and how the write of a customer tells of itself, in its own transaction."""

from collections.abc import Iterable

from msgspec.structs import replace

from sijill.customers.row import customer_with_extras
from sijill.database.columns import micros, moment
from sijill.database.driver import Row, Transaction
from sijill.database.sealing import Sealing
from sijill.errors import NotFound
from sijill.stores.store import store
from sijill.webhooks.events import CREATED, UPDATED, Announce, Event


async def tell(
    transaction: Transaction,
    announce: Announce | None,
    sealing: Sealing,
    store_id: int,
    done: Iterable[tuple[int, bool]],
) -> None:
    """
    Write one event for each customer that was created (True) or updated (False).

    It tells of the customer as the transaction leaves it. Raises: NotFound if the store is gone.
    """
    if announce is None:
        return
    row = await transaction.one("store", store_id)
    if row is None:
        raise NotFound
    here = store(row)
    news: dict[int, bool] = {}
    for customer_id, created in done:  # who is made and then changed is new
        news[customer_id] = created or news.get(customer_id, False)
    for customer_id, created in news.items():
        kept = await transaction.one("customer_with_extras", store_id, customer_id)
        if kept is not None:
            name = CREATED if created else UPDATED
            happened = announce(here, name, customer_with_extras(kept))
            await write_event(transaction, sealing, happened)


async def write_event(transaction: Transaction, sealing: Sealing, event: Event) -> None:
    """Write an event with what it tells of. One for a single app holds its tokens: it is sealed."""
    body = event.body
    if event.app_id is not None:
        body = sealing.seal(body.decode(), _place(event.id, event.store_id))
    told = (event.name, micros(event.at), body, event.customer_id, event.app_id)
    await transaction.run("insert_event", event.id, event.store_id, *told)


def event(sealing: Sealing, row: Row) -> Event:
    """
    Return the event of a row that holds `event_columns`.

    Raises: Unsealable if it is for one app alone and was sealed under another key.
    """
    bare = unopened(row)
    if bare.app_id is None:
        return bare
    opened = sealing.open(bare.body, _place(bare.id, bare.store_id))
    return replace(bare, body=opened.encode())


def unopened(row: Row) -> Event:
    """Return the same, its body as it is kept: enough to know who is to hear of it."""
    id_, store_id, name, at, body, customer_id, app_id = row
    return Event(id_, store_id, name, moment(at), bytes(body), customer_id, app_id)


def _place(event_id: str, store_id: int) -> str:
    return f"events|{event_id}|body|{store_id}"
