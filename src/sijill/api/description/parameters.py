"""
What the description says of parameters.

Most are read leniently: nothing is refused. They are described as the texts they are, so that no
client is told to refuse what the server takes.
"""

from collections.abc import Collection

from sijill.api.description.examples import CUSTOMER_ID
from sijill.api.description.wording import Json, Text
from sijill.domain.customers import MAX_ID
from sijill.wire.customers import EXTRAS, LIST_EXTRAS
from sijill.wire.query import DEFAULT_PER_PAGE, MAX_FIELDS, MAX_PER_PAGE

_LENIENT = Text(
    "الأرقام في أوله تُحسب، وما عداها كأنه لم يُرسل؛ ولا شيء يُرفض.",
    "Leading digits count, anything else is as if it were not sent; nothing is refused.",
)


def _parameter(where: str, name: str, schema: Json, text: Text, **more: object) -> Json:
    return {"name": name, "in": where, "description": text, "schema": schema, **more}


def _fields(names: Collection[str]) -> Json:
    return _parameter(
        "query",
        "fields[]",
        {"type": "array", "items": {"anyOf": [{"enum": list(names)}, {"type": "string"}]}},
        Text(
            "مفاتيح إضافية في الجواب، واحد لكل مرة: "
            + "، ".join(f"`{name}`" for name in names)
            + f". تُقبل أيضًا `fields[0]` و `fields` مفصولة بفواصل. المجهول يُهمل، والمكرر يُحسب "
            f"مرة، ولا يُقرأ أكثر من {MAX_FIELDS}.",
            "Keys to add to the answer, one each time: "
            + ", ".join(f"`{name}`" for name in names)
            + ". `fields[0]` and a comma-separated `fields` do as well. Unknown names are ignored, "
            f"a repeated one counts once, at most {MAX_FIELDS} are read.",
        ),
        style="form",
        explode=True,
        example=[next(iter(names))],
    )


def _day(name: str, text: Text) -> Json:
    more = Text(
        "يوم كامل بتوقيت المتجر، بصيغة `YYYY-MM-DD`؛ ما ليس يومًا جوابه 422، والفارغ كأنه لم يُرسل.",
        "A whole day in the store's zone, written `YYYY-MM-DD`; what is no day is a 422, empty is "
        "as if it were not sent.",
    )
    return _parameter("query", name, {"type": "string", "format": "date"}, text.then(more))


PARAMETERS: Json = {
    "customer": _parameter(
        "path",
        "customer",
        {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ID},
        Text(
            "رقم العميل، بأرقام ASCII وبلا صفر في أوله. أي شيء آخر جوابه 404.",
            "The customer's id, in ASCII digits without a leading zero. Anything else is a 404.",
        ),
        required=True,
        example=CUSTOMER_ID,
    ),
    "fields": _fields(EXTRAS),
    "list_fields": _fields([name for name in EXTRAS if name in LIST_EXTRAS]),
    "page": _parameter(
        "query",
        "page",
        {"type": "string", "default": "1"},
        Text("رقم الصفحة، من 1.", "The page, from 1.").then(_LENIENT),
        example="1",
    ),
    "per_page": _parameter(
        "query",
        "per_page",
        {"type": "string", "default": str(DEFAULT_PER_PAGE)},
        Text(
            f"عملاء كل صفحة؛ ما زاد على {MAX_PER_PAGE} يصير {MAX_PER_PAGE}.",
            f"Customers on a page; above {MAX_PER_PAGE} it is {MAX_PER_PAGE}.",
        ).then(_LENIENT),
        example="60",
    ),
    "date_from": _day(
        "date_from", Text("من أُنشئوا في هذا اليوم أو بعده.", "Created that day or later.")
    ),
    "date_to": _day(
        "date_to", Text("من أُنشئوا في هذا اليوم أو قبله.", "Created that day or before.")
    ),
    "if_none_match": _parameter(
        "header",
        "If-None-Match",
        {"type": "string"},
        Text(
            "بصمات `ETag` المحفوظة، أو `*`؛ إن وافقت إحداها فالجواب 304 بلا محتوى.",
            "The tags of kept answers, or `*`; if one still holds, the answer is a 304 without a "
            "body.",
        ),
    ),
    "accept_language": _parameter(
        "header",
        "Accept-Language",
        {"type": "string"},
        Text(
            "لغة الرسائل: العربية، أو الإنجليزية إن فُضّلت. بيانات العملاء لا تتغير بها.",
            "The language of sentences: Arabic, or English if preferred. It never changes a "
            "customer's data.",
        ),
        example="en",
    ),
    "request_id": _parameter(
        "header",
        "X-Request-Id",
        {"type": "string"},
        Text(
            "رقم من عندك للطلب: 16 إلى 32 خانة ست عشرية، أو UUID. غير ذلك يُهمل.",
            "Your own id of the request: 16 to 32 hexadecimal digits, or a UUID. Anything else is "
            "ignored.",
        ),
    ),
    "lang": _parameter(
        "query",
        "lang",
        {"type": "string"},
        Text(
            "`ar` أو `en`؛ غيرهما كأنه لم يُرسل، فتختار `Accept-Language`.",
            "`ar` or `en`; anything else is as if it were not sent, and `Accept-Language` decides.",
        ),
        example="en",
    ),
}
"""Every parameter, by its name among the description's components."""
