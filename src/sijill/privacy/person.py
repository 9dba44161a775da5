"""One person: the values that are the person's own, and the rows of files that hold them."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import to_builtins

from sijill.customers.model import Customer, Extras, blank
from sijill.customers.search import fold
from sijill.errors import NotFound
from sijill.values.texts import email_key

if TYPE_CHECKING:
    from sijill.customers.table import CustomerTable

SHORTEST = 4
"""Characters of a text at least, for a search to mean something."""

DIGITS = 7
"""Digits of a mobile at least: fewer are found in other numbers by chance."""

_TEXTS = ("first_name", "last_name", "avatar", "location")
_EXTRAS = ("block_reason", "custom_fields", "abandoned_carts_items", "current_store_customer")
"""The fields whose texts may be one person's own; a city or a gender is everybody's."""


class Value(NamedTuple):
    """A value of a person, under the name of its field."""

    field: str
    text: str


class Person(NamedTuple):
    """A customer of a store, with extras; of one who was deleted, the id alone."""

    store_id: int
    customer: Customer
    deleted_at: datetime | None = None
    """When the customer was deleted: no value of the person is known any more."""

    @property
    def mobile(self) -> str:
        """The digits of the national number, or "" if there are too few to be sought."""
        digits = str(self.customer.mobile or "")
        return digits if len(digits) >= DIGITS else ""

    @property
    def email(self) -> str:
        """The key of the e-mail address, or ""."""
        return email_key(self.customer.email) or ""

    def identifiers(self) -> list[Value]:
        """Return what names this person and no other customer: each value once."""
        named = (Value("mobile", self.mobile), Value("email", self.email))
        return [value for value in named if value.text]

    def values(self) -> list[Value]:
        """Return every value that may be the person's own, each text once."""
        customer, extras = self.customer, self.customer.extras or Extras()
        found = [*self.identifiers(), Value("email", customer.email)]
        found += [Value(name, getattr(customer, name)) for name in _TEXTS]
        for name in _EXTRAS:
            found += [Value(name, text) for text in texts_in(to_builtins(getattr(extras, name)))]
        once = {value.text.lower(): value for value in reversed(found) if value.text}
        return [*reversed(once.values())]

    def is_in(self, cells: Any) -> bool:
        """
        Return whether a row of a file is about this person.

        A row has the person's id, or a text anywhere that holds the e-mail address or the mobile,
        in digits of any script, with any characters between them.
        """
        if isinstance(cells, dict) and str(cells.get("id", "")).strip() == str(self.customer.id):
            return True
        return any(self._is_in_text(text) for text in texts_in(cells))

    def _is_in_text(self, text: str) -> bool:
        folded = fold(text)
        digits = "".join(letter for letter in folded if letter.isdecimal())
        return bool(
            (self.mobile and self.mobile in digits)
            or (self.email and self.email in text.casefold())
            or (self.customer.email and fold(self.customer.email) in folded)
        )


async def find_person(customers: "CustomerTable", store_id: int, customer_id: int) -> Person:
    """
    Return a person, perhaps one who was deleted.

    Raises: NotFound if the store has and had no such customer; Unavailable.
    """
    try:
        return Person(store_id, await customers.find(store_id, customer_id, extras=True))
    except NotFound:
        gone_at = await customers.deleted_at(store_id, customer_id)
        if gone_at is None:
            raise
        return Person(store_id, blank(customer_id, gone_at), gone_at)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text and number anywhere in a JSON value, a number as its digits."""
    match value:
        case str():
            yield value
        case bool() | None:
            return
        case int() | float():
            yield str(value)
        case dict():
            for inner in value.values():
                yield from texts_in(inner)
        case list() | tuple():
            for inner in value:
                yield from texts_in(inner)
