"""
The parameters that nouns share, and helpers for parameters of one noun.

The server reads most of them leniently. The description calls these strings, so that a client
refuses no value that the server accepts.
"""

from collections.abc import Collection
from typing import Any

from sijill.http.query import DEFAULT_PER_PAGE, MAX_FIELDS, MAX_PER_PAGE
from sijill.localized import Localized
from sijill.openapi.keys import Json
from sijill.openapi.operation import Parameter
from sijill.values.ids import MAX_ID

TEXT: Json = {"type": "string"}
ID: Json = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ID}

LENIENT = Localized(
    "لا يُرفض شيء: تُقرأ الأرقام التي في أول القيمة، ويُهمل غيرها.",
    "Nothing is refused: leading digits are read, anything else is ignored.",
)


def in_path(name: str, text: Localized, example: int) -> Parameter:
    """Return the parameter of an id in the path."""
    return Parameter(name, "path", name, ID, text, example, required=True)


def in_query(
    name: str,
    schema: Json,
    text: Localized,
    example: Any = None,
    *,
    component: str = "",
    required: bool = False,
    **more: Any,
) -> Parameter:
    """Return a parameter of the query; `component` is its unique name if another has the same."""
    return Parameter(component or name, "query", name, schema, text, example, required, more)


def extra_fields(names: Collection[str], component: str) -> Parameter:
    """Return the parameter `fields[]` of an operation with these names."""
    return in_query(
        "fields[]",
        {"type": "array", "items": {"anyOf": [{"enum": list(names)}, TEXT]}},
        Localized(
            "مفتاح إضافي في الرد، ويُكرر المعامل لكل مفتاح: "
            + "، ".join(f"`{name}`" for name in names)
            + f". ويُقبل أيضًا `fields[0]`، و `fields` مفصولة بفواصل. الاسم المجهول يُهمل، والمكرر "
            f"يُحسب مرة واحدة، ويُقرأ {MAX_FIELDS} على الأكثر.",
            "A key to add to the answer; repeat the parameter for each: "
            + ", ".join(f"`{name}`" for name in names)
            + ". `fields[0]` and a comma-separated `fields` work too. Unknown names are ignored, "
            f"a repeated name counts once, and at most {MAX_FIELDS} are read.",
        ),
        [next(iter(names))],
        component=component,
        style="form",
        explode=True,
    )


def per_page(text: Localized, default: int, component: str = "per_page") -> Parameter:
    """Return the parameter `per_page` of a list; `text` describes its rows."""
    schema = TEXT | {"default": str(default)}
    return in_query("per_page", schema, text.then(LENIENT), "60", component=component)


PAGE = in_query(
    "page",
    TEXT | {"default": "1"},
    Localized("رقم الصفحة، ابتداءً من 1.", "The number of the page, from 1.").then(LENIENT),
    "1",
)
PER_PAGE = per_page(
    Localized(
        f"عدد العملاء في الصفحة، وأقصاه {MAX_PER_PAGE}.",
        f"Customers on a page; above {MAX_PER_PAGE} it is {MAX_PER_PAGE}.",
    ),
    DEFAULT_PER_PAGE,
)
IF_NONE_MATCH = Parameter(
    *("if_none_match", "header", "If-None-Match", TEXT),
    Localized(
        "بصمات `ETag` للردود المحفوظة، أو `*`. وإذا طابقت إحداها فالرد 304 دون جسم.",
        "The tags of stored answers, or `*`. If a tag matches, the answer is a 304 without a body.",
    ),
)
IF_MATCH = Parameter(
    *("if_match", "header", "If-Match", TEXT),
    Localized(
        "بصمة العميل كما قُرئ دون `fields[]`، أو `*`. وإذا تغيّرت البصمة فالرد 412.",
        "The tag of the customer as it was read without `fields[]`, or `*`. If the customer "
        "has changed since, the answer is a 412.",
    ),
)
IDEMPOTENCY_KEY = Parameter(
    *("idempotency_key", "header", "Idempotency-Key", TEXT | {"maxLength": 255}),
    Localized(
        "مفتاح تختاره أنت، من 1 إلى 255 محرفًا من محارف ASCII المرئية. وأي قيمة أخرى يُرد عليها "
        "بـ 422.",
        "A key of your choice, 1 to 255 visible ASCII characters. Anything else gets a 422.",
    ),
    "c0ffee00-0001",
)
ACCEPT_LANGUAGE = Parameter(
    *("accept_language", "header", "Accept-Language", TEXT),
    Localized(
        "لغة الرسائل: العربية، أو الإنجليزية إن كانت مفضّلة. ولا تغيّر بيانات العملاء.",
        "The language of messages: Arabic, or English if preferred. It never changes "
        "customers' data.",
    ),
    "en",
)
REQUEST_ID = Parameter(
    *("request_id", "header", "X-Request-Id", TEXT),
    Localized(
        "رقم تختاره للطلب: من 16 إلى 32 خانة ست عشرية، أو UUID. وغير ذلك يُهمل.",
        "An id of your choice for the request: 16 to 32 hexadecimal digits, or a UUID. "
        "Anything else is ignored.",
    ),
)
LANG = in_query(
    "lang",
    TEXT,
    Localized(
        "`ar` أو `en`. غيرهما يُهمل، وتختار الترويسة `Accept-Language` اللغة.",
        "`ar` or `en`. Anything else is ignored, and `Accept-Language` decides.",
    ),
    "en",
)

SHOWN = (LANG, ACCEPT_LANGUAGE, REQUEST_ID)
"""The parameters of every page for people."""

ONCE = Localized(
    "مع `Idempotency-Key` يُنفَّذ الطلب مرة واحدة وإن أُرسل مرارًا خلال 24 ساعة.",
    "With `Idempotency-Key` the request is executed once, however often it is sent within "
    "24 hours.",
)
"""The effect of `Idempotency-Key` on most routes."""

CONDITIONAL = Localized(
    "مع `If-Match` لا يُكتب شيء إن تغيّر العميل منذ قُرئ.",
    "With `If-Match` nothing is written if the customer has changed since it was read.",
)
"""The effect of `If-Match` on every route that heeds it."""
