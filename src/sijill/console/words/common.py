"""The words of every page of the console."""

from sijill.localized import Localized

WORDS = {
    "brand": Localized("سجل", "Sijill"),
    "other_language": Localized("English", "العربية"),
    "skip": Localized("تخطَّ إلى المحتوى", "Skip to the content"),
    "menu": Localized("القائمة", "Menu"),
    "navigation": Localized("أقسام المتجر", "Sections of the store"),
    "store": Localized("المتجر", "Store"),
    "stores": Localized("متاجرك", "Your stores"),
    "other_store": Localized("متجر آخر", "Another store"),
    "sign_out": Localized("تسجيل الخروج", "Sign out"),
    "role_viewer": Localized("اطّلاع فقط", "Viewer"),
    "role_support": Localized("دعم العملاء", "Support"),
    "role_owner": Localized("مالك", "Owner"),
    "theme_auto": Localized("تلقائي", "Auto"),
    "theme_light": Localized("فاتح", "Light"),
    "theme_dark": Localized("داكن", "Dark"),
    "nav_overview": Localized("نظرة عامة", "Overview"),
    # Who did something
    "by_app": Localized("التطبيق", "App"),
    "by_person": Localized("الشخص", "Person"),
    "by_operator": Localized("مدير الخادم", "Operator"),
    "by_server": Localized("الخادم", "Server"),
    # Components
    "pager": Localized("الصفحات", "Pages"),
    "pager_first": Localized("الصفحة الأولى", "First page"),
    "pager_next": Localized("التالي", "Next"),
    "copy": Localized("نسخ", "Copy"),
    "copied": Localized("تم النسخ", "Copied"),
    "chart_numbers": Localized("الأرقام في جدول", "The numbers in a table"),
    "chart_time": Localized("الوقت", "Time"),
    "chart_limit": Localized("الحد", "Limit"),
    "comma": Localized("، ", ", "),
    "cancel": Localized("رجوع", "Cancel"),
}
