"""Reads a body of a customer: its values, its faults, and the customer that it leads to."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec import UNSET, structs

from sijill.customers.fields import COLUMNS, CUSTOMER, Doubt, doubts_of
from sijill.customers.model import (
    Customer,
    blank,
    changed_at,
)
from sijill.errors import Invalid
from sijill.fields.doors import body_integer
from sijill.fields.form import Fields, Form
from sijill.fields.texts import CALLING_CODE, MOBILE
from sijill.values.mobiles import parse_mobile


class Reading(NamedTuple):
    """
    The values that a body writes, by attribute of `Customer`, and the faults by field.

    An answer can be sent back as a body: a value that the customer has already is no fault.
    """

    values: dict[str, Any]
    faults: Mapping[str, Sequence[str]]
    doubts: Mapping[str, Doubt]

    def check(self, old: Customer | None) -> None:
        """Raise Invalid naming every faulty field of a body for this customer, None if new."""
        faults = dict(self.faults)
        for name, doubt in self.doubts.items():
            if doubt.holds(old):
                faults[name] = [*faults.get(name, ()), doubt.rule]
        if faults:
            raise Invalid(faults)


def read_customer(fields: Fields, *, new: bool, today: date) -> Reading:
    """
    Return what a body writes; omitted fields are absent. `today` is the store's.

    Source: Salla "Create Customer", "Update Customer". Every field is optional, but a new customer
    has a mobile or an e-mail, and a mobile has its mobile_code_country. Groups stay in the
    order of the body, so that a fault names its place.
    """
    form, values = CUSTOMER.read(fields)
    values |= _read_mobile(form)
    if new and not form.has("email"):
        form.require("mobile")
    doubts = _doubts_of_empty(form, fields)
    doubts |= {doubt.attribute: doubt for doubt in doubts_of(values, today)}
    faults = {name: rules for name, rules in form.faults.items() if name not in doubts}
    return Reading(values, faults, doubts)


def _doubts_of_empty(form: Form, fields: Fields) -> dict[str, Doubt]:
    """Return the doubts about empty fields, and about a mobile without its calling code."""
    doubts = {}
    for field in COLUMNS.values():
        name = field.body_name or field.name
        if name in fields and form.faults.get(name) == ["required"]:
            doubts[name] = Doubt(field.name, field.empty, "required")
    number = body_integer(fields.get("mobile"))
    if number is not None and form.faults.get(_CODE) == ["required"]:
        doubts[_CODE] = Doubt("mobile", number, "required")
        if form.faults.get("mobile") == ["mobile"]:  # judged without its code
            doubts["mobile"] = Doubt("mobile", number, "mobile")
    return doubts


_CODE = "mobile_code_country"


def changed(old: Customer | None, values: dict[str, Any], now: datetime) -> Customer:
    """
    Return `old` with the values, changed at `now` if one differs from what it had.

    A new customer has id 0, and the table gives it one.
    """
    base = old or blank(0, now)
    if "country_code" in values and values["country_code"] != base.country_code:
        values = values | {"country": ""}  # the name of the old country is not the new one's
    groups = tuple(sorted({*values.get("groups", base.groups)}))
    return changed_at(now, base, structs.replace(base, **values | {"groups": groups}))


def _read_mobile(form: Form) -> dict[str, Any]:
    """Read mobile and code, which belong together: either alone makes the other required."""
    text, code = form.raw("mobile"), form.raw(_CODE)
    if text is UNSET and code is UNSET:
        return {}
    form.require("mobile", _CODE)
    calling = form.read(_CODE, CALLING_CODE.read)
    if text is UNSET:
        return {}
    try:
        mobile = parse_mobile(MOBILE.read(text), None if calling is UNSET else calling)
    except ValueError:
        form.fault("mobile", "mobile")
        return {}
    if calling is UNSET:
        return {}
    return {"mobile": mobile.number, "mobile_code": mobile.code}
