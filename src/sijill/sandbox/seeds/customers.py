"""
Customers of a seed document, in the words of three sources.

They are a body of Create Customer, the data of an answer, and a line of `sijill export`.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec import structs

from sijill.customers.fields import COLUMNS, CUSTOMER
from sijill.customers.model import Customer, Extras
from sijill.customers.reading import changed, read_customer
from sijill.errors import Invalid
from sijill.fields.form import Fields
from sijill.groups.model import DEFAULT_GROUP, GroupsByHand
from sijill.sandbox.seeds.faults import Faults
from sijill.stores.profiles import PROFILES
from sijill.values.dates import zone
from sijill.values.texts import is_blank

_BODY = CUSTOMER.schema()["properties"]
"""The columns that Create Customer reads; every other column is read as the cell of a file."""

_DERIVED = frozenset({"urls", "full_name"})
"""Keys of answers that follow from other values: they may stand in a document, unread."""

_STATS = ("orders_count", "orders_amount")
_MOMENTS = ("created_at", "updated_at", "latest_purchase")
_AVATARS = [avatar for profile in PROFILES.values() for avatar in profile.avatars.values()]
_EXTRAS = frozenset(Extras.__struct_fields__)

SCHEMA: Mapping[str, Any] = {
    "properties": {
        **{name: {} for name in (*COLUMNS, *_DERIVED)},
        **_BODY,
        "stats": {"properties": {name: {} for name in _STATS}},
    }
}
"""The keys of a customer, in JSON Schema."""


class NewCustomer(NamedTuple):
    """A customer to create, with id 0 for any id, and the groups that the document names."""

    customer: Customer
    groups: GroupsByHand


def read_new_customer(
    fields: Fields, path: str, faults: Faults, *, at: datetime, today: date
) -> NewCustomer:
    """
    Return the customer of an object; what is wrong goes to `faults`.

    `at` is when the customer was created, if the object does not say it; `today` is the store's.
    """
    given = _without_empty(_in_one_vocabulary(fields))
    reading = read_customer({n: v for n, v in given.items() if n in _BODY}, new=True, today=today)
    try:
        reading.check(None)
    except Invalid as invalid:
        faults.add_rules(path, invalid.fields)
    cells = faults.parse(path, CUSTOMER, {n: v for n, v in given.items() if n not in _BODY})
    created = cells.get("created_at") or cells.get("updated_at") or at
    stamps = {"created_at": created, "updated_at": cells.get("updated_at") or created}
    own = {name: value for name, value in (cells | stamps).items() if name not in _EXTRAS}
    extras = Extras(**{name: value for name, value in cells.items() if name in _EXTRAS})
    customer = structs.replace(changed(None, reading.values, created), **own, extras=extras)
    return NewCustomer(customer, reading.values.get("groups", DEFAULT_GROUP))


def _in_one_vocabulary(fields: Fields) -> dict[str, Any]:
    """Return the fields by the names of bodies, and of the columns of files."""
    named = {name: value for name, value in fields.items() if name not in _DERIVED}
    if "mobile_code" in named:
        named.setdefault("mobile_code_country", named.pop("mobile_code"))
    stats = named.pop("stats", None)
    if isinstance(stats, dict):
        named |= {name: value for name, value in stats.items() if name in _STATS}
    for name in _MOMENTS:
        if isinstance(moment := named.get(name), dict):
            named[name] = _moment_text(moment)
    if named.get("location") == PROFILES["documented"].no_location:
        del named["location"]
    if named.get("avatar") in _AVATARS:
        del named["avatar"]
    return named


def _moment_text(moment: dict[str, Any]) -> Any:
    """Return the moment of a date object as a text; any other object stays as it is."""
    with suppress(KeyError, TypeError, ValueError, OSError):
        wall = datetime.fromisoformat(moment["date"])
        return wall.replace(tzinfo=zone(moment["timezone"])).isoformat()
    return moment


def _without_empty(fields: Fields) -> dict[str, Any]:
    """Return the fields without those that say nothing; no groups are a choice of groups."""
    return {n: v for n, v in fields.items() if not is_blank(v) or (n == "groups" and v == [])}
