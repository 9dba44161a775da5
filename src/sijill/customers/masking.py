"""
Customers as people see them: masked, or whole for those who said why.

Which field is personal, and how it is masked, says its row in `customers.fields`. What has no row
is hidden: an unknown key of a body, and its name too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs

from sijill.customers.fields import COLUMNS, OWN
from sijill.customers.model import Customer, Extras
from sijill.customers.search import fold
from sijill.values.masking import HIDDEN, Mask, hide, mask_mobile, mask_name, plain, plain_code
from sijill.values.mobiles import parse_mobile
from sijill.values.texts import ascii_digits, email_key, is_blank_text, parse_email, trimmed
from sijill.webhooks.events import FEED_EVENTS

_PLAIN = (plain, plain_code)
"""The masks of fields that are not personal."""

PERSONAL = frozenset(name for name, field in COLUMNS.items() if field.mask not in _PLAIN)
"""The names of the fields that hold personal data."""

_EXTRAS = Extras()


def shown(customer: Customer, *, whole: bool, names: Sequence[str] | None = None) -> dict[str, Any]:
    """
    Return every field of a customer by its name, masked unless `whole`, and `full_name`.

    The mobile is text with its calling code in both: `+966551234321`, or `+966 •• ••• 4321`.
    With `names` the values are these and the mobile alone: a list needs few, and masks take time.
    """
    own = {field.name: getattr(customer, field.name) for field in OWN}
    values = own | structs.asdict(customer.extras or _EXTRAS)
    values["full_name"] = f"{customer.first_name} {customer.last_name}".strip()
    if names is not None:
        values = {name: values[name] for name in names}
    if whole:
        mobile = f"+{customer.mobile_code}{customer.mobile}" if customer.mobile else ""
        return values | {"mobile": mobile}
    masked = {name: _MASKS[name](value) for name, value in values.items()}
    return masked | {"mobile": mask_mobile(customer.mobile_code, customer.mobile)}


def masked(customer: Customer) -> dict[str, Any]:
    """Return the same, masked."""
    return shown(customer, whole=False)


def masked_json(value: Any, mask: Mask = hide) -> Any:
    """
    Return decoded JSON of any shape without personal data: answers, requests, bodies of events.

    A value is masked by the row of its key, and `mask` is that of a value without a key. Keys that
    no table names become one, `•••`, so that no name of a key tells anything either.
    """
    if isinstance(value, dict):
        known = {key: _masked_member(key, item) for key, item in value.items() if key in _MASKS}
        return known if len(known) == len(value) else known | {HIDDEN: HIDDEN}
    if isinstance(value, list):
        return [masked_json(item, mask) for item in value]
    return mask(value)


def masked_body(body: bytes | str) -> str:
    """Return the JSON text of a body without personal data; `•••` for a body that is no JSON."""
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return HIDDEN if body else ""
    return msgspec.json.encode(masked_json(decoded)).decode()


def _masked_member(key: str, value: Any) -> Any:
    mask = _MASKS[key]
    if isinstance(value, dict | list) and (mask in _PLAIN or key in _PARTS):
        return masked_json(value, mask)
    return mask(value)


def _event(name: Any) -> Any:
    return name if name in FEED_EVENTS else hide(name)


_PARTS = ("data", "stats", "pagination")
"""The keys of bodies that hold other keys, or lists of them, and no value of their own."""

_MASKS: Mapping[str, Mask] = {
    **{field.body_name or name: field.mask for name, field in COLUMNS.items()},
    **{name: field.mask for name, field in COLUMNS.items()},
    "full_name": mask_name,
    "event": _event,
    **dict.fromkeys(_PARTS, hide),
    **dict.fromkeys(("merchant", "status", "success", "date", "timezone_type"), plain),
    **dict.fromkeys(("count", "total", "perPage", "currentPage", "totalPages"), plain),
}
"""The mask of each field, and of each key of bodies that may be shown."""


def is_exactly(keyword: str, customer: Customer, region: str = "SA") -> bool:
    """
    Return whether a keyword is one value of a customer, from its first character to its last.

    The values are the id, the mobile in any spelling, the e-mail, either name, and both. People
    who see masked values find only these: a search for beginnings would tell the rest letter by
    letter. `region` is the store's (ISO 3166), for a mobile without a calling code.
    """
    if is_blank_text(keyword):
        return False
    text = trimmed(keyword)
    names = (customer.first_name, customer.last_name, f"{customer.first_name} {customer.last_name}")
    return (
        ascii_digits(text) == str(customer.id)
        or (customer.mobile is not None and _is_mobile(text, customer, region))
        or (customer.email != "" and _is_email(text, customer))
        or _folded(text) in {_folded(name) for name in names} - {""}
    )


def _is_mobile(text: str, customer: Customer, region: str) -> bool:
    try:
        found = parse_mobile(text, None, region)
    except ValueError:
        return False
    return found == (customer.mobile_code, customer.mobile)


def _is_email(text: str, customer: Customer) -> bool:
    try:
        return email_key(parse_email(text)) == email_key(customer.email)
    except ValueError:
        return False


def _folded(name: str) -> str:
    return " ".join(fold(name).split())
