"""The fields of one customer on pages, and the body of the API that a form stands for."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sijill.console.forms import text_of
from sijill.customers.fields import COLUMNS, cell_text, cells
from sijill.customers.model import Customer
from sijill.fields.field import Field
from sijill.fields.texts import EMAIL, MOBILE
from sijill.http.query import parse_id
from sijill.values.masking import plain_code

CODE = "mobile_code_country"

TOGETHER = {"mobile", CODE}
"""Fields that a body names both or neither of."""

CLEARED = {field.body_name or name for name, field in COLUMNS.items() if field.clears}
"""Fields that null empties."""

INPUTS = {
    "mobile_code": ("+966", {"inputmode": "tel"}),
    "mobile": ("501234567", {"inputmode": "tel"}),
    "email": ("", {"inputmode": "email"}),
    "country_code": ("SA", {"maxlength": "2"}),
}
"""An example and the attributes of inputs that take no free text, by the name of the field."""


class PageField(NamedTuple):
    """A field as the templates show it."""

    name: str
    body_name: str
    style: str
    """The element for its value: `name` or `latin`."""
    is_day: bool
    choices: Sequence[str]
    example: str
    attributes: Mapping[str, str]


def _on_page(field: Field) -> PageField:
    kind = field.kind
    is_latin = kind.is_day or kind is EMAIL or field.mask is plain_code
    day = ("", {"inputmode": "numeric"})
    example, attributes = day if kind.is_day else INPUTS.get(field.name, ("", {}))
    return PageField(
        field.name,
        field.body_name or field.name,
        "latin" if is_latin or kind is MOBILE else "name",
        kind.is_day,
        kind.schema.get("enum", ()),
        example,
        ({"dir": "ltr"} | attributes if attributes else {}) | {"autocomplete": "off"},
    )


LABELLED = {name: _on_page(field) for name, field in COLUMNS.items() if field.label}

FACTS = [one for name, one in LABELLED.items() if name not in ("mobile_code", "country_code")]
"""The fields that a page shows: the codes stand with the mobile, or in place of the country."""


def _inputs() -> list[PageField]:
    """Return the fields of the form, the calling code before the number, as it is dialled."""
    names = [name for name in LABELLED if COLUMNS[name].sentence and name != "mobile_code"]
    names.insert(names.index("mobile"), "mobile_code")
    return [LABELLED[name] for name in names]


FORM = _inputs()
"""The fields of the form; groups are boxes besides."""

EMPTY = {one.body_name: "" for one in FORM}
"""The texts of a new form, by the names in bodies."""


def texts_of(customer: Customer) -> dict[str, str]:
    """Return the fields of the form as the form shows them."""
    row = cells(customer)
    texts = {one.body_name: cell_text(one.name, row[one.name]) for one in FORM}
    return texts | {CODE: f"+{texts[CODE]}" if texts[CODE] else ""}


def body_of(sent: Mapping[str, str], groups: Sequence[int], old: Customer | None) -> dict[str, Any]:
    """Return the body of the API that a form stands for: the fields that it changes alone."""
    before = EMPTY if old is None else texts_of(old)
    changed_names = {name for name in EMPTY if sent[name] != before[name]}
    if changed_names & TOGETHER:
        changed_names |= {name for name in TOGETHER if sent[name] or old is not None}
    fields: dict[str, Any] = {
        name: None if not sent[name] and name in CLEARED else sent[name]
        for name in EMPTY
        if name in changed_names
    }
    if (old is None and groups) or (old is not None and set(groups) != set(old.groups)):
        fields["groups"] = list(groups)
    return fields


def sent_by(form: Mapping[str, Any]) -> tuple[dict[str, str], list[int]]:
    """
    Return the texts of a form, and the ids of the boxes that are ticked.

    They stand in the object `c`: browsers take names such as `email` for those of a sign-in.
    """
    given = form.get("c")
    fields = given if isinstance(given, dict) else {}
    boxes = fields.get("groups", [])
    ids = (parse_id(text) for text in boxes if isinstance(text, str))
    return {name: text_of(fields, name) for name in EMPTY}, [one for one in ids if one is not None]
