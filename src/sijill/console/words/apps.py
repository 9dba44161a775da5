"""The words of the pages of apps and tokens."""

from sijill.localized import Localized

WORDS = {
    "nav_apps": Localized("التطبيقات والرموز", "Apps and tokens"),
    "apps_about": Localized(
        "التطبيقات التي تصل إلى بيانات المتجر، ورموز الوصول التي تحملها.",
        "The apps that reach the store's data, and the access tokens that they hold.",
    ),
    "apps_tokens": Localized("رموز الوصول", "Access tokens"),
    "apps_empty": Localized("لا توجد رموز وصول", "No access tokens"),
    "apps_empty_why": Localized(
        "يظهر الرمز هنا بعد أن تسمح لتطبيق بالوصول.", "A token appears here once you let an app in."
    ),
    "apps_app": Localized("التطبيق", "App"),
    "apps_token": Localized("الرمز", "Token"),
    "apps_name": Localized("الاسم", "Name"),
    "apps_ends_in": Localized("آخره {}", "ends in {}"),
    "apps_scopes": Localized("الصلاحيات", "Scopes"),
    "apps_state": Localized("الحالة", "State"),
    "apps_is_active": Localized("سارٍ", "Active"),
    "apps_is_expired": Localized("منتهٍ", "Expired"),
    "apps_is_revoked": Localized("ملغى", "Revoked"),
    "apps_created": Localized("تاريخ الإصدار", "Issued"),
    "apps_expires": Localized("ينتهي في", "Expires"),
    "apps_never": Localized("لا ينتهي", "Never"),
    "apps_most": Localized(
        "أقصى عدد يظهر من الرموز: {}. السارية أولًا، ثم الأحدث.",
        "{} tokens at most are shown: those that work first, the newest first.",
    ),
    "apps_revoke": Localized("إلغاء الرمز", "Revoke"),
    "apps_ask_revoke": Localized("إلغاء رمز الوصول", "Revoke the access token"),
    "apps_ask_revoke_why": Localized(
        "يفقد التطبيق الوصول فورًا، وتُلغى كل الرموز الصادرة عن الإذن نفسه. لا يمكن التراجع: "
        "عليك أن تسمح للتطبيق من جديد.",
        "The app loses its access at once, and every token of the same authorization ends. This "
        "cannot be undone: you would have to let the app in again.",
    ),
    "done_token_revoked": Localized("أُلغي رمز الوصول.", "The access token is revoked."),
}
