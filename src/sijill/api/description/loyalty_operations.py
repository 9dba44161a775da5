"""Customer Loyalty Points in words."""

from datetime import UTC, datetime

from msgspec import json

from sijill.api.description.examples import CUSTOMER_ID
from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import JSON, Answer, Body, Operation, Sent, invalid
from sijill.api.description.schemas import ref, shape, success
from sijill.api.description.wording import Json, Text
from sijill.database.idempotency_keys import KeyReused
from sijill.errors import Invalid
from sijill.http.envelope import listing, pagination
from sijill.http.envelope import success as answered
from sijill.http.languages import POINTS_UPDATED
from sijill.http.query import Paging
from sijill.ledgers.loyalty import PointsEntry
from sijill.ledgers.loyalty_wire import item
from sijill.stores.model import Store

_PATH = "/customers/loyalty/points"
_ENTRY = PointsEntry(1, 900, "reason text", datetime(2024, 12, 17, 14, 42, 14, tzinfo=UTC))

_ITEM = shape(
    {
        "name": {"type": "string", "description": Text("اسم ثابت.", "A fixed name.")},
        "points": {
            "type": "integer",
            "description": Text(
                "النقاط؛ المخصومة تحت الصفر.", "The points; below zero if they were taken."
            ),
        },
        "used_points": {
            "const": 0,
            "description": Text("لا طلبات هنا.", "There are no orders here."),
        },
        "status": {"type": "string", "description": Text("حالة ثابتة.", "A fixed status.")},
        "created_at": {**ref("DateObject"), "description": Text("متى.", "When.")},
        "expiry_date": {
            "const": "",
            "description": Text("النقاط لا تنتهي.", "No point expires."),
        },
        "order_id": {
            "type": "null",
            "description": Text("لا طلبات هنا.", "There are no orders here."),
        },
        "used_at": {
            "type": "object",
            "maxProperties": 0,
            "description": Text("كائن فارغ: لم تُستعمل.", "An empty object: never."),
        },
        "notes": {"type": "string", "description": Text("السبب.", "The reason.")},
        "reference_id": {
            "type": "integer",
            "description": Text(
                "رقم السطر في سجل العميل.", "Counts the lines of the customer's ledger."
            ),
        },
    }
)
_LIST = shape(
    success({"type": "array", "items": _ITEM, "maxItems": 60}) | {"pagination": ref("Pagination")}
)
_UPDATED = shape(
    success(
        shape(
            {
                "code": {"const": 201, "description": Text("الحالة أيضًا.", "The status again.")},
                "message": {"type": "string", "description": Text("جملة.", "A sentence.")},
            }
        ),
        201,
    )
)


def _listed(base: str) -> Json:
    numbers = pagination(
        count=1,
        total=1,
        paging=Paging(1, 30),
        address=f"{base}/admin/v2{_PATH}",
        pairs=(),
        no_links=[],
    )
    value = json.decode(listing([item(_ENTRY, Store(1305146709, "demo"))], numbers))
    return {"documented": {"summary": Text("سطر واحد", "One line"), "value": value}}


def _updated(_: str) -> Json:
    return {
        f"updated_{language}": {
            "summary": Text("تم", "Done"),
            "value": json.decode(answered({"code": 201, "message": text}, 201)),
        }
        for language, text in POINTS_UPDATED.items()
    }


LOYALTY_OPERATIONS = {
    ("GET", _PATH): Operation(
        id="listLoyaltyPoints",
        tag="customers",
        summary=Text("نقاط ولاء عميل", "Customer Loyalty Points"),
        description=Text(
            "سجل نقاط عميل، الأحدث أولًا: كل ما أُعطي وما خُصم. مجموعه `total_points`.",
            "The ledger of a customer's points, newest first: whatever was given and taken. It "
            "adds up to `total_points`.",
        ),
        answers={
            200: Answer(
                Text("صفحة من السجل.", "A page of the ledger."),
                {JSON: Body(_LIST, _listed)},
                ("ETag", *API, *LIMITS),
            ),
            422: invalid(
                Text(
                    "لا `customer_id`، أو ليس عميلًا في المتجر.",
                    "No `customer_id`, or no customer of the store.",
                ),
                Invalid({"customer_id": ["required"]}),
                Invalid({"customer_id": ["invalid"]}),
            ),
        },
        parameters=(
            *("customer_id", "page", "lines_per_page"),
            *("if_none_match", "accept_language", "request_id"),
        ),
        cached=True,
    ),
    ("POST", _PATH): Operation(
        id="updateLoyaltyPoints",
        tag="customers",
        summary=Text("تعديل نقاط الولاء", "Update Customer Loyalty Points"),
        description=Text(
            "تُعطى النقاط أو تُخصم أو تُصفّر، للكل أو لا لأحد: إن نقص رصيد واحد منهم لم يتغير شيء.",
            "Points are given, taken or set to zero, for all or for none: if one of them has too "
            "few, nothing changes.",
        ).then(
            Text(
                "مع `Idempotency-Key` يُنفَّذ الطلب مرة واحدة ولو أُرسل مرارًا خلال 24 ساعة.",
                "With `Idempotency-Key` it is done once, however often it is sent within 24 hours.",
            )
        ),
        answers={
            201: Answer(
                Text("تم.", "It is done."),
                {JSON: Body(_UPDATED, _updated)},
                (*API, *LIMITS),
                ("Idempotent-Replayed",),
            ),
            422: invalid(
                Text(
                    "حقول خاطئة؛ أو من العملاء، ومكانه مسمّى، من ليس في المتجر أو لا تكفي نقاطه.",
                    "Faulty fields; or a customer, named by the place, whom the store does not "
                    "have or who has too few points.",
                ),
                Invalid({"points": ["insufficient"], "customers.1": ["insufficient"]}),
                Invalid({"customers.0": ["invalid"]}),
                KeyReused(),
            ),
        },
        parameters=("idempotency_key", "accept_language", "request_id"),
        refusals=("BadRequest",),
        body=Sent(
            "PointsChange",
            {
                "documented": {
                    "summary": Text("منح نقاط", "Points are given"),
                    "value": {
                        "points": 900,
                        "reset_points": False,
                        "type": "plus",
                        "reason": "Valid reason text",
                        "channel_send": ["email", "sms"],
                        "customers": [CUSTOMER_ID],
                    },
                }
            },
        ),
    ),
}
"""By method and path, as in the table of routes."""
