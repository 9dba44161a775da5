"""The fields of a store, as commands and files write them."""

from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sijill.fields.doors import cell_text
from sijill.fields.field import Field, Kind, Table
from sijill.fields.numbers import ID
from sijill.fields.texts import choice, code, text
from sijill.fields.times import MOMENT
from sijill.stores.model import PLANS, SHOP, ProfileName, Store
from sijill.values.texts import trimmed

NAME_LENGTH = 255
"""Characters of a store's name at most."""


def _parse_zone(cell: Any) -> str:
    try:
        return ZoneInfo(trimmed(cell_text(cell))).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("is not a time zone: write it as Asia/Riyadh") from None


def _parse_locale(cell: Any) -> str:
    from babel import Locale, UnknownLocaleError  # half a megabyte, which a list does without

    tag = trimmed(cell_text(cell))
    try:
        Locale.parse(tag)
    except (UnknownLocaleError, ValueError, TypeError):
        raise ValueError("is not a language: write its code, for example ar, en or fr") from None
    return tag


ZONE = Kind(parse=_parse_zone)
LOCALE = Kind(parse=_parse_locale)
CURRENCY = code(3, "is not a currency: three letters of ISO 4217, for example SAR")

_KINDS = {
    "id": ID,
    "name": text(NAME_LENGTH),
    "plan": choice(PLANS, f"is not a plan: {', '.join(PLANS)}"),
    "profile": choice(
        get_args(ProfileName), f"is not a profile: {', '.join(get_args(ProfileName))}"
    ),
    "timezone": ZONE,
    "locale": LOCALE,
    "currency": CURRENCY,
    "customer_url": text(2_048),
    "admin_url": text(2_048),
    "avatar_male": text(2_048),
    "avatar_female": text(2_048),
    "created_at": MOMENT,
}
_EMPTY = Store(SHOP.id, SHOP.name, created_at=SHOP.created_at)

STORE = Table(
    *(Field(name, _KINDS[name], getattr(_EMPTY, name)) for name in Store.__struct_fields__)
)
"""The fields in the order of the model; an empty value is that of a store without the field."""
