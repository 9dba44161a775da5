"""The words of the page of limits."""

from sijill.localized import Localized

WORDS = {
    "nav_limits": Localized("الحدود", "Limits"),
    "limits_about": Localized(
        "عدد الاستدعاءات المسموح به لكل تطبيق، وما استُهلك منه. فتح هذه الصفحة لا يُحتسب.",
        "How many requests apps may send, and how many they have sent. Views of this page do not "
        "count.",
    ),
    "limits_now": Localized("الآن", "Now"),
    "limits_budget": Localized("الحد", "Limit"),
    "limits_app": Localized("التطبيق", "App"),
    "limits_every_app": Localized("كل التطبيقات معًا", "All apps together"),
    "limits_used": Localized("المستخدَم", "Used"),
    "limits_used_of": Localized("{} من {}", "{} of {}"),
    "limits_ends": Localized("يتجدد الحد في", "Renewed at"),
    "limits_no_window": Localized("لم يُستهلك منه شيء", "Nothing used yet"),
    "limits_spent": Localized("نفد", "Spent"),
    "limits_one_a_second": Localized("استدعاء كل ثانية", "One a second"),
    "limits_of_customers": Localized("واجهة العملاء", "Customers API"),
    "limits_of_plan": Localized("باقة المتجر", "Plan of the store"),
    "limits_of_others": Localized("الاستدعاءات الأخرى", "Other requests"),
    "limits_in": Localized("{} كل {}", "{} in {}"),
    "limits_span_seconds_one": Localized("ثانية", "1 s"),
    "limits_span_seconds_two": Localized("ثانيتين", "2 s"),
    "limits_span_seconds_few": Localized("{} ثوانٍ", "{} s"),
    "limits_span_seconds_many": Localized("{} ثانية", "{} s"),
    "limits_span_minutes_one": Localized("دقيقة", "1 min"),
    "limits_span_minutes_two": Localized("دقيقتين", "2 min"),
    "limits_span_minutes_few": Localized("{} دقائق", "{} min"),
    "limits_span_minutes_many": Localized("{} دقيقة", "{} min"),
    "limits_span_hours_one": Localized("ساعة", "1 h"),
    "limits_span_hours_two": Localized("ساعتين", "2 h"),
    "limits_span_hours_few": Localized("{} ساعات", "{} h"),
    "limits_span_hours_many": Localized("{} ساعة", "{} h"),
    "limits_span_days_one": Localized("يوم", "1 d"),
    "limits_span_days_two": Localized("يومين", "2 d"),
    "limits_span_days_few": Localized("{} أيام", "{} d"),
    "limits_span_days_many": Localized("{} يومًا", "{} d"),
    "limits_none": Localized("لا تطبيقات بعد", "No apps yet"),
    "limits_none_why": Localized(
        "لا يملك أي تطبيق رمزًا لهذا المتجر. أنشئ رمزًا بالأمر `sijill token create` على الخادم.",
        "No app has a token of this store. Create one with `sijill token create` on the server.",
    ),
    "limits_off": Localized(
        "لا حد لاستدعاءات هذا المتجر.", "No limit is in force for requests of this store."
    ),
    "limits_by_address": Localized(
        "حد واجهة العملاء يُحسب لكل عنوان IP لا لكل تطبيق، فلا يظهر هنا.",
        "The limit of the customers API goes by the IP address of the client and not by app: it is "
        "not shown here.",
    ),
    "limits_away_local": Localized(
        "العدّاد المشترك لا يستجيب: يعدّ كل خادم حصته بنفسه حتى يعود.",
        "The shared counter does not answer: each server counts its own share until it is back.",
    ),
    "limits_away_open": Localized(
        "العدّاد المشترك لا يستجيب: تُقبل كل الاستدعاءات دون عدّ حتى يعود.",
        "The shared counter does not answer: every request passes uncounted until it is back.",
    ),
    "limits_away_closed": Localized(
        "العدّاد المشترك لا يستجيب: تُرفض الاستدعاءات حتى يعود.",
        "The shared counter does not answer: requests are refused until it is back.",
    ),
    "limits_lately": Localized("استدعاءات الواجهة (API)", "Requests"),
    "limits_kind": Localized("نوع الاستدعاءات", "Kind"),
    "limits_period": Localized("المدة", "Period"),
    "limits_period_6h": Localized("آخر 6 ساعات", "Last 6 hours"),
    "limits_period_24h": Localized("آخر 24 ساعة", "Last 24 hours"),
    "limits_period_7d": Localized("آخر 7 أيام", "Last 7 days"),
    "limits_show": Localized("عرض", "Show"),
    "limits_picture": Localized("استدعاءات مقبولة، بحسب التطبيق", "Requests that passed, by app"),
    "limits_picture_of": Localized("استدعاءات {}", "Requests of {}"),
    "limits_unit": Localized("عدد الاستدعاءات كل {}", "requests in {}"),
    "limits_other_apps": Localized("تطبيقات أخرى", "Other apps"),
    "limits_passed": Localized("مقبولة", "Passed"),
    "limits_refused": Localized("مرفوضة (429)", "Refused (429)"),
    "limits_quiet": Localized(
        "لم يرسل أي تطبيق استدعاءً من هذا النوع في هذه المدة.",
        "No app has sent a request of this kind in this period.",
    ),
    "limits_two_windows": Localized(
        "تبدأ مدة الحد مع أول استدعاء من التطبيق، أما أعمدة الرسم فتتبع الساعة؛ فقد يجمع العمود "
        "استدعاءات مدتين ويبدو أعلى من الحد.",
        "The period of a limit begins with the first request of an app, a column with the clock: "
        "so a column may hold requests of two periods, and rise above the limit.",
    ),
    "limits_by_app": Localized("بحسب التطبيق", "By app"),
    "limits_history": Localized(
        "الأعداد محفوظة {} أيام، وأقدمها من", "Numbers are kept for {} days. The oldest is from"
    ),
    "limits_no_history": Localized(
        "لم يُحسب أي استدعاء بعد. يبدأ السجل مع أول استدعاء.",
        "No request has been counted yet. The history begins with the first one.",
    ),
    "limits_minute": Localized(
        "قد تتأخر الأعداد القادمة من عمليات الخادم الأخرى (processes) دقيقة.",
        "Numbers of other processes of the server may be a minute late.",
    ),
    "limits_addresses": Localized("حدود لكل عنوان IP", "Limits of each IP address"),
    "limits_failed": Localized("رموز وصول غير صحيحة", "Wrong tokens"),
    "limits_logins": Localized("محاولات الدخول", "Attempts to sign in"),
}
