"""Events as rows of the outbox."""

from msgspec.structs import replace

from sijill.database.columns import micros, moment
from sijill.database.driver import Row, Transaction
from sijill.database.sealing import Sealer
from sijill.webhooks.events import Event


async def insert_event(transaction: Transaction, event: Event) -> None:
    """Write an event in the transaction of the write that it is about."""
    rest = (event.name, micros(event.at), event.body, event.customer_id, event.app_id)
    await transaction.run("insert_event", event.id, event.store_id, *rest)


async def insert_sealed_event(transaction: Transaction, sealer: Sealer, event: Event) -> None:
    """Write an event for a single app, which holds the app's tokens: its body is sealed."""
    body = sealer.seal(event.body.decode(), _place(event.id, event.store_id))
    await insert_event(transaction, replace(event, body=body))


def event(sealer: Sealer, row: Row) -> Event:
    """
    Return the event of a row that holds `event_columns`.

    Raises: Unsealable if it is for one app alone and was sealed under another key.
    """
    bare = unopened(row)
    if bare.app_id is None:
        return bare
    opened = sealer.open(bare.body, _place(bare.id, bare.store_id))
    return replace(bare, body=opened.encode())


def unopened(row: Row) -> Event:
    """Return the same, its body as it is kept: enough to know who is to hear of it."""
    id_, store_id, name, at, body, customer_id, app_id = row
    return Event(id_, store_id, name, moment(at), bytes(body), customer_id, app_id)


def _place(event_id: str, store_id: int) -> str:
    return f"events|{event_id}|body|{store_id}"
