"""
An event as a row: how it is written and read.

The body of an event for one app alone is sealed, because it holds the tokens of the app.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from sijill.database.columns import micros, moment
from sijill.database.driver import Row, Transaction
from sijill.database.resealing import SealedRows
from sijill.database.sealing import Sealer
from sijill.webhooks.events import Event


async def insert_events(transaction: Transaction, events: Iterable[Event]) -> None:
    """Write events in the transaction of the write that they are about."""
    await transaction.run_each("insert_event", [_arguments(event) for event in events])


def _arguments(event: Event) -> tuple[object, ...]:
    rest = (event.name, micros(event.at), event.body, event.customer_id, event.app_id)
    return (event.id, event.store_id, *rest)


async def insert_sealed_event(transaction: Transaction, sealer: Sealer, event: Event) -> None:
    """Write an event for one app, with its body sealed."""
    body = sealer.seal(event.body.decode(), _place(event.id, event.store_id))
    await insert_events(transaction, [replace(event, body=body)])


def opened_event(sealer: Sealer, row: Row) -> Event:
    """
    Return the event of a row that holds `event_columns`.

    Raises: Unsealable if the event is for one app alone and was sealed under another key.
    """
    bare = unopened_event(row)
    if bare.app_id is None:
        return bare
    opened = sealer.open(bare.body, _place(bare.id, bare.store_id))
    return replace(bare, body=opened.encode())


def unopened_event(row: Row) -> Event:
    """Return the event with its body as stored: enough to find the webhooks that it is for."""
    id_, store_id, name, at, body, customer_id, app_id = row
    return Event(id_, store_id, name, moment(at), bytes(body or b""), customer_id, app_id)


def _place(event_id: str, store_id: int) -> str:
    return f"events|{event_id}|body|{store_id}"


def _resealed(sealer: Sealer, row: Row) -> tuple[object, ...]:
    """Return the id and the store of an event for one app, and its body, sealed under a new key."""
    event = opened_event(sealer, row)
    place = _place(event.id, event.store_id)
    return event.id, event.store_id, sealer.seal(event.body.decode(), place)


SEALED_EVENTS = SealedRows("events", _resealed)
"""The bodies of events for one app alone."""
