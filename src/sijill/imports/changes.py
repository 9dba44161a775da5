"""From the cells of a row to values, and from values to the customer. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import structs

from sijill.customers.fields import CUSTOMER, GIVEN
from sijill.customers.model import Customer, Extras, blank, changed_at
from sijill.imports.rows import Row
from sijill.values.mobiles import parse_mobile

_PAIR = {"mobile", "mobile_code"}
_EXTRAS = frozenset(Extras.__struct_fields__)


class Changes(NamedTuple):
    """
    The values that a row writes; a column that the row does not have stays unchanged.

    `customer_id` is None if the row has no id.
    """

    customer_id: int | None
    own: dict[str, Any]
    extras: dict[str, Any]

    @property
    def reachable(self) -> bool:
        """Whether the row has a mobile or an e-mail, which a new customer needs."""
        return bool(self.own.get("mobile") or self.own.get("email"))


def changes(row: Row, region: str) -> Changes:
    """
    Return the values of a row.

    A mobile without a code is international, or of the row's country, or else of `region`.

    Raises: ValueError with a sentence that names every faulty cell, without its content.
    """
    if row.fault:
        raise ValueError(row.fault)
    values: dict[str, Any] = {}
    faults = []
    for name in CUSTOMER.fields.keys() & row.cells.keys() - set(row.absent):
        try:
            values[name] = CUSTOMER.parse(name, row.cells[name])
        except ValueError as error:
            faults.append(str(error))
    if values.keys() >= row.cells.keys() & _PAIR:  # one that is faulty says nothing of the other
        try:
            values |= _mobile(values, values.get("country_code") or region)
        except ValueError as error:
            faults.append(str(error))
    if faults:
        raise ValueError("; ".join(sorted(faults)))
    return _split(values)


def _mobile(values: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Return the mobile and its code, which always change together."""
    if values.get("mobile") is None:
        if values.get("mobile_code"):
            raise ValueError("mobile_code stands without a mobile")
        return {"mobile": None, "mobile_code": ""} if "mobile" in values else {}
    try:
        mobile = parse_mobile(values["mobile"], values.get("mobile_code"), region)
    except ValueError as error:
        raise ValueError(f"mobile {error}") from None
    return {"mobile": mobile.number, "mobile_code": mobile.code}


def _split(values: dict[str, Any]) -> Changes:
    for name in GIVEN:
        if name in values and values[name] is None:
            del values[name]
    return Changes(
        values.pop("id", None),
        {name: value for name, value in values.items() if name not in _EXTRAS},
        {name: value for name, value in values.items() if name in _EXTRAS},
    )


def merged(old: Customer | None, row: Changes, now: datetime) -> Customer:
    """
    Return the customer with the values of the row; a new customer without an id has id 0.

    `updated_at` is `now` if a value changed, unless the row has one for it.
    """
    base = old or blank(row.customer_id or 0, now)
    extras = structs.replace(base.extras or Extras(), **row.extras)
    new = structs.replace(base, **row.own, extras=extras)
    return new if "updated_at" in row.own else changed_at(now, base, new)
