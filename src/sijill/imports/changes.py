"""From the cells of a row to values, and from values to the customer. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal, NamedTuple

from msgspec import structs

from sijill.customers.erasures import NOBODY, Erased, Known
from sijill.customers.fields import CUSTOMER, GIVEN
from sijill.customers.model import Customer, Extras, blank, changed_at
from sijill.imports.days import Order, iso_day
from sijill.imports.rows import Row
from sijill.values.mobiles import parse_mobile
from sijill.values.texts import email_key

Match = Literal["id", "mobile", "email"]
"""By what a row finds the customer that it changes: by its id alone, or else by another value."""

_PAIR = {"mobile", "mobile_code"}
_RECOGNISED = _PAIR | {"id", "email", "country_code"}
_EXTRAS = frozenset(Extras.__struct_fields__)


class Rules(NamedTuple):
    """
    How the rows of a file are taken.

    `region` is the country of mobiles whose row names none, `dates` the order of days. No row
    brings back one of the `erased`. `names_others` is off where ids of new customers are made up.
    """

    region: str = "SA"
    match: Match = "id"
    dates: Order = "iso"
    erased: Erased = NOBODY
    names_others: bool = True
    """Whether a refusal names the customer who has the value already, by id."""


RULES = Rules()


class Key(NamedTuple):
    """An e-mail or a mobile, either of which at most one customer of a store has."""

    email_key: str | None = None
    mobile_code: str | None = None
    mobile: int | None = None


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

    def key(self, match: Match) -> Key | None:
        """Return the mobile or the e-mail by which the row finds a customer; None without one."""
        if match == "mobile" and self.own.get("mobile"):
            return Key(mobile_code=self.own["mobile_code"], mobile=self.own["mobile"])
        if match == "email" and (email := email_key(self.own.get("email") or "")):
            return Key(email_key=email)
        return None


def changes(row: Row, rules: Rules = RULES) -> Changes:
    """
    Return the values of a row.

    A mobile without a code is international, or of the row's country, or else of the rules' region.

    Raises: ValueError with a sentence that names every faulty cell, without its content.
    """
    if row.fault:
        raise ValueError(row.fault)
    values: dict[str, Any] = {}
    faults = []
    for name in CUSTOMER.fields.keys() & row.cells.keys() - set(row.absent):
        try:
            values[name] = CUSTOMER.parse(name, _cell(name, row.cells[name], rules.dates))
        except ValueError as error:
            faults.append(str(error))
    if values.keys() >= row.cells.keys() & _PAIR:  # one that is faulty says nothing of the other
        try:
            values |= _mobile(values, values.get("country_code") or rules.region)
        except ValueError as error:
            faults.append(str(error))
    if faults:
        raise ValueError("; ".join(sorted(faults)))
    return _split(values)


def known_of(row: Row, region: str) -> Known:
    """Return what recognises the customer of a row, as far as its cells can be read."""
    values: dict[str, Any] = {}
    for name in _RECOGNISED & row.cells.keys():
        with suppress(ValueError):
            values[name] = CUSTOMER.parse(name, row.cells[name])
    with suppress(ValueError):
        values |= _mobile(values, values.get("country_code") or region)
    mobile, code = values.get("mobile"), values.get("mobile_code")
    key = email_key(values.get("email") or "") or ""
    return Known(values.get("id"), f"{code}{mobile}" if mobile and code else "", key)


def _cell(name: str, cell: Any, dates: Order) -> Any:
    """Return a cell of a column, a day as YYYY-MM-DD. Raises: ValueError with a sentence."""
    if not CUSTOMER.fields[name].kind.is_day:
        return cell
    try:
        return iso_day(cell, dates)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


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
