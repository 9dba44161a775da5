"""The words of the overview of a store."""

from sijill.localized import Localized

WORDS = {
    "overview_customers": Localized("العملاء", "Customers"),
    "overview_lately": Localized("عملاء جدد في آخر 30 يومًا", "New in the last 30 days"),
    "overview_groups": Localized("المجموعات", "Groups"),
    "overview_new": Localized("العملاء الجدد يوميًا", "New customers a day"),
    "overview_unit": Localized("عدد العملاء", "customers"),
    "overview_none_new": Localized(
        "لا عملاء جدد في آخر 14 يومًا.", "No new customers in the last 14 days."
    ),
    "overview_changes": Localized("آخر التغييرات", "Recent changes"),
    "overview_no_changes": Localized(
        "لم يتغيّر شيء في آخر 30 يومًا.", "Nothing has changed in the last 30 days."
    ),
    "overview_views_alone": Localized(
        "آخر ما في سجل التدقيق اطّلاع بلا تغيير.", "The newest lines of the audit log are views."
    ),
    "overview_audit": Localized("سجل التدقيق كله", "The whole audit log"),
}
