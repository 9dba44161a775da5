"""A customer as columns of the database and back, in the order of `customers.fields`."""

from typing import Any

from msgspec.json import encode

from sijill.customers.fields import EXTRA, OWN, STORED
from sijill.customers.model import Customer, Extras
from sijill.customers.search import indexed_terms
from sijill.database.driver import Row
from sijill.fields.columns import loader, storer
from sijill.values.texts import email_key

_load, _load_extras = loader(OWN), loader(EXTRA)
_store, _store_extras = storer(STORED), storer(EXTRA)
_NO_EXTRAS = Extras()
_COLUMNS = ("store_id", "id", "email_key", "terms", *(field.name for field in (*STORED, *EXTRA)))


def customer(row: Row) -> Customer:
    """Return the customer of a row that holds `customer_columns`."""
    return Customer(*_load(row))


def customer_with_extras(row: Row) -> Customer:
    """Return the customer of a row that holds `customer_columns`, then `extra_columns`."""
    return Customer(*_load(row[: len(OWN)]), *[read_extras(row)])


def read_extras(row: Row) -> Extras:
    """Return the extras of such a row."""
    return Extras(*_load_extras(row[len(OWN) :]))


def own_columns(customer: Customer) -> Row:
    """Return the row that `customer` reads as this customer."""
    return (customer.id, *_store(customer), ",".join(map(str, customer.groups)))


def arguments(store_id: int, customer: Customer) -> tuple[Any, ...]:
    """Return the arguments of insert_customer and update_customer; `extras` None is the default."""
    key = (store_id, customer.id, email_key(customer.email), indexed_terms(store_id, customer))
    return (*key, *_store(customer), *_store_extras(customer.extras or _NO_EXTRAS))


def document(store_id: int, customer: Customer) -> str:
    """Return the same arguments as JSON, by column."""
    return encode(dict(zip(_COLUMNS, arguments(store_id, customer), strict=True))).decode()
