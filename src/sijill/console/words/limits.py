"""The words of the page of limits."""

from sijill.localized import Localized

WORDS = {
    "nav_limits": Localized("الحدود", "Limits"),
    "limits_about": Localized(
        "كم طلبًا يجوز للتطبيقات، وكم أرسلت منها. عرض هذه الصفحة لا يُحسب.",
        "How many requests apps may send, and how many they have sent. This page counts nothing.",
    ),
    "limits_now": Localized("الآن", "Now"),
    "limits_budget": Localized("الحد", "Limit"),
    "limits_app": Localized("التطبيق", "App"),
    "limits_every_app": Localized("كل التطبيقات معًا", "All apps together"),
    "limits_used": Localized("المستعمل", "Used"),
    "limits_used_of": Localized("{} من {}", "{} of {}"),
    "limits_ends": Localized("تنتهي النافذة", "Window ends"),
    "limits_no_window": Localized("لا نافذة مفتوحة", "No window is open"),
    "limits_spent": Localized("نفد", "Spent"),
    "limits_one_a_second": Localized("طلب كل ثانية", "One a second"),
    "limits_of_customers": Localized("طلبات العملاء", "Under /customers"),
    "limits_of_plan": Localized("باقة المتجر", "Plan of the store"),
    "limits_of_others": Localized("الطلبات الأخرى", "Other requests"),
    "limits_in": Localized("{} كل {}", "{} in {}"),
    "limits_seconds": Localized("{} ث", "{} s"),
    "limits_minutes": Localized("{} د", "{} min"),
    "limits_hours": Localized("{} س", "{} h"),
    "limits_days": Localized("{} ي", "{} d"),
    "limits_none": Localized("لا تطبيقات بعد", "No apps yet"),
    "limits_none_why": Localized(
        "لا يملك أي تطبيق رمزًا لهذا المتجر. أنشئ رمزًا بالأمر sijill token create على الخادم.",
        "No app has a token of this store. Create one with sijill token create on the server.",
    ),
    "limits_off": Localized(
        "لا حد على طلبات هذا المتجر.", "No limit is in force for requests of this store."
    ),
    "limits_by_address": Localized(
        "حد طلبات العملاء يُحسب لكل عنوان عميل لا لكل تطبيق، فلا يظهر هنا.",
        "The limit under /customers goes by the address of the client and not by app: it is not"
        " shown here.",
    ),
    "limits_away_local": Localized(
        "العدّاد المشترك لا يجيب: يحسب كل خادم حصته وحده حتى يعود.",
        "The shared counter does not answer: each server counts its own share until it is back.",
    ),
    "limits_away_open": Localized(
        "العدّاد المشترك لا يجيب: تمر كل الطلبات بلا حساب حتى يعود.",
        "The shared counter does not answer: every request passes uncounted until it is back.",
    ),
    "limits_away_closed": Localized(
        "العدّاد المشترك لا يجيب: تُرفض الطلبات حتى يعود.",
        "The shared counter does not answer: requests are refused until it is back.",
    ),
    "limits_lately": Localized("الطلبات", "Requests"),
    "limits_kind": Localized("نوع الطلبات", "Kind"),
    "limits_period": Localized("المدة", "Period"),
    "limits_period_6h": Localized("آخر 6 ساعات", "Last 6 hours"),
    "limits_period_24h": Localized("آخر 24 ساعة", "Last 24 hours"),
    "limits_period_7d": Localized("آخر 7 أيام", "Last 7 days"),
    "limits_show": Localized("عرض", "Show"),
    "limits_picture": Localized("طلبات مرّت، بحسب التطبيق", "Requests that passed, by app"),
    "limits_picture_of": Localized("طلبات {}", "Requests of {}"),
    "limits_unit": Localized("عدد الطلبات كل {}", "requests in {}"),
    "limits_other_apps": Localized("تطبيقات أخرى", "Other apps"),
    "limits_passed": Localized("مرّت", "Passed"),
    "limits_refused": Localized("رُفضت (429)", "Refused (429)"),
    "limits_quiet": Localized(
        "لم يُرسل أي تطبيق طلبًا من هذا النوع في هذه المدة.",
        "No app has sent a request of this kind in this period.",
    ),
    "limits_two_windows": Localized(
        "تبدأ نافذة التطبيق مع أول طلب، ويبدأ العمود مع الساعة: فقد يجمع العمود طلبات نافذتين"
        " ويتجاوز الحد.",
        "A window begins with the first request of an app, a column with the clock: so a column"
        " may hold requests of two windows, and rise above the limit.",
    ),
    "limits_by_app": Localized("بحسب التطبيق", "By app"),
    "limits_history": Localized(
        "الأعداد محفوظة {} أيام، وأقدمها من", "Numbers are kept for {} days; the oldest is of"
    ),
    "limits_no_history": Localized(
        "لم يُحسب أي طلب بعد. يبدأ السجل مع أول طلب.",
        "No request has been counted yet. The history begins with the first one.",
    ),
    "limits_minute": Localized(
        "قد تتأخر أعداد العمليات الأخرى للخادم دقيقة.",
        "Numbers of other processes of the server may be a minute late.",
    ),
    "limits_addresses": Localized("حدود لكل عنوان", "Limits of each address"),
    "limits_failed": Localized("رموز خاطئة", "Wrong tokens"),
    "limits_logins": Localized("محاولات الدخول", "Attempts to sign in"),
}
