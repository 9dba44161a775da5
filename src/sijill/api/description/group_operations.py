"""Customer groups in words."""

from typing import Any

from msgspec import json

from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import JSON, Answer, Body, Operation, Sent, invalid
from sijill.api.description.schemas import ref, shape, success
from sijill.api.description.wording import Json, Text
from sijill.database.idempotency_keys import KeyReused
from sijill.errors import Invalid
from sijill.groups.model import Group
from sijill.groups.wire import ADDED, DEFAULT_CHANGED, DELETED, body
from sijill.http.envelope import listing, pagination
from sijill.http.envelope import success as answered
from sijill.http.query import Paging

_PATH = "/customers/groups"
_ONE = f"{_PATH}/{{group}}"
_VIP, _GOLDEN = Group(11323141, "VIP"), Group(11323142, "Golden")
_FEATURES: Json = {"payment_method": ["mada", "cod"], "shipping": ["all"]}
_NEW: Json = {
    "name": "VIP",
    "conditions": [{"type": "total_sales", "symbol": ">", "value": 100}],
    "features": _FEATURES,
}
_CHANGED: Json = {
    "conditions": [{"type": "total_sales", "symbol": "between", "min_value": 100, "max_value": 500}]
}
_ADDITION: Json = {"group_id": _VIP.id, "customers": [2075683582]}

_GROUP = shape(
    {
        "id": {"type": "integer", "description": Text("رقم المجموعة.", "The group's id.")},
        "name": {
            "type": "string",
            "description": Text("اسمها، أو نص فارغ.", "Its name, or empty."),
        },
    }
)
_LIST = shape(
    success({"type": "array", "items": _GROUP, "maxItems": 60}) | {"pagination": ref("Pagination")}
)
_ONCE = Text(
    "مع `Idempotency-Key` يُنفَّذ الطلب مرة واحدة ولو أُرسل مرارًا خلال 24 ساعة.",
    "With `Idempotency-Key` it is done once, however often it is sent within 24 hours.",
)
_KEPT = Text(
    "الدخول بالشروط غير الدخول باليد: من خرج من أحدهما بقي بالآخر.",
    "Being in by conditions and by hand are two things: who leaves by one stays by the other.",
)
_FAULTY = Invalid({"conditions.0.type": ["invalid"], "conditions.0.value": ["required"]})
_OF_DEFAULT = Invalid({"name": ["default_group"]})


def _example(text: Text, value: Any) -> Json:
    return {"documented": {"summary": text, "value": value}}


def _listed(base: str) -> Json:
    numbers = pagination(
        count=2, total=2, paging=Paging(1, 15), address=base + _PATH, pairs=(), no_links=[]
    )
    value = json.decode(listing([body(_VIP), body(_GOLDEN)], numbers))
    return _example(Text("مجموعتان", "Two groups"), value)


def _answer(
    text: Text, data: Any, schema: Json, status: int = 200, *, once: bool = False
) -> Answer:
    example = _example(text, json.decode(answered(data, status)))
    return Answer(
        text,
        {JSON: Body(shape(success(schema, status)), lambda _: example)},
        (*API, *LIMITS),
        ("Idempotent-Replayed",) if once else (),
    )


def _told(status: int) -> Json:
    return shape(
        {
            "message": {"type": "string", "description": Text("جملة ثابتة.", "A fixed sentence.")},
            "code": {"const": status, "description": Text("الحالة أيضًا.", "The status again.")},
        }
    )


GROUP_OPERATIONS = {
    ("GET", _PATH): Operation(
        id="listGroups",
        tag="customers",
        summary=Text("قائمة المجموعات", "List Customer Groups"),
        description=Text(
            "مجموعات متجر رمز الوصول، والافتراضية منها، بترتيب أرقامها.",
            "The groups of the access token's store, the default one among them, by id ascending.",
        ),
        answers={
            200: Answer(
                Text("صفحة من المجموعات.", "A page of groups."),
                {JSON: Body(_LIST, _listed)},
                ("ETag", *API, *LIMITS),
            )
        },
        parameters=("page", "per_page", "if_none_match", "accept_language", "request_id"),
        cached=True,
    ),
    ("POST", _PATH): Operation(
        id="createGroup",
        tag="customers",
        summary=Text("إنشاء مجموعة", "Create Customer Group"),
        description=Text(
            "مجموعة جديدة. من تتحقق له شروطها يدخلها بعد قليل، لا قبل الجواب.",
            "A new group. Whoever meets its conditions joins soon after, not before the answer.",
        ).then(_KEPT, _ONCE),
        answers={
            200: _answer(Text("المجموعة.", "The group."), body(_VIP), _GROUP, once=True),
            422: invalid(
                Text("حقول خاطئة، كلها معًا.", "Faulty fields, all at once."), _FAULTY, KeyReused()
            ),
        },
        parameters=("idempotency_key", "accept_language", "request_id"),
        refusals=("BadRequest",),
        body=Sent(
            "GroupFields",
            _example(Text("مجموعة بشرط", "A group with a condition"), _NEW),
            required=False,
            media_types=(JSON,),
        ),
    ),
    ("PUT", _ONE): Operation(
        id="updateGroup",
        tag="customers",
        summary=Text("تعديل مجموعة", "Update Customer Group"),
        description=Text(
            "يُغيَّر ما سُمّي ويبقى غيره. الشروط الجديدة تصل إلى كل العملاء بعد قليل.",
            "What the body names is changed, the rest stays. New conditions reach every customer "
            "soon after.",
        ).then(_KEPT),
        answers={
            200: _answer(Text("المجموعة.", "The group."), body(_VIP), _GROUP),
            422: invalid(
                Text(
                    "حقول خاطئة، كلها معًا؛ أو اسم أو شروط للمجموعة الافتراضية.",
                    "Faulty fields, all at once; or a name or conditions for the default group.",
                ),
                _FAULTY,
                _OF_DEFAULT,
            ),
        },
        parameters=("group", "accept_language", "request_id"),
        refusals=("BadRequest", "NotFound"),
        body=Sent(
            "GroupFields",
            _example(Text("شروط أخرى", "Other conditions"), _CHANGED),
            required=False,
            media_types=(JSON,),
        ),
    ),
    ("DELETE", _ONE): Operation(
        id="deleteGroup",
        tag="customers",
        summary=Text("حذف مجموعة", "Delete Customer Group"),
        description=Text(
            "تُحذف المجموعة وعضوياتها، ويبقى العملاء.",
            "The group and its memberships are gone; the customers stay.",
        ),
        answers={
            202: _answer(Text("حُذفت.", "It is deleted."), DELETED, _told(202), 202),
            422: invalid(
                Text("هي المجموعة الافتراضية.", "It is the default group."),
                Invalid({"group": ["default_group"]}),
            ),
        },
        parameters=("group", "accept_language", "request_id"),
        refusals=("NotFound",),
    ),
    ("POST", f"{_PATH}/default"): Operation(
        id="updateDefaultGroup",
        tag="customers",
        summary=Text("تعديل المجموعة الافتراضية", "Update Default Customer Group"),
        description=Text(
            "لا يتغير منها إلا `features`. كل عميل جديد لا تُسمّى مجموعاته يدخلها.",
            "Only its `features` can change. A new customer whose groups are not named joins it.",
        ).then(_ONCE),
        answers={
            201: _answer(
                *(Text("عُدِّلت.", "It is changed."), DEFAULT_CHANGED, _told(201), 201), once=True
            ),
            422: invalid(
                Text("حقول خاطئة، كلها معًا.", "Faulty fields, all at once."),
                Invalid({"features": ["required"]}),
                KeyReused(),
            ),
        },
        parameters=("idempotency_key", "accept_language", "request_id"),
        refusals=("BadRequest",),
        body=Sent(
            "DefaultGroupFields",
            _example(Text("ما يُتاح", "Features"), {"features": _FEATURES}),
            media_types=(JSON,),
        ),
    ),
    ("POST", f"{_PATH}/add_customers"): Operation(
        id="addCustomersToGroup",
        tag="customers",
        summary=Text("إضافة عملاء إلى مجموعة", "Add Customers To Group"),
        description=Text(
            "الكل أو لا أحد؛ ومن هو فيها يبقى.", "All or none; who is in it already stays."
        ).then(_ONCE),
        answers={
            200: _answer(
                Text("أُضيفوا.", "They are added."),
                ADDED,
                {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": Text("جملة ثابتة.", "A fixed sentence."),
                },
                once=True,
            ),
            422: invalid(
                Text(
                    "حقول خاطئة، كلها معًا؛ ومن ليس من عملاء المتجر يُسمّى بموضعه.",
                    "Faulty fields, all at once; another store's customer is named by place.",
                ),
                Invalid({"group_id": ["integer"], "customers.0": ["invalid"]}),
                Invalid({"group_id": ["required"], "customers": ["required"]}),
                KeyReused(),
            ),
        },
        parameters=("idempotency_key", "accept_language", "request_id"),
        refusals=("BadRequest",),
        body=Sent("GroupAddition", _example(Text("عميل", "A customer"), _ADDITION)),
    ),
}
"""By method and path, as in the table of routes."""
