"""The words of the pages of groups."""

from sijill.localized import Localized

WORDS = {
    "nav_groups": Localized("المجموعات", "Groups"),
    "groups_new": Localized("مجموعة جديدة", "New group"),
    "groups_name": Localized("اسم المجموعة", "Name"),
    "groups_how": Localized("طريقة الانضمام", "How customers join"),
    "groups_members": Localized("العملاء", "Customers"),
    "groups_over": Localized("أكثر من {}", "Over {}"),
    "groups_id": Localized("رقم المجموعة", "Id"),
    "groups_default": Localized("المجموعة الافتراضية", "Default group"),
    "groups_by_conditions": Localized("بشروط", "By conditions"),
    "groups_by_hand": Localized("يدويًا", "By hand"),
    "groups_count": Localized("عدد المجموعات: {}", "Groups: {}"),
    "groups_show_members": Localized("عملاء المجموعة", "Customers of the group"),
    "groups_default_why": Localized(
        "ينضم إليها كل عميل جديد. لا يمكن حذفها ولا تغيير اسمها أو شروطها.",
        "Every new customer joins it. It keeps its name, has no conditions, and is not deleted.",
    ),
    "groups_conditions": Localized("الشروط", "Conditions"),
    "groups_conditions_why": Localized(
        "ينضم العميل تلقائيًا إذا استوفى كل الشروط، ويخرج إذا لم يعد يستوفي أحدها.",
        "Customers who meet all conditions join by themselves, and leave when one no longer holds.",
    ),
    "groups_condition": Localized("الشرط {}", "Condition {}"),
    "groups_type": Localized("المعيار", "What is compared"),
    "groups_type_total_sales": Localized("مجموع المشتريات", "Total of orders"),
    "groups_type_total_orders": Localized("عدد الطلبات", "Number of orders"),
    "groups_type_store_rating": Localized("تقييم المتجر", "Rating of the store"),
    "groups_type_doesnt_have_orders": Localized("بلا طلبات", "Has no orders"),
    "groups_symbol": Localized("المقارنة", "Comparison"),
    "groups_above": Localized("أكبر من", "above"),
    "groups_below": Localized("أقل من", "below"),
    "groups_between": Localized("بين", "between"),
    "groups_value": Localized("القيمة", "Value"),
    "groups_min": Localized("الحد الأدنى", "Minimum"),
    "groups_max": Localized("الحد الأعلى", "Maximum"),
    "groups_features": Localized("المزايا", "Features"),
    "groups_features_why": Localized(
        "تُحفظ لتقرأها التطبيقات؛ اكتب كل ميزة في سطر.", "Kept for apps; one on each line."
    ),
    "groups_payment": Localized("طرق الدفع", "Payment methods"),
    "groups_shipping": Localized("طرق الشحن", "Shipping methods"),
    "groups_delete": Localized("حذف المجموعة", "Delete the group"),
    "groups_delete_why": Localized("يبقى عملاؤها في المتجر.", "Its customers stay in the store."),
    "done_group_created": Localized("أُنشئت المجموعة.", "The group was created."),
    "done_group_saved": Localized("حُفظت المجموعة.", "The group was saved."),
    "done_group_deleted": Localized("حُذفت المجموعة.", "The group was deleted."),
}
