"""The shapes of what is sent: every field a body may hold, with its meaning."""

from sijill.api.description.group_requests import GROUP_REQUESTS
from sijill.api.description.oauth_shapes import OAUTH_REQUESTS
from sijill.api.description.schemas import shape
from sijill.api.description.webhook_requests import WEBHOOK_REQUESTS
from sijill.api.description.wording import Json, Text
from sijill.customers.blacklist import REASON_LENGTH
from sijill.customers.model import GENDERS, MOST_GROUPS, NAME_LENGTH
from sijill.ledgers.loyalty import MOST_GIVEN
from sijill.ledgers.loyalty_wire import CHANNELS, MOST_CUSTOMERS, TYPES
from sijill.ledgers.loyalty_wire import REASON_LENGTH as REASON_OF_POINTS

_NAMED = {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH}
_NUMBER_OR_TEXT = {"type": ["string", "integer"]}

_CUSTOMER_FIELDS: Json = {
    "first_name": _NAMED | {"description": Text("الاسم الأول.", "First name.")},
    "last_name": _NAMED | {"description": Text("اسم العائلة.", "Last name.")},
    "mobile": _NUMBER_OR_TEXT
    | {
        "description": Text(
            "رقم الجوال كيفما كُتب، مع `mobile_code_country`. لا يكون لعميلين في متجر.",
            "The mobile number in any spelling, together with `mobile_code_country`. No two "
            "customers of a store have the same.",
        )
    },
    "mobile_code_country": _NUMBER_OR_TEXT
    | {
        "description": Text(
            "مفتاح الدولة: `+967` أو `967` أو `00967`؛ مع `mobile`.",
            "Calling code: `+967`, `967` or `00967`; together with `mobile`.",
        )
    },
    "email": {
        "type": "string",
        "description": Text(
            "البريد الإلكتروني. لا يكون لعميلين في متجر، كبُرت أحرفه أو صغُرت.",
            "E-mail. No two customers of a store have the same, in whatever case.",
        ),
    },
    "gender": {
        "enum": [*GENDERS, None],
        "description": Text("الجنس؛ `null` يمحوه.", "Gender; `null` clears it."),
    },
    "birthday": {
        "type": ["string", "null"],
        "format": "date",
        "description": Text(
            "تاريخ الميلاد `YYYY-MM-DD`؛ `null` يمحوه.",
            "Day of birth, `YYYY-MM-DD`; `null` clears it.",
        ),
    },
    "country_code": {
        "type": "string",
        "pattern": "^[A-Za-z]{2}$",
        "description": Text("رمز الدولة ISO 3166.", "ISO 3166 code of the country."),
    },
    "groups": {
        "type": "array",
        "items": _NUMBER_OR_TEXT,
        "maxItems": MOST_GROUPS,
        "description": Text(
            "أرقام مجموعات العميل كلها؛ `[]` تمحوها.",
            "Ids of all of the customer's groups; `[]` clears them.",
        ),
    },
}

_MOVEMENT: Json = {
    "customer_id": _NUMBER_OR_TEXT | {"description": Text("رقم العميل.", "The customer's id.")},
    "amount": {
        "type": ["number", "string"],
        "description": Text(
            "المبلغ، فوق الصفر وبخانات عملة المتجر.",
            "The amount, above zero, with the decimals of the store's currency.",
        ),
    },
}
_FLAG: Json = {"type": ["boolean", "integer", "string", "null"]}
_POINTS_CHANGE: Json = {
    "points": _NUMBER_OR_TEXT
    | {"description": Text(f"النقاط، 1 إلى {MOST_GIVEN}.", f"Points, 1 to {MOST_GIVEN}.")},
    "reset_points": _FLAG
    | {
        "description": Text(
            "`true`: يُصفّر الرصيد أولًا، وعندها لا تلزم `points` ولا `type`. "
            "وتُقبل `reset_point` أيضًا.",
            "`true`: the balance goes to zero first, and `points` and `type` may be left out. "
            "`reset_point` does as well.",
        )
    },
    "type": {
        "enum": [*TYPES],
        "description": Text("تُعطى أو تُخصم.", "Whether they are given or taken."),
    },
    "reason": {
        "type": ["string", "null"],
        "maxLength": REASON_OF_POINTS,
        "description": Text("السبب، ويظهر في السجل.", "The reason; the ledger shows it."),
    },
    "channel_send": {
        "type": "array",
        "items": {"enum": [*CHANNELS]},
        "maxItems": len(CHANNELS),
        "description": Text("تُقرأ ولا يُرسل شيء.", "It is read, and nothing is sent."),
    },
    "customers": {
        "type": "array",
        "items": _NUMBER_OR_TEXT,
        "maxItems": MOST_CUSTOMERS,
        "description": Text(
            "أرقام العملاء؛ لا تلزم مع `select_all`.",
            "Ids of customers; not needed with `select_all`.",
        ),
    },
    "select_all": _FLAG
    | {"description": Text("`true`: كل عملاء المتجر.", "`true`: every customer of the store.")},
}

REQUESTS: Json = {
    **GROUP_REQUESTS,
    **WEBHOOK_REQUESTS,
    **OAUTH_REQUESTS,
    "Movement": shape(_MOVEMENT),
    "PointsChange": shape(_POINTS_CHANGE, *_POINTS_CHANGE),
    "ImportFile": shape(
        {
            "file": {
                "type": "string",
                "format": "binary",
                "description": Text(
                    "ملف العملاء، أوله العناوين. إن لم يُسمَّ حقل بهذا الاسم أُخذ الملف الوحيد.",
                    "The file of customers, its headings first. Where no field has this name, the "
                    "only file there is.",
                ),
            }
        }
    ),
    "Ban": shape(
        {
            "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": REASON_LENGTH,
                "description": Text("سبب الحظر.", "Why the customer is banned."),
            }
        }
    ),
    "CustomerFields": shape(
        _CUSTOMER_FIELDS,
        *_CUSTOMER_FIELDS,
        description=Text(
            "ما يُكتب من العميل. كل حقل اختياري، والمجهول يُهمل؛ والفارغ في غير ما يُمحى خطأ.",
            "What is written of a customer. Every field is optional, unknown ones are ignored; "
            "an empty one is a fault where it does not clear.",
        ),
    ),
}
"""Every named body of a request. Shape: name to JSON Schema 2020-12, descriptions as Text."""
