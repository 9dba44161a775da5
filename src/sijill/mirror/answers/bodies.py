"""Answers made of upstream's own bytes: a customer is cut, never written again."""

from collections.abc import Sequence

import msgspec
from msgspec import Raw

from sijill.customers.model import Extras
from sijill.http.envelope import Pagination, encode
from sijill.mirror.model import MIRRORED_FIELDS

EXTRAS = frozenset(Extras.__struct_fields__)
"""Keys that an answer has only where `fields[]` asks for them."""

COMPANIONS = {"is_orders_rated": "pending_rating_count"}
"""Keys that come with another one."""

_SUCCESS = b'{"status":200,"success":true,"data":'
_members = msgspec.json.Decoder(dict[str, Raw])


def is_held(fields: frozenset[str]) -> bool:
    """Return whether the mirror holds every key that `fields[]` names."""
    return fields <= _HELD


_HELD = frozenset(MIRRORED_FIELDS)


def cut(body: bytes, fields: frozenset[str]) -> bytes:
    """
    Return a customer's JSON object without the keys that the client did not ask for.

    Every key and value that stays is upstream's own, byte for byte, in upstream's order.
    """
    asked = fields | {COMPANIONS[name] for name in fields & COMPANIONS.keys()}
    members = _members.decode(body)
    unasked = (EXTRAS - asked) & members.keys()
    if not unasked:
        return body
    for name in unasked:
        del members[name]
    return msgspec.json.encode(members)


def details(customer: bytes) -> bytes:
    """Return Customer Details of a customer's JSON object."""
    return b"%b%b}" % (_SUCCESS, customer)


def listing(customers: Sequence[bytes], pagination: Pagination) -> bytes:
    """Return a page of List Customers."""
    rows = b",".join(customers)
    return b'%b[%b],"pagination":%b}' % (_SUCCESS, rows, encode(pagination))
