"""Answers made of upstream's own bytes: a customer is cut, never written again."""

from collections.abc import Sequence
from functools import lru_cache

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
_encode = msgspec.json.Encoder().encode


def is_held(fields: frozenset[str]) -> bool:
    """Return whether the mirror holds every key that `fields[]` names."""
    return fields <= _HELD


_HELD = frozenset(MIRRORED_FIELDS)


def cut(body: bytes, fields: frozenset[str]) -> bytes:
    """
    Return a customer's JSON object without the keys that the client did not ask for.

    Every key and value that stays is upstream's own, byte for byte, in upstream's order.
    """
    members = _members.decode(body)
    before = len(members)
    for name in _unasked(fields):
        members.pop(name, None)
    return _encode(members) if len(members) < before else body


@lru_cache(1_024)
def _unasked(fields: frozenset[str]) -> tuple[str, ...]:
    """Return the keys that an answer leaves out: those that `fields[]` could have asked for."""
    asked = fields | {COMPANIONS[name] for name in fields & COMPANIONS.keys()}
    return tuple(EXTRAS - asked)


def details(customer: bytes) -> bytes:
    """Return Customer Details of a customer's JSON object."""
    return b"%b%b}" % (_SUCCESS, customer)


def listing(customers: Sequence[bytes], pagination: Pagination) -> bytes:
    """Return a page of List Customers."""
    rows = b",".join(customers)
    return b'%b[%b],"pagination":%b}' % (_SUCCESS, rows, encode(pagination))
