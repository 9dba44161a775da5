"""The shapes of what is sent about customer groups: every field, with its meaning."""

from sijill.api.description.schemas import shape
from sijill.api.description.wording import Json, Text
from sijill.groups.fields import MOST_CONDITIONS, MOST_FEATURES, MOST_NUMBER
from sijill.groups.model import MOST_ADDED, NAME_LENGTH, SYMBOLS, TYPES

_ID = {"type": ["integer", "string"]}
_NUMBER = {"type": ["number", "string"], "minimum": 0, "maximum": MOST_NUMBER}

_CONDITION = shape(
    {
        "type": {
            "enum": list(TYPES),
            "description": Text(
                "ما يُقارن: مجموع المشتريات، أو عدد الطلبات، أو التقييم (لا يُحفظ تقييم هنا، فلا "
                "يتحقق شرطه)، أو من لم يطلب قط (رمزه وأرقامه تُحفظ ولا تُقرأ).",
                "What is compared: sales, orders, the rating (none is kept here, so it never "
                "holds), or who never ordered (its symbol and numbers are kept, not read).",
            ),
        },
        "symbol": {
            "enum": list(SYMBOLS),
            "description": Text("كيف يُقارن.", "How it is compared."),
        },
        "value": _NUMBER | {"description": Text("مع `>` و `<`.", "For `>` and `<`.")},
        "min_value": _NUMBER
        | {
            "description": Text("الأدنى مع `between`، وهو منه.", "For `between`; it belongs to it.")
        },
        "max_value": _NUMBER
        | {
            "description": Text("الأعلى مع `between`، وهو منه.", "For `between`; it belongs to it.")
        },
    },
    *("symbol", "value", "min_value", "max_value"),
)


def _words(text: Text) -> Json:
    word = {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH}
    return {"type": "array", "items": word, "maxItems": MOST_FEATURES, "description": text}


_FEATURES = shape(
    {
        "payment_method": _words(Text("طرق الدفع.", "Payment methods.")),
        "shipping": _words(Text("طرق الشحن.", "Shipping methods.")),
    },
    *("payment_method", "shipping"),
    description=Text(
        "ما يُتاح للمجموعة؛ يُحفظ ولا يُحكم عليه.", "What the group may use; kept, not judged."
    ),
)

_GROUP: Json = {
    "name": {
        "type": ["string", "null"],
        "maxLength": NAME_LENGTH,
        "description": Text(
            "اسم المجموعة، وقد يتكرر؛ الفارغ يمحوه.",
            "Its name, which others may have; empty clears.",
        ),
    },
    "conditions": {
        "type": "array",
        "items": _CONDITION,
        "maxItems": MOST_CONDITIONS,
        "description": Text(
            "من تحققت له كلها دخل المجموعة وحده، ومن لم تعد تتحقق له خرج؛ `[]` تمحوها.",
            "Whoever meets all of them joins by itself, and leaves when they no longer hold; `[]` "
            "clears them.",
        ),
    },
    "features": _FEATURES,
}

GROUP_REQUESTS: Json = {
    "GroupFields": shape(
        _GROUP,
        *_GROUP,
        description=Text(
            "ما يُكتب من المجموعة. كل حقل اختياري، والمجهول يُهمل.",
            "What is written of a group. Every field is optional, unknown ones are ignored.",
        ),
    ),
    "DefaultGroupFields": shape({"features": _FEATURES}),
    "GroupAddition": shape(
        {
            "group_id": _ID | {"description": Text("رقم المجموعة.", "The group's id.")},
            "customers": {
                "type": "array",
                "items": _ID,
                "minItems": 1,
                "maxItems": MOST_ADDED,
                "description": Text("أرقام العملاء.", "The customers' ids."),
            },
        }
    ),
}
"""The rows that groups have among `requests.REQUESTS`."""
