"""The words of the overview of a store."""

from sijill.localized import Localized

WORDS = {
    "overview_customers": Localized("العملاء", "Customers"),
    "overview_lately": Localized("عملاء جدد في آخر 30 يومًا", "New in the last 30 days"),
    "overview_groups": Localized("المجموعات", "Groups"),
    "health": Localized("حالة الخادم", "Health"),
    "health_database": Localized("قاعدة البيانات", "Database"),
    "health_answers": Localized("تجيب", "Answers"),
    "health_version": Localized("إصدار سجل", "Sijill version"),
}
