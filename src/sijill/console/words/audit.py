"""The words of the page of the audit log."""

from sijill.localized import Localized

WORDS = {
    "nav_audit": Localized("سجل التدقيق", "Audit"),
    "audit_about": Localized(
        "من اطّلع على بيانات المتجر أو غيّرها، ومتى. لا يحفظ هذا السجل قيم البيانات نفسها.",
        "Who saw or changed the store's data, and when. The log holds no values.",
    ),
    "audit_action": Localized("العملية", "Action"),
    "audit_any_action": Localized("كل العمليات", "All actions"),
    "audit_customer": Localized("رقم العميل", "Customer id"),
    "audit_from": Localized("من يوم", "From"),
    "audit_to": Localized("إلى يوم", "To"),
    "audit_find": Localized("بحث", "Find"),
    "audit_bad_day": Localized(
        "اكتب يومًا بالصيغة \u200f2026-01-31.", "Write a day in the form 2026-01-31."
    ),
    "audit_bad_customer": Localized("اكتب رقم عميل.", "Write the id of a customer."),
    "audit_at": Localized("الوقت", "Time"),
    "audit_who": Localized("المنفّذ", "Who"),
    "audit_through_api": Localized("واجهة API", "API"),
    "audit_through_page": Localized("صفحة", "Page"),
    "audit_through_cli": Localized("أمر", "Command"),
    "audit_through_import": Localized("ملف", "File"),
    "audit_through_server": Localized("الخادم", "Server"),
    "audit_subject": Localized("المعرّفات", "Ids"),
    "audit_whole": Localized("كل عملاء المتجر", "every customer"),
    "audit_and_more": Localized("و{} أخرى", "and {} more"),
    "audit_details": Localized("الحقول والسبب", "Fields and reason"),
    "audit_most": Localized(
        "تظهر أحدث {} عملية. ضيّق المدة لترى ما قبلها.",
        "The newest {} entries are shown. Narrow the days to see earlier ones.",
    ),
    "audit_empty": Localized("لا توجد عمليات", "No entries"),
    "audit_empty_why": Localized(
        "لا توجد عمليات مطابقة. قد يتأخر ظهور العملية لحظات.",
        "Nothing of your choice happened. An entry may appear some moments after it happened.",
    ),
    "audit_verify": Localized(
        "يتحقق الأمر `sijill audit verify` من سلامة السجل.",
        "The command `sijill audit verify` checks that the log is whole.",
    ),
}
