"""The description of the whole API: what Sijill is, its limits, and its tags."""

from sijill.localized import Localized

ABOUT = Localized(
    "سجل (Sijill) سجل عملاء تستضيفه بنفسك، متوافق مع واجهة العملاء (Customers API) في سلة وغير "
    "تابع لها: يغيّر التطبيق عنوان الخادم ولا شيء غيره.",
    "Sijill is a self-hosted customer register, compatible with Salla's Customers API; not "
    "affiliated with Salla. A client changes its base URL and nothing else.",
).then(
    Localized(
        "يتكلم كل متجر إحدى صيغتين: `documented`، وهي الأصل، أو `observed`. وحيث تختلفان يذكر "
        "المفتاح ذلك.",
        "A store speaks one of two profiles: `documented`, the default, or `observed`. Where they "
        "differ, the key says so.",
    ),
    Localized(
        "تُفحص الطلبات بهذا الترتيب: حجم الرأس وطول المحتوى المعلن (413، 414، 431)، المسار (404، "
        "405)، رمز الوصول (401)، الحدود (429)، الصلاحية (401)، وصول المحتوى (408، 413)، العميل "
        "(404)، `If-Match` (412)، المحتوى (400)، الحقول والمعاملات (422). ولا ينتظر رفضٌ سببه "
        "الرأس وصولَ المحتوى.",
        "A request is checked in this order: size of its head and announced length (413, 414, "
        "431), path (404, 405), token (401), limits (429), scope (401), arrival of its body (408, "
        "413), customer (404), `If-Match` (412), body (400), fields and parameters (422). A "
        "refusal from the head does not wait for the body.",
    ),
)

LIMITED = Localized(
    "**الحدود.** 500 طلب كل 10 دقائق لكل ما تحت `/customers`، لكل تطبيق في كل متجر؛ وفوقها حد باقة "
    "المتجر في الدقيقة: `plus` 120 و `pro` 360 و `special` 720، وبعدها طلب كل ثانية حتى نهاية "
    "الدقيقة. كل ما يمر يُحسب أيًّا كان جوابه، وما يُرفض لا يُحسب. هذه الأرقام إعدادات للخادم، "
    "والسارية منها في ترويسات الجواب.",
    "**Limits.** 500 requests per 10 minutes for everything under `/customers`, for each app in "
    "each store; and the plan of the store, per minute: `plus` 120, `pro` 360, `special` 720, then "
    "one request a second until the minute ends. Every request that passes counts, with any "
    "answer; a refused request does not. The numbers are settings of the server: the headers carry "
    "those in force.",
)
"""The note on every route that the customers limit counts."""

TAGS = {
    "customers": Localized(
        "العملاء: كل ما تحت `/customers`، برمز وصول.",
        "Customers: everything under `/customers`, with an access token.",
    ),
    "webhooks": Localized(
        "الأحداث: الاشتراك فيها وقراءة ما وقع منها. برمز وصول.",
        "Events: their receivers, and the events that have happened. With an access token.",
    ),
    "metadata": Localized(
        "الدول والمدن واللغات، واحدة لكل المتاجر: برمز وصول.",
        "Countries, cities and languages, the same for every store: with an access token.",
    ),
    "store": Localized(
        "المتجر ومن ثبّت التطبيق: بأي رمز وصول.",
        "The store, and the owner who installed the app: with any access token.",
    ),
    "oauth": Localized(
        "دخول التطبيقات بإذن المالك (OAuth 2.0): بلا رمز وصول.",
        "The authorization of apps by an owner's consent (OAuth 2.0): no access token.",
    ),
    "owners": Localized(
        "صفحات المالك في المتصفح: بلا رمز وصول.",
        "The owner's pages, in a browser: no access token.",
    ),
    "operators": Localized("للمشغّلين: بلا رمز وبلا حدود.", "For operators: no token, no limits."),
    "description": Localized(
        "هذا الوصف نفسه: بلا رمز وبلا حدود.", "This description itself: no token, no limits."
    ),
}
"""The common part of the operations of each tag, in the order of the description."""
