"""The description of the whole API: what Sijill is, its limits, and its tags."""

from typing import NamedTuple

from sijill.localized import Localized

ABOUT = Localized(
    "سجل (Sijill) سجل عملاء تستضيفه بنفسك، متوافق مع واجهة العملاء (Customers API) في سلة وغير "
    "تابع لها: يغيّر التطبيق عنوان الخادم ولا شيء غيره.",
    "Sijill is a self-hosted customer register, compatible with Salla's Customers API; not "
    "affiliated with Salla. A client changes its base URL and nothing else.",
).then(
    Localized(
        "لكل متجر إحدى صيغتين: `documented`، وهي الافتراضية، أو `observed`. وإذا اختلفتا في حقل "
        "ذُكر ذلك معه.",
        "A store speaks one of two profiles: `documented`, the default, or `observed`. Where they "
        "differ, the key says so.",
    ),
    Localized(
        "الرد الناجح كائن يضم `status` (رقم الحالة) و `success` (وهو `true`) و `data`، ومعها "
        "`pagination` في القوائم. وكل مسار يقبل `GET` يقبل أيضًا `HEAD` ويرد عليه دون جسم.",
        "A success is an object with `status` (the HTTP status), `success` (`true`) and `data`; a "
        "list has `pagination` too. Every `GET` is also answered as `HEAD`, without a body.",
    ),
    Localized(
        "تُفحص الطلبات بهذا الترتيب: حجم الترويسات والطول المعلن لجسم الطلب (413، 414، 431)، "
        "المسار (404، 405)، رمز الوصول (401)، الحدود (429)، الصلاحية (401)، وصول الجسم (408، "
        "413)، العميل (404)، `If-Match` (412)، الجسم (400)، الحقول والمعاملات (422). وما يُرفض "
        "بسبب الترويسات يُرفض قبل وصول الجسم.",
        "A request is checked in this order: size of its head and announced length (413, 414, "
        "431), path (404, 405), token (401), limits (429), scope (401), arrival of its body (408, "
        "413), customer (404), `If-Match` (412), body (400), fields and parameters (422). A "
        "refusal from the head does not wait for the body.",
    ),
)

LIMITED = Localized(
    "**الحدود.** 500 طلب كل 10 دقائق لكل ما تحت `/customers`، لكل تطبيق في كل متجر؛ وفوقها حد "
    "باقة المتجر في الدقيقة: `plus` 120 و `pro` 360 و `special` 720، وبعدها طلب كل ثانية حتى "
    "نهاية الدقيقة. كل ما يُقبل يُحسب أيًّا كان الرد عليه، وما يُرفض لا يُحسب. هذه الأرقام "
    "إعدادات للخادم، والسارية منها في ترويسات الرد.",
    "**Limits.** 500 requests per 10 minutes for everything under `/customers`, for each app in "
    "each store; and the plan of the store, per minute: `plus` 120, `pro` 360, `special` 720, then "
    "one request a second until the minute ends. Every request that passes counts, with any "
    "answer; a refused request does not. The numbers are settings of the server: the headers carry "
    "those in force.",
)
"""The limits, once for the whole API."""

COUNTED = Localized(
    "يُخصم الطلب من حد مسارات العملاء ومن حد باقة المتجر.",
    "Counts against the customers limit and the plan of the store.",
)
"""The note on every route that the customers limit counts."""


class Tag(NamedTuple):
    """A group of operations: its title, and what its operations share."""

    title: Localized
    text: Localized


TAGS = {
    "customers": Tag(
        Localized("العملاء", "Customers"),
        Localized(
            "سجل العميل: قراءته وإنشاؤه وتعديله وحذفه وحظره، واستيراد العملاء من ملف.",
            "The customer record: read, create, change, delete, ban, and import from a file.",
        ),
    ),
    "groups": Tag(
        Localized("مجموعات العملاء", "Customer groups"),
        Localized(
            "المجموعات وشروطها، وإضافة العملاء إليها.",
            "Groups, their conditions, and the customers in them.",
        ),
    ),
    "wallets": Tag(
        Localized("المحافظ", "Wallets"),
        Localized(
            "الإيداع في محفظة العميل والسحب منها.",
            "Deposits to a customer's wallet, and withdrawals.",
        ),
    ),
    "loyalty": Tag(
        Localized("نقاط الولاء", "Loyalty points"),
        Localized("قراءة نقاط العملاء وتعديلها.", "Read and change customers' points."),
    ),
    "webhooks": Tag(
        Localized("الإشعارات والتغييرات", "Webhooks and changes"),
        Localized(
            "الاشتراك في الأحداث، وقراءة ما وقع منها وما أُرسل.",
            "Subscribe to events, read past events, and see what was delivered.",
        ),
    ),
    "metadata": Tag(
        Localized("الدول والمدن واللغات", "Countries, cities and languages"),
        Localized("قوائم مشتركة بين المتاجر كلها.", "Lists that are the same for every store."),
    ),
    "store": Tag(
        Localized("المتجر والمستخدم", "Store and user"),
        Localized(
            "المتجر، والمالك الذي ثبّت التطبيق. يكفي أي رمز وصول.",
            "The store, and the owner who installed the app. Any access token will do.",
        ),
    ),
    "oauth": Tag(
        Localized("ربط التطبيقات (OAuth)", "App login (OAuth 2.0)"),
        Localized(
            "يأذن مالك المتجر للتطبيق، فيحصل التطبيق على رموزه. لا يلزم رمز وصول.",
            "A store's owner consents, and the app gets its tokens. No access token needed.",
        ),
    ),
    "owners": Tag(
        Localized("صفحات المالك", "Pages for owners"),
        Localized(
            "صفحات يفتحها المالك في متصفحه. لا يلزم رمز وصول.",
            "Pages that an owner opens in a browser. No access token needed.",
        ),
    ),
    "operators": Tag(
        Localized("الصحة والقياسات", "Health and metrics"),
        Localized(
            "لمدير الخادم. لا يلزم رمز وصول، ولا حدود.",
            "For the operator of the server. No access token, no limits.",
        ),
    ),
    "description": Tag(
        Localized("هذا التوثيق", "This documentation"),
        Localized("لا يلزم رمز وصول، ولا حدود.", "No access token, no limits."),
    ),
}
"""The groups of operations, in the order of the page."""
