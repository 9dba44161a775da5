"""Bodies as upstream writes them, for tests that need no server."""

from datetime import datetime
from typing import Any

from fixtures.registers import STORE, customer
from fixtures.templates import NOW
from msgspec import json
from msgspec.structs import replace

from sijill.customers.model import Customer, Extras
from sijill.customers.wire import body
from sijill.mirror.body import Seen, read_customer
from sijill.mirror.model import MIRRORED_FIELDS

ORIGIN = replace(STORE, id=9, name="upstream", profile="observed")


def origin(number: int, **changes: Any) -> Customer:
    """Return a customer of upstream, whose id is its number."""
    return customer(number, **({"id": number, "extras": Extras()} | changes))


def shown(customer: Customer) -> bytes:
    """Return a customer as upstream shows it to the mirror."""
    return json.encode(body(customer, ORIGIN, MIRRORED_FIELDS))


def seen(number: int, **changes: Any) -> Seen:
    """Return a customer of upstream as the mirror reads it."""
    return read_customer(shown(origin(number, **changes)))


def details(customer: Customer) -> bytes:
    """Return an answer of Customer Details."""
    return b'{"status":200,"success":true,"data":' + shown(customer) + b"}"


def listed(
    customers: list[Customer], total: int, page: int = 1, per_page: int = 60
) -> dict[str, Any]:
    """Return an answer of List Customers, to be changed and encoded."""
    return {
        "status": 200,
        "success": True,
        "data": [json.decode(shown(each)) for each in customers],
        "pagination": {
            "count": len(customers),
            "total": total,
            "perPage": per_page,
            "currentPage": page,
            "totalPages": max(1, -(-total // per_page)),
            "links": {},
        },
    }


def at(seconds: float) -> datetime:
    """Return a moment some seconds after NOW."""
    return datetime.fromtimestamp(NOW.timestamp() + seconds, NOW.tzinfo)
