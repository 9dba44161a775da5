"""
The index that customers are found by; see `domain.search` for what a term is.

Every term is kept behind its store, as `17:ahmed`: one store's terms lie together, and what is
asked of one store cannot touch another's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sijill.customers.search import Findable, terms_of
from sijill.database.columns import micros, moment
from sijill.database.driver import Transaction
from sijill.database.sql import Dialect

BATCH = 1_000
"""Customers in memory at once while all of them are indexed."""


class Indexable(Findable, Protocol):
    """What is kept of a customer in the index."""

    @property
    def id(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...


class _Kept(NamedTuple):
    """A row of `customers_to_index`."""

    id: int
    first_name: str
    last_name: str
    mobile: int | None
    mobile_code: str
    email: str
    created_at: datetime


async def index(transaction: Transaction, store_id: int, customer: Indexable) -> None:
    """Have a customer found by what it is now; a deleted one is gone from the index by itself."""
    terms = " ".join(f"{store_id}:{term}" for term in terms_of(customer))
    created_at = micros(customer.created_at)
    await transaction.run("index_customer", store_id, customer.id, created_at, terms)


async def index_everybody(transaction: Transaction) -> None:
    """Index every customer of every store, BATCH in memory at once."""
    for (store_id,) in await transaction.all("stores_to_index"):
        after = 0
        while rows := await transaction.all("customers_to_index", store_id, after, BATCH):
            for *fields, created_at in rows:
                await index(transaction, store_id, _Kept._make((*fields, moment(created_at))))
            after = rows[-1][0]


def matching(dialect: Dialect, store_id: int, terms: Sequence[str]) -> str:
    """
    Return the argument of `found`: every term must begin one of a customer's.

    Terms are letters and digits, so nothing in them can end the quotes. There is one at least.
    """
    conjunction, prefix = _FORMS[dialect]
    return conjunction.join(prefix(f"{store_id}:{term}") for term in terms)


_FORMS: dict[Dialect, tuple[str, Callable[[str], str]]] = {
    "sqlite": (" AND ", '"{}" *'.format),
    "postgres": (" & ", "'{}':*".format),
}
"""How each database writes that all must match, and that a term is a beginning."""
