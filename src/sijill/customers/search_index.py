"""
The index that customers are found by; see `domain.search` for what a term is.

Every term is kept behind its store, as `17:ahmed`: one store's terms lie together, and what is
asked of one store cannot touch another's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from sijill.customers.search import Findable, terms_of
from sijill.database.columns import micros
from sijill.database.driver import Transaction
from sijill.database.sql import Dialect


class Indexable(Findable, Protocol):
    """What is kept of a customer in the index."""

    @property
    def id(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...


async def index(transaction: Transaction, store_id: int, customer: Indexable) -> None:
    """Have a customer found by what it is now; a deleted one is gone from the index by itself."""
    terms = " ".join(f"{store_id}:{term}" for term in terms_of(customer))
    created_at = micros(customer.created_at)
    await transaction.run("index_customer", store_id, customer.id, created_at, terms)


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
