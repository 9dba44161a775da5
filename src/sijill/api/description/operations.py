"""Every operation in words: one row for each route, in the order the description shows them."""

from sijill.api.description.blacklist_operations import BLACKLIST_OPERATIONS
from sijill.api.description.change_operations import CHANGE_OPERATIONS
from sijill.api.description.country_operations import COUNTRY_OPERATIONS
from sijill.api.description.customer_operations import CUSTOMER_OPERATIONS
from sijill.api.description.examples import details_examples, list_examples
from sijill.api.description.group_operations import GROUP_OPERATIONS
from sijill.api.description.headers import API, LIMITS
from sijill.api.description.import_operations import IMPORT_OPERATIONS
from sijill.api.description.loyalty_operations import LOYALTY_OPERATIONS
from sijill.api.description.oauth_operations import OAUTH_OPERATIONS
from sijill.api.description.operation import JSON, Answer, Body, Operation
from sijill.api.description.owner_operations import OWNER_OPERATIONS
from sijill.api.description.schemas import ref
from sijill.api.description.store_operations import STORE_OPERATIONS
from sijill.api.description.wallet_operations import WALLET_OPERATIONS
from sijill.api.description.webhook_operations import WEBHOOK_OPERATIONS
from sijill.api.description.wording import Text

_HEALTH = "application/health+json"


TAGS = {
    "customers": Text(
        "العملاء: كل ما تحت `/customers`، برمز وصول.",
        "Customers: everything under `/customers`, with an access token.",
    ),
    "webhooks": Text(
        "الأحداث: من يُخبَر بها، وما وقع منها. برمز وصول.",
        "Events: who is told of them, and what has happened. With an access token.",
    ),
    "metadata": Text(
        "الدول والمدن واللغات، واحدة لكل المتاجر: برمز وصول.",
        "Countries, cities and languages, the same for every store: with an access token.",
    ),
    "store": Text(
        "المتجر ومن ثبّت التطبيق: بأي رمز وصول.",
        "The store, and whoever installed the app: with any access token.",
    ),
    "oauth": Text(
        "دخول التطبيقات بإذن المالك (OAuth 2.0): بلا رمز وصول.",
        "How apps get in, with the owner's consent (OAuth 2.0): no access token.",
    ),
    "owners": Text(
        "صفحات المالك في المتصفح: بلا رمز وصول.",
        "The owner's pages, in a browser: no access token.",
    ),
    "operators": Text(
        "للمشغّلين: بلا رمز وبلا حدود.",
        "For operators: no token, no limits.",
    ),
    "description": Text(
        "هذا الوصف نفسه: بلا رمز وبلا حدود.",
        "This description itself: no token, no limits.",
    ),
}

LIMITED = Text(
    "**الحدود.** 500 طلب كل 10 دقائق لكل ما تحت `/customers`، لكل تطبيق في كل متجر؛ وفوقها حد باقة "
    "المتجر في الدقيقة: `plus` 120 و `pro` 360 و `special` 720، وبعدها طلب كل ثانية حتى نهاية "
    "الدقيقة. كل ما يمر يُحسب أيًّا كان جوابه، وما يُرفض لا يُحسب. هذه الأرقام إعدادات للخادم، "
    "والسارية منها في ترويسات الجواب.",
    "**Limits.** 500 requests per 10 minutes for everything under `/customers`, for each app in "
    "each store; and the plan of the store, per minute: `plus` 120, `pro` 360, `special` 720, then "
    "one request a second until the minute ends. Whatever passes is counted, whatever its answer; "
    "a refusal is not. The numbers are settings of the server: the headers carry those in force.",
)

OPERATIONS = {
    ("GET", "/customers/{customer}"): Operation(
        id="getCustomer",
        tag="customers",
        summary=Text("تفاصيل عميل", "Customer Details"),
        description=Text(
            "عميل واحد من متجر رمز الوصول. عميل متجر آخر كعميل لا وجود له: 404.",
            "One customer of the access token's store. Another store's customer is as one that "
            "does not exist: 404.",
        ),
        answers={
            200: Answer(
                Text("العميل.", "The customer."),
                {JSON: Body(ref("CustomerDetails"), lambda _: details_examples())},
                ("ETag", *API, *LIMITS),
            )
        },
        parameters=("customer", "fields", "if_none_match", "accept_language", "request_id"),
        refusals=("NotFound",),
        cached=True,
    ),
    ("GET", "/customers"): Operation(
        id="listCustomers",
        tag="customers",
        summary=Text("قائمة العملاء", "List Customers"),
        description=Text(
            "عملاء متجر رمز الوصول صفحةً صفحة: الأحدث إنشاءً أولًا، ثم الأكبر رقمًا.",
            "The customers of the access token's store, page by page: latest created first, then "
            "the larger id.",
        ),
        answers={
            200: Answer(
                Text(
                    "صفحة من العملاء؛ بعد آخر صفحة فارغة.",
                    "A page of customers; past the last one it is empty.",
                ),
                {JSON: Body(ref("CustomerList"), list_examples)},
                ("ETag", *API, *LIMITS),
            )
        },
        parameters=(
            *("page", "per_page", "keyword", "date_from", "date_to", "list_fields"),
            *("if_none_match", "accept_language", "request_id"),
        ),
        refusals=("InvalidFields",),
        cached=True,
    ),
    **CUSTOMER_OPERATIONS,
    **BLACKLIST_OPERATIONS,
    **GROUP_OPERATIONS,
    **IMPORT_OPERATIONS,
    **WALLET_OPERATIONS,
    **LOYALTY_OPERATIONS,
    **WEBHOOK_OPERATIONS,
    **CHANGE_OPERATIONS,
    **COUNTRY_OPERATIONS,
    **STORE_OPERATIONS,
    **OAUTH_OPERATIONS,
    **OWNER_OPERATIONS,
    ("GET", "/healthz"): Operation(
        id="getLiveness",
        tag="operators",
        summary=Text("فحص الحياة", "Liveness"),
        description=Text(
            "200 ما دامت العملية تجيب أصلًا.", "200 as long as the process answers at all."
        ),
        answers={
            200: Answer(
                Text("تجيب.", "It answers."),
                {_HEALTH: Body(ref("Health"))},
                ("Cache-Control", "X-Request-Id"),
            )
        },
    ),
    ("GET", "/readyz"): Operation(
        id="getReadiness",
        tag="operators",
        summary=Text("فحص الجاهزية", "Readiness"),
        description=Text(
            "200 إن كانت الطلبات تُخدم: قاعدة البيانات تجيب ولم يبدأ إيقاف.",
            "200 if requests can be served: the database answers, and no shutdown has begun.",
        ),
        answers={
            200: Answer(
                Text("جاهز.", "It is ready."),
                {_HEALTH: Body(ref("Health"))},
                ("Cache-Control", "X-Request-Id"),
            ),
            503: Answer(
                Text(
                    "غير جاهز: قاعدة البيانات غائبة، أو بدأ الإيقاف، أو الخادم ممتلئ (وحدها بصيغة "
                    "`application/json`).",
                    "Not ready: the database is away, a shutdown has begun, or the server is full "
                    "(this alone in `application/json`).",
                ),
                {_HEALTH: Body(ref("Health")), JSON: Body(ref("Error"))},
                ("Cache-Control", "X-Request-Id"),
                ("Retry-After", "Content-Language", "Vary"),
            ),
        },
    ),
    ("GET", "/metrics"): Operation(
        id="getMetrics",
        tag="operators",
        summary=Text("القياسات", "Metrics"),
        description=Text(
            "كل ما يعدّه الخادم، بصيغة Prometheus النصية. لا بيانات عملاء فيها.",
            "Everything the server counts, in the text format of Prometheus. It holds nothing "
            "about customers.",
        ),
        answers={
            200: Answer(
                Text("القياسات.", "The metrics."),
                {"text/plain": Body({"type": "string"})},
                ("Cache-Control", "X-Request-Id"),
            )
        },
    ),
    ("GET", "/_/openapi.json"): Operation(
        id="getDescription",
        tag="description",
        summary=Text("وصف OpenAPI", "OpenAPI description"),
        description=Text("هذا الوصف، للبرامج.", "This description, for programs."),
        answers={
            200: Answer(
                Text("وثيقة OpenAPI 3.1.", "An OpenAPI 3.1 document."),
                {JSON: Body({"type": "object"})},
                ("ETag", "Cache-Control", "X-Content-Type-Options", "X-Request-Id"),
            )
        },
        parameters=("if_none_match",),
        cached=True,
    ),
    ("GET", "/_/docs"): Operation(
        id="getDocs",
        tag="description",
        summary=Text("صفحة الوصف", "Documentation page"),
        description=Text(
            "هذا الوصف، للناس: بالعربية أو الإنجليزية.",
            "This description, for people: in Arabic or English.",
        ),
        answers={
            200: Answer(
                Text("صفحة واحدة تكفي نفسها.", "One page that needs nothing else."),
                {"text/html": Body({"type": "string"})},
                (
                    *("ETag", "Cache-Control", "Vary", "Content-Language", "X-Request-Id"),
                    *("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"),
                ),
            )
        },
        parameters=("lang", "if_none_match", "accept_language"),
        cached=True,
    ),
}
"""By method and path, as in the table of routes; HEAD is GET without the body."""
