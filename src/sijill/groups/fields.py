"""The fields of groups in bodies and columns: groups, conditions, features, additions."""

from functools import partial
from typing import Any, Final, NamedTuple

from msgspec import UNSET, json, structs

from sijill.errors import Invalid
from sijill.fields import columns
from sijill.fields.doors import body_id, body_integer
from sijill.fields.field import Field, Kind, Table
from sijill.fields.form import Fields, Form, Refused
from sijill.fields.lists import read_list, read_objects
from sijill.fields.numbers import FLAG, ID, ids, number, read_number
from sijill.fields.texts import choice, text
from sijill.groups.model import (
    MAX_ADDED,
    NAME_LENGTH,
    NO_ORDERS,
    SYMBOLS,
    TYPES,
    Condition,
    Conditions,
    Features,
    Group,
)
from sijill.localized import Localized
from sijill.values.texts import clean

MAX_CONDITIONS: Final = 20
MAX_FEATURES: Final = 100
"""Conditions of a group, and members of each list of its features, at most."""

MAX_NUMBER: Final = 10**12
"""The largest number of a condition, which every JSON reader reads exactly."""

_TYPE, _SYMBOL = choice(TYPES), choice([*SYMBOLS])
_NUMBER = number(0, MAX_NUMBER)

_CONDITION = Table(
    Field(
        "type",
        _TYPE,
        sentence=Localized(
            "ما يقارنه الشرط: مجموع المشتريات، أو عدد الطلبات، أو التقييم. لا يحفظ سجل "
            "التقييمات، فشرط التقييم لا يتحقق أبدًا. و `doesnt_have_orders` لمن ليس له "
            "طلبات، ويُحفظ معه رمز المقارنة والأرقام دون أن تُستخدم.",
            "What the condition compares: total sales, number of orders, or rating. Sijill "
            "stores no ratings, so a condition on the rating never holds. "
            "`doesnt_have_orders` holds for customers without orders; its symbol and "
            "numbers are stored but not used.",
        ),
    ),
    Field("symbol", _SYMBOL, sentence=Localized("رمز المقارنة.", "The comparison.")),
    Field("value", _NUMBER, sentence=Localized("مع `>` و `<`.", "For `>` and `<`.")),
    Field(
        "min_value",
        _NUMBER,
        sentence=Localized("الحد الأدنى مع `between`، ويدخل فيه.", "For `between`, inclusive."),
    ),
    Field(
        "max_value",
        _NUMBER,
        sentence=Localized("الحد الأعلى مع `between`، ويدخل فيه.", "For `between`, inclusive."),
    ),
)


def _read_condition(fields: Fields) -> Condition:
    form = Form(fields)
    form.require("type")
    kind = form.read("type", _TYPE.read)
    if kind == NO_ORDERS and not form.has("symbol"):
        return Condition(NO_ORDERS)
    form.require("symbol")
    symbol = form.read("symbol", _SYMBOL.read)
    names = () if symbol is UNSET else _ENDS.get(symbol, ("value",))
    numbers = _read_numbers(form, names)
    form.check_inner()
    return Condition(kind, symbol, **numbers)


_ENDS = {"between": ("min_value", "max_value")}


def _read_numbers(form: Form, names: tuple[str, ...]) -> dict[str, float]:
    """Read the numbers of a condition; the second is at least the first."""
    numbers: dict[str, float] = {}
    min_value: float = 0
    for name in names:
        form.require(name)
        read = partial(read_number, min_value=min_value, max_value=MAX_NUMBER)
        value = form.read(name, read)
        if value is not UNSET:
            numbers[name] = min_value = value
    return numbers


def _read_conditions(value: Any) -> tuple[Condition, ...]:
    return tuple(read_objects(value, max_items=MAX_CONDITIONS, read_object=_read_condition))


def _read_word(value: Any) -> str | None:
    try:
        return clean(value, NAME_LENGTH) or None if isinstance(value, str) else None
    except ValueError:
        return None


_WORD = {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH}
_WORDS = Kind(
    {"type": "array", "items": _WORD, "maxItems": MAX_FEATURES},
    lambda value: tuple(
        read_list(value, max_items=MAX_FEATURES, read_item=_read_word, rule="string")
    ),
)

_FEATURES = Table(
    Field("payment_method", _WORDS, sentence=Localized("طرق الدفع.", "Payment methods.")),
    Field("shipping", _WORDS, sentence=Localized("طرق الشحن.", "Shipping methods.")),
)


def _read_features(value: Any) -> Features:
    """Return the features; an absent or null list is empty."""
    if not isinstance(value, dict):
        raise Refused("invalid")
    form, lists = _FEATURES.read({n: v for n, v in value.items() if n in _FEATURES.fields and v})
    form.check_inner()
    return Features(**lists)


def _in_json(kind: Kind, values: Any) -> Kind:
    """Return a kind whose values, of the type `values`, stand in a column as JSON."""
    return structs.replace(
        kind,
        store=lambda value: json.encode(value).decode(),
        load=lambda text: json.decode(text, type=values),
    )


_FEATURES_FIELD = Field(
    "features",
    _in_json(Kind(_FEATURES.schema(), _read_features), Features),
    Features(),
    clears=True,
    sentence=Localized(
        "المزايا المتاحة للمجموعة. يحفظها سجل ولا يطبّقها.",
        "The features of the group. Sijill stores them and does not enforce them.",
    ),
)

_CONDITIONS = {
    "type": "array",
    "items": _CONDITION.schema("type"),
    "maxItems": MAX_CONDITIONS,
}
GROUP = Table(
    Field(
        "name",
        text(NAME_LENGTH),
        "",
        clears=True,
        sentence=Localized(
            "اسم المجموعة، ويمكن تكراره. النص الفارغ يمحوه.",
            "The name, which need not be unique. An empty text clears it.",
        ),
    ),
    Field(
        "conditions",
        _in_json(Kind(_CONDITIONS, _read_conditions), Conditions),
        (),
        clears=True,
        sentence=Localized(
            "يدخل المجموعة تلقائيًا كل عميل تتحقق فيه الشروط كلها، ويخرج منها إن لم يعد "
            "أحدها متحققًا. و `[]` تمحو الشروط.",
            "Customers who meet all conditions join the group, and leave it when a "
            "condition no longer holds. `[]` removes the conditions.",
        ),
    ),
    _FEATURES_FIELD,
    empty=(None, "", [], {}),
)

_BY_NAME = {"id": Field("id", ID), "is_default": Field("is_default", FLAG), **GROUP.fields}
COLUMNS = [_BY_NAME[name] for name in Group.__struct_fields__]
"""The fields of a group as columns, the id first, in the order of the model."""

SQL_LISTS = {
    "group_columns": columns.listed(COLUMNS, "g."),
    "group_fields": columns.listed(COLUMNS),
    "group_values": columns.placeholders(COLUMNS, 3),
    "group_assignments": columns.assignments(COLUMNS[1:], 4),
}
"""The lists that statements on groups name; $1 is the store and $2 where an evaluation begins."""

DEFAULT_GROUP = Table(_FEATURES_FIELD, empty=())


def _read_group_id(value: Any) -> int:
    if body_integer(value) is None:
        raise Refused("integer")
    group_id = body_id(value)
    if group_id is None:
        raise Refused("invalid")
    return group_id


ADDITION = Table(
    Field(
        "group_id",
        Kind({"type": ["string", "integer"]}, _read_group_id),
        sentence=Localized("رقم المجموعة.", "The group's id."),
    ),
    Field(
        "customers",
        ids(MAX_ADDED, minItems=1),
        sentence=Localized("أرقام العملاء.", "The customers' ids."),
    ),
)


class Addition(NamedTuple):
    """A group, and the customers to add to it, in the order of the request."""

    group_id: int
    customers: list[int]


def read_group(fields: Fields) -> dict[str, Any]:
    """
    Return the values that a body writes, by attribute of `Group`; omitted ones are absent.

    Source: Salla "Create Customer Group", "Update Customer Group".
    Raises: Invalid naming every faulty field: `conditions.0.type`, `features.shipping.1`.
    """
    form, values = GROUP.read(fields)
    form.check()
    return values


def read_features(fields: Fields) -> Features:
    """
    Return the features of a body for the default group, of which nothing else can change.

    Source: Salla "Update Default Customer Group". Raises: Invalid naming every faulty field.
    """
    form, values = DEFAULT_GROUP.read(fields)
    form.require("features")
    form.check()
    features: Features = values["features"]
    return features


def read_addition(fields: Fields) -> Addition:
    """
    Return the group and the customers of a body.

    Source: Salla "Add Customers To Group". Raises: Invalid naming every faulty field.
    """
    form, values = ADDITION.read({"group_id": None, "customers": None} | dict(fields))
    form.check()
    return Addition(values["group_id"], [*values["customers"]])


def changed(old: Group, values: dict[str, Any]) -> Group:
    """
    Return `old` with the values.

    Raises: Invalid naming each field that the default group cannot change.
    """
    fixed = [name for name in ("name", "conditions") if name in values]
    if old.is_default and fixed:
        raise Invalid({name: ["default_group"] for name in fixed})
    return structs.replace(old, **values)
