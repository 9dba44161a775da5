"""The fields of apps and people, as commands and files write them."""

import re
from typing import Any, get_args

from sijill.fields.doors import cell_text
from sijill.fields.field import Field, Kind, Table
from sijill.fields.numbers import FLAG, ID
from sijill.fields.texts import EMAIL, choice, text
from sijill.fields.times import MOMENT
from sijill.oauth.apps import Strategy
from sijill.oauth.password_rules import MAX_LENGTH, MIN_LENGTH, fault_of
from sijill.oauth.redirects import registrable
from sijill.oauth.scopes import OFFLINE, parse_scopes
from sijill.oauth.tokens import digest
from sijill.values.mobiles import parse_mobile
from sijill.values.texts import clean

NAME_LENGTH = 255
"""Characters in the name of an app or a person at most."""

_SECRET = re.compile(r"[\x21-\x7e]{16,}", re.ASCII)
_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


def parse_secret(cell: Any) -> str:
    """Return a secret as it is written. Raises: ValueError with a sentence."""
    secret = cell_text(cell)
    if _SECRET.fullmatch(secret) is None:
        raise ValueError("is not 16 or more visible ASCII characters")
    return secret


def parse_client_id(cell: Any) -> str:
    """Return a client_id as it is written. Raises: ValueError with a sentence."""
    client_id = cell_text(cell)
    if _CLIENT_ID.fullmatch(client_id) is None:
        raise ValueError("is not 1 to 255 visible ASCII characters")
    return client_id


def parse_person_mobile(cell: Any) -> str:
    """Return a mobile in international form. Raises: ValueError with a sentence."""
    mobile = parse_mobile(cell_text(cell), None)
    return f"+{mobile.code}{mobile.number}"


def parse_password(cell: Any) -> str:
    """Return a password as it is written. Raises: ValueError with a sentence."""
    password = cell_text(cell)
    clean(password, MAX_LENGTH)  # this only checks: the form sends outer spaces as typed
    match fault_of(password):
        case "short":
            raise ValueError(f"has fewer than {MIN_LENGTH} characters")
        case "long":
            raise ValueError(f"has more than {MAX_LENGTH} characters")
    return password


def _texts(cell: Any) -> list[str]:
    """Return the texts of a cell: one, or a list of them."""
    items = cell if isinstance(cell, list) else [cell]
    if not all(isinstance(item, str) for item in items):
        raise ValueError("is neither a text nor a list of texts")
    return items


def _parse_redirect_uris(cell: Any) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(map(registrable, _texts(cell))))
    except ValueError as fault:
        raise ValueError(f"cannot be registered: {fault}") from None


def _parse_scopes(cell: Any) -> frozenset[str]:
    return parse_scopes(" ".join(_texts(cell))) - {OFFLINE}


APP = Table(
    Field("id", ID),
    Field("name", text(NAME_LENGTH)),
    Field("created_at", MOMENT),
    Field("wallets", FLAG, True),
    Field("client_id", Kind(parse=parse_client_id), ""),
    Field("client_secret", Kind(parse=lambda cell: digest(parse_secret(cell)))),
    Field("redirect_uris", Kind(parse=_parse_redirect_uris), ()),
    Field("scopes", Kind(parse=_parse_scopes), frozenset()),
    Field("webhook_url", text(2_048), ""),
    Field("webhook_strategy", choice(get_args(Strategy), "is not a strategy"), "signature"),
    Field("webhook_secret", Kind(parse=parse_secret)),
)
"""The fields in the order of the model; the secret of a file becomes its SHA-256."""

PERSON = Table(
    Field("id", ID),
    Field("name", text(NAME_LENGTH), ""),
    Field("email", EMAIL),
    Field("mobile", Kind(parse=parse_person_mobile), ""),
    Field("created_at", MOMENT),
    Field("password", Kind(parse=parse_password)),
)
"""The fields in the order of the model, and the password of the account."""
