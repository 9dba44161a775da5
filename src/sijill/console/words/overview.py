"""The words of the overview of a store."""

from sijill.localized import Localized

WORDS = {
    "overview_customers": Localized("العملاء", "Customers"),
    "overview_lately": Localized("عملاء جدد في آخر 30 يومًا", "New in the last 30 days"),
    "overview_groups": Localized("المجموعات", "Groups"),
    "overview_new": Localized("عملاء جدد كل يوم", "New customers a day"),
    "overview_unit": Localized("عدد العملاء", "customers"),
    "overview_none_new": Localized(
        "لا عملاء جدد في آخر 14 يومًا.", "No new customers in the last 14 days."
    ),
    "overview_changes": Localized("آخر التغييرات", "Recent changes"),
    "overview_no_changes": Localized(
        "لم يتغيّر شيء في آخر 30 يومًا.", "Nothing has changed in the last 30 days."
    ),
    "health": Localized("حالة الخادم", "Health"),
    "health_well": Localized("كل شيء يعمل كما يجب.", "Everything works as it should."),
    "health_unwell": Localized(
        "قاعدة البيانات لا تجيب: أبلغ مدير الخادم.",
        "The database does not answer: tell the operator of the server.",
    ),
    "health_database": Localized("قاعدة البيانات", "Database"),
    "health_answers": Localized("تجيب", "Answers"),
    "health_silent": Localized("لا تجيب", "Does not answer"),
    "health_backup": Localized("آخر نسخة احتياطية", "Last backup"),
    "health_no_backup": Localized("لا توجد نسخة", "No backup yet"),
    "health_version": Localized("إصدار سجل", "Sijill version"),
}
