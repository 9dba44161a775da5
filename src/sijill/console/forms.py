"""What forms of the console send, read as bodies of the API are, and the sentences of faults."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sijill.audit.causes import REASONS, parse_ticket
from sijill.errors import Invalid
from sijill.fields.rules import render
from sijill.http.request import Request, chosen_language
from sijill.oauth.visits import Visit

C = TypeVar("C", bound=str)


class Faults(dict[str, str]):
    """The sentence of each faulty field; "" of any other."""

    def __missing__(self, field: str) -> str:
        """Return that a field has no fault."""
        return ""


async def submitted(request: Request, visit: Visit) -> dict[str, Any]:
    """
    Return the fields of a form of the page, lists and objects in them as in a form of the API.

    Raises: BadRequest; Invalid; ForgedForm.
    """
    fields = dict(await request.fields())
    visit.check({"token": text_of(fields, "token")})
    return fields


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """Return a field of a form as text; "" for an absent one, or for a list."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def choice(text: str, choices: Sequence[C]) -> C | None:
    """Return the choice that a text names, or None for any other text."""
    return next((one for one in choices if one == text), None)


def sentences(request: Request, fault: Invalid) -> Faults:
    """Return the sentence of each faulty field; that of a place in a list stands with the list."""
    language, found = chosen_language(request), Faults()
    for field, rules in fault.fields.items():
        whole = field.split(".")[0]
        for name in {field, whole}:
            found.setdefault(name, render(field, rules[0], language))
    return found


NO_REASON = {"reason": "", "ticket": ""}
"""What a form asks for before values are shown whole, with nothing in it."""


def reason_in(form: Mapping[str, Any]) -> dict[str, str]:
    """Return the reason and the ticket of a form."""
    return {name: text_of(form, name) for name in NO_REASON}


def faults_of_reason(values: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the faults of a `reason` and a `ticket`, which whole values are shown for."""
    faults = {}
    if values["reason"] not in REASONS:
        faults["reason"] = ["required" if not values["reason"] else "invalid"]
    try:
        parse_ticket(values["ticket"])
    except ValueError:
        faults["ticket"] = ["required" if not values["ticket"] else "invalid"]
    return faults
