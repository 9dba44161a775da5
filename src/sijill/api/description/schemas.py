"""The shapes of answers as JSON Schema: every key in the order of the wire, with its meaning."""

from typing import Any

from sijill.api.description.customer_keys import CUSTOMER, PRESENT
from sijill.api.description.wording import Json, Text
from sijill.errors import Fault
from sijill.http.errors import KINDS

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}$"


def success(data: Json, status: int = 200) -> Json:
    """Return the properties of a success: the envelope around `data`."""
    return {
        "status": {
            "const": status,
            "description": Text("حالة HTTP مرة أخرى.", "The HTTP status again."),
        },
        "success": {
            "const": True,
            "description": Text("علامة النجاح.", "The flag of a success."),
        },
        "data": data,
    }


def ref(name: str) -> Json:
    """Return a reference to a schema of `schemas()`."""
    return {"$ref": f"#/components/schemas/{name}"}


def shape(properties: Json, *optional: str, **more: Any) -> Json:
    """Return the schema of an object; every property is required but the `optional` ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", **more, "required": required, "properties": properties}


def fault_schema(fault: Fault) -> Json:
    """Return the schema of one kind of error: `Error`, with its own status and code."""
    kind = KINDS[fault.code]
    own = {
        "status": {"const": kind.status},
        "error": {"properties": {"code": {"const": kind.code}}},
    }
    return {"allOf": [ref("Error"), {"properties": own}]}


def schemas() -> Json:
    """Return every named schema. Shape: name to JSON Schema 2020-12, descriptions as Text."""
    return {
        "CustomerDetails": shape(
            success({**ref("Customer"), "description": Text("العميل.", "The customer.")})
        ),
        "Deleted": shape(
            success(
                {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": Text("جملة واحدة.", "One sentence."),
                }
            )
        ),
        "CustomerList": shape(
            success(
                {
                    "type": "array",
                    "items": ref("Customer"),
                    "maxItems": 60,
                    "description": Text(
                        "عملاء هذه الصفحة، الأحدث إنشاءً أولًا؛ وبعد آخر صفحة `[]`.",
                        "This page's customers, latest created first; `[]` past the last page.",
                    ),
                }
            )
            | {
                "pagination": {
                    **ref("Pagination"),
                    "description": Text("موضع هذه الصفحة.", "Where this page stands."),
                },
            }
        ),
        "Customer": _CUSTOMER,
        "Urls": _URLS,
        "DateObject": _DATE_OBJECT,
        "Stats": _STATS,
        "Pagination": _PAGINATION,
        "Links": _LINKS,
        "Error": _ERROR,
        "Health": _HEALTH,
    }


_CUSTOMER = shape(
    CUSTOMER,
    *(name for name, schema in CUSTOMER.items() if PRESENT in schema),
    description=Text(
        "عميل من عملاء المتجر. المفاتيح الأساسية موجودة دائمًا، ولا تتغير بلغة الطلب.",
        "A customer of the store. The base keys are always there, and the language of a request "
        "changes none of them.",
    ),
)

_URLS = shape(
    {
        "customer": {
            "type": "string",
            "description": Text("صفحة العميل في المتجر.", "The customer's page in the store."),
        },
        "admin": {
            "type": "string",
            "description": Text(
                "صفحة العميل في لوحة التحكم.", "The customer's page in the dashboard."
            ),
        },
    },
    description=Text(
        "عنوانان من قوالب المتجر؛ النص فارغ إن لم يكن للمتجر قالب.",
        "Two addresses from the store's templates; empty where the store has no template.",
    ),
)

_DATE_OBJECT = shape(
    {
        "date": {
            "type": "string",
            "pattern": _DATE,
            "description": Text(
                "الوقت المحلي للمتجر: ست خانات للكسور، وبلا فرق توقيت.",
                "The store's wall time: six digits of a second, no offset.",
            ),
        },
        "timezone_type": {
            "const": 3,
            "description": Text("3 دائمًا: معرّف منطقة.", "Always 3: an identifier."),
        },
        "timezone": {
            "type": "string",
            "description": Text(
                "معرّف IANA لمنطقة المتجر.", "The store's zone, its IANA identifier."
            ),
        },
    },
    description=Text(
        "لحظة أو يوم كما يكتبهما `DateTime` في PHP.",
        "A moment or a day, as PHP's `DateTime` is written.",
    ),
    examples=[
        {"date": "2020-04-02 22:43:26.000000", "timezone_type": 3, "timezone": "Asia/Riyadh"}
    ],
)

_STATS = shape(
    {
        "orders_count": {
            "type": "integer",
            "description": Text("عدد الطلبات.", "How many orders."),
        },
        "orders_amount": {
            "type": "number",
            "description": Text("مجموع مبالغ الطلبات.", "What the orders add up to."),
        },
    },
    "orders_count",
    "orders_amount",
    description=Text(
        "ما طُلب من `orders_count` و `orders_amount`، ولا شيء غيره.",
        "Those of `orders_count` and `orders_amount` that were asked for, and nothing else.",
    ),
)

_PAGINATION = shape(
    {
        name: {"type": "integer", "minimum": least, "description": text}
        for name, least, text in (
            ("count", 0, Text("عدد العملاء في هذه الصفحة.", "Customers on this page.")),
            ("total", 0, Text("عدد العملاء في كل الصفحات.", "Customers on all pages.")),
            ("perPage", 1, Text("أكبر عدد في الصفحة.", "Customers a page holds at most.")),
            ("currentPage", 1, Text("رقم هذه الصفحة.", "This page's number.")),
            ("totalPages", 1, Text("عدد الصفحات؛ 1 على الأقل.", "Pages in all; at least 1.")),
        )
    }
    | {
        "links": {
            "anyOf": [ref("Links"), {"type": "array", "maxItems": 0}],
            "description": Text(
                "الصفحتان المجاورتان؛ وإن لم توجد أي منهما فالقيمة `[]`، وفي الصيغة `observed` هي "
                "`{}`.",
                "The pages beside this one; with neither it is `[]`, in the `observed` profile "
                "`{}`.",
            ),
        }
    },
    description=Text("أرقام صفحات القائمة.", "The numbers of a list's pages."),
)

_LINKS = shape(
    {
        "previous": {
            "type": "string",
            "format": "uri",
            "description": Text("الصفحة السابقة.", "The page before."),
        },
        "next": {
            "type": "string",
            "format": "uri",
            "description": Text("الصفحة التالية.", "The page after."),
        },
    },
    "previous",
    "next",
    description=Text(
        "عناوين كاملة تحفظ بقية المعاملات، و `page` آخرها.",
        "Absolute addresses that keep the other parameters, `page` last.",
    ),
)

_ERROR = shape(
    {
        "status": {
            "type": "integer",
            "description": Text("حالة HTTP مرة أخرى.", "The HTTP status again."),
        },
        "success": {
            "const": False,
            "description": Text("`false` دائمًا.", "Always `false`."),
        },
        "error": shape(
            {
                "code": {
                    "type": ["string", "integer"],
                    "description": Text(
                        "رمز الخطأ، للبرامج. في 404 و 400 هو عدد صحيح.",
                        "What went wrong, for programs. In a 404 and a 400 it is an integer.",
                    ),
                },
                "message": {
                    "type": "string",
                    "description": Text("رسالة يقرؤها الناس.", "A sentence for people."),
                },
                "fields": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                    "description": Text(
                        "في 422 فقط: كل حقل خاطئ وما فيه من أخطاء، كلها معًا.",
                        "Only in a 422: each faulty field and what is wrong with it, all at once.",
                    ),
                },
            },
            "fields",
            description=Text("الخطأ.", "The error."),
        ),
    },
    description=Text(
        "كل جواب غير ناجح. في 404 يأتي `success` قبل `status`.",
        "Every answer that is not a success. In a 404 `success` stands before `status`.",
    ),
)

_CHECK: Json = {
    "type": "array",
    "items": shape({"status": {"enum": ["pass", "fail"]}}),
}
_HEALTH = shape(
    {
        "status": {
            "enum": ["pass", "fail"],
            "description": Text("الحكم كله.", "The verdict."),
        },
        "checks": shape(
            {
                "database": _CHECK
                | {"description": Text("هل تجيب قاعدة البيانات.", "Whether the database answers.")},
                "server": _CHECK
                | {"description": Text("`fail` أثناء الإيقاف.", "`fail` during a shutdown.")},
            },
            description=Text("ما فُحص، في `/readyz` فقط.", "What was checked, only in `/readyz`."),
        ),
    },
    "checks",
    description=Text("حال الخادم.", "How the server is."),
)
