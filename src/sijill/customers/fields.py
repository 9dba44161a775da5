"""What Create Customer and Update Customer say: documented fields in, one decision out."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, structs

from sijill.customers.model import GENDERS, MOST_GROUPS, NAME_LENGTH, Customer, blank
from sijill.fields.form import Form, as_id
from sijill.http.bodies import Fields
from sijill.stores.countries import codes
from sijill.values.mobiles import parse_code, parse_mobile

_CLEARED: dict[str, Any] = {"gender": None, "birthday": None, "groups": ()}
"""Fields that null or an empty value clears, to what; anywhere else it breaks `required`."""


def read_customer(fields: Fields, *, new: bool) -> dict[str, Any]:
    """
    Return the values that a body writes, by attribute of `Customer`; what it omits is not there.

    Source: Salla "Create Customer", "Update Customer". Every field is optional, but a new customer
    has a mobile or an e-mail, and a mobile has its mobile_code_country. Groups are as they were
    sent, in their order: so a faulty one can be named by its place.
    Raises: Invalid naming every faulty field.
    """
    form = Form({name: value for name, value in fields.items() if not _is_cleared(name, value)})
    values: dict[str, Any] = {
        "first_name": form.text("first_name", NAME_LENGTH),
        "last_name": form.text("last_name", NAME_LENGTH),
        "email": form.email("email"),
        "gender": form.one_of("gender", GENDERS),
        "birthday": form.day("birthday"),
        "country_code": _country(form),
        "groups": _groups(form),
    }
    values |= _mobile(form)
    if new and not form.has("mobile") and not form.has("email"):
        form.fault("mobile", "required")
    form.check()
    values |= {n: none for n, none in _CLEARED.items() if n in fields and _is_cleared(n, fields[n])}
    return {name: value for name, value in values.items() if value is not UNSET}


def written(old: Customer | None, values: dict[str, Any], now: datetime) -> Customer:
    """Return the customer that the values make of `old`; a new one has id 0, for the store."""
    base = old or blank(0, now)
    if "country_code" in values and values["country_code"] != base.country_code:
        values = values | {"country": ""}  # the name of the old country is not the new one's
    groups = tuple(sorted({*values.get("groups", base.groups)}))
    return structs.replace(base, **values | {"groups": groups, "updated_at": now})


def _is_cleared(name: str, value: Any) -> bool:
    return name in _CLEARED and value in (None, "", [])


def _country(form: Form) -> Any:
    code = form.text("country_code", 2)
    if not isinstance(code, str):
        return UNSET
    return code.upper() if code.upper() in codes() else form.fault("country_code", "invalid")


def _groups(form: Form) -> Any:
    groups = form.each("groups", MOST_GROUPS, as_id)
    return tuple(groups) if isinstance(groups, list) else UNSET


def _mobile(form: Form) -> dict[str, Any]:
    """A mobile and its code belong together: one alone names the other as missing."""
    text, code = form.raw("mobile"), form.raw("mobile_code_country")
    if text is UNSET and code is UNSET:
        return {}
    for name in ("mobile", "mobile_code_country"):
        if not form.has(name):
            form.fault(name, "required")
    try:
        calling = parse_code(str(code)) if code is not UNSET else None
    except ValueError:
        calling = None
        form.fault("mobile_code_country", "invalid")
    if text is UNSET:
        return {}
    try:
        mobile = parse_mobile(text if isinstance(text, int) else str(text), calling)
    except ValueError:
        form.fault("mobile", "mobile")
        return {}
    return {"mobile": mobile.number, "mobile_code": mobile.code}
