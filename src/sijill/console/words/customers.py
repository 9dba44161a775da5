"""The words of the pages of customers."""

from sijill.customers.fields import COLUMNS
from sijill.localized import Localized

WORDS = {
    "nav_customers": Localized("العملاء", "Customers"),
    # The list
    "customers_search": Localized(
        "بحث بالاسم أو الجوال أو البريد", "Search name, mobile or e-mail"
    ),
    "customers_find": Localized("عرض", "Show"),
    "customers_by_group": Localized("المجموعة", "Group"),
    "customers_any_group": Localized("كل المجموعات", "All groups"),
    "customers_by_banned": Localized("المحظورون فقط", "Only banned"),
    "customers_by_from": Localized("أُنشئ من", "Created from"),
    "customers_by_to": Localized("إلى", "To"),
    "customers_by_id": Localized("رقم العميل", "Id"),
    "customers_state": Localized("الحالة", "State"),
    "customers_any_state": Localized("كل الحالات", "All states"),
    "customers_only_banned": Localized("المحظورون", "Banned"),
    "customers_sort": Localized("الترتيب", "Order"),
    "customers_newest": Localized("الأحدث أولًا", "Newest first"),
    "customers_previous": Localized("السابق", "Previous"),
    "customers_name": Localized("الاسم", "Name"),
    "customers_created": Localized("تاريخ الإنشاء", "Created"),
    "customers_updated": Localized("آخر تحديث", "Updated"),
    "customers_banned": Localized("محظور", "Banned"),
    "customers_inactive": Localized("غير نشط", "Inactive"),
    "customers_nameless": Localized("عميل بلا اسم", "Customer without a name"),
    "customers_count": Localized("عدد العملاء: {}", "Customers: {}"),
    "customers_over": Localized("أكثر من {} عميل", "Over {} customers"),
    "customers_everybody": Localized("كل عملاء المتجر", "All customers of the store"),
    "customers_no_index": Localized(
        "لا يمكن الترتيب برقم العميل مع التصفية، فعُرضت القائمة من الأحدث.",
        "A filtered list is ordered newest first: the order by id works without filters only.",
    ),
    "customers_exact_only": Localized(
        "القيم مخفية، لذلك اكتب القيمة كاملة للبحث: رقم الجوال أو البريد أو الاسم أو رقم العميل.",
        "Values are masked, so the search finds complete values only: a mobile, an e-mail, a name, "
        "or an id.",
    ),
    "customers_not_all": Localized(
        "هذه بعض النتائج. اكتب حروفًا أكثر لتظهر البقية.",
        "These are some of the results. Type more letters to see the others.",
    ),
    "customers_none_found": Localized("لا نتيجة", "Nothing found"),
    "customers_none_found_why": Localized(
        "لا يطابق البحث عميلًا. تحقق من الكتابة أو أزل التصفية.",
        "No customer matches. Check the spelling, or remove a filter.",
    ),
    "customers_too_short": Localized(
        "اكتب حرفين أو ثلاثة أرقام على الأقل.", "Type two letters or three digits at least."
    ),
    "customers_show_all": Localized("عرض كل العملاء", "Show all customers"),
    "customers_none_match": Localized("لا عميل بهذه التصفية", "No customer matches the filters"),
    "customers_none_match_why": Localized(
        "وسّع المدة أو اختر مجموعة أخرى.", "Widen the period, or choose another group."
    ),
    "customers_none": Localized("لا عملاء بعد", "No customers yet"),
    "customers_none_why": Localized(
        "يظهر هنا كل عميل يضيفه تطبيق أو ملف أو مستخدم.",
        "Every customer that an app, a file or a person adds appears here.",
    ),
    "customers_import": Localized("استيراد ملف", "Import a file"),
    # One customer
    "customers_parts": Localized("صفحات العميل", "Pages of the customer"),
    "customers_tab_facts": Localized("البيانات", "Details"),
    "customers_tab_timeline": Localized("سجل التغييرات", "Timeline"),
    "customers_tab_api": Localized("واجهة API", "API"),
    "customers_person": Localized("البيانات الشخصية", "Personal data"),
    "customers_store": Localized("في المتجر", "In the store"),
    "customers_choice_male": Localized("ذكر", "Male"),
    "customers_choice_female": Localized("أنثى", "Female"),
    **{f"customers_field_{name}": one.label for name, one in COLUMNS.items() if one.label},
    "customers_field_groups": Localized("المجموعات", "Groups"),
    "customers_field_is_blocked": Localized("الحظر", "Ban"),
    "customers_field_block_reason": Localized("سبب الحظر", "Reason of the ban"),
    "customers_day_hint": Localized("سنة-شهر-يوم، ميلادي", "YYYY-MM-DD, Gregorian"),
    "customers_sar": Localized("ر.س", "SAR"),
    "customers_wallet": Localized("رصيد المحفظة", "Wallet"),
    "customers_points": Localized("نقاط الولاء", "Loyalty points"),
    "customers_orders": Localized("عدد الطلبات", "Orders"),
    "customers_amount": Localized("مجموع الطلبات", "Total of orders"),
    "customers_groups": Localized("مجموعات العميل", "Groups of the customer"),
    "customers_no_group": Localized("ليس في أي مجموعة.", "In no group."),
    "customers_custom": Localized("حقول إضافية", "Custom fields"),
    "customers_held": Localized(
        "يجب نظامًا حفظ بيانات هذا العميل حتى {}، ولا يمكن حذفها قبل ذلك.",
        "The data of this customer is on hold until {}, and cannot be deleted before.",
    ),
    # Reveal
    "customers_reveal": Localized("إظهار القيم كاملة", "Show complete values"),
    "customers_reveal_why": Localized(
        "تظهر القيم خمس دقائق، ويُسجَّل السبب ورقم التذكرة.",
        "Values are shown for five minutes; the reason and the ticket are recorded.",
    ),
    "customers_reveal_all": Localized("إظهار قيم الجميع كاملة", "Show everybody's complete values"),
    "customers_reveal_all_why": Localized(
        "تظهر قيم كل عملاء المتجر خمس دقائق، ويجد البحث أوائل القيم أيضًا. ويُسجَّل السبب ورقم "
        "التذكرة، ومن اطُّلع عليه.",
        "Values of every customer are shown for five minutes, and the search finds their "
        "beginnings too. The reason, the ticket, and who was looked at are recorded.",
    ),
    "customers_whole": Localized(
        "تظهر قيم الجميع كاملة.", "Everybody's complete values are shown."
    ),
    "customers_hide": Localized("إخفاء القيم", "Mask values again"),
    "customers_reveal_do": Localized("إظهار", "Show"),
    "customers_choose": Localized("اختر…", "Choose…"),
    "customers_reason": Localized("السبب", "Reason"),
    "customers_reason_request": Localized("طلب العميل نفسه", "The customer asked for it"),
    "customers_reason_support": Localized(
        "الرد على استفسار العميل", "A question is being answered"
    ),
    "customers_reason_correction": Localized("تصحيح بيانات خاطئة", "Wrong data is corrected"),
    "customers_reason_dispute": Localized("نزاع على دفعة أو طلب", "A payment or order is disputed"),
    "customers_reason_fraud": Localized("شبهة احتيال", "A suspicion of fraud"),
    "customers_reason_law": Localized("طلب جهة رسمية أو محكمة", "An authority or a court asked"),
    "customers_reason_operation": Localized("تشغيل النظام", "The register is being operated"),
    "customers_ticket": Localized("رقم التذكرة", "Ticket"),
    "customers_ticket_hint": Localized("مثل HELP-1234", "Such as HELP-1234"),
    # Timeline
    "customers_no_timeline": Localized("لا تغيير مسجل", "No recorded change"),
    "customers_no_timeline_why": Localized(
        "يظهر هنا كل تغيير على العميل: ما تغيّر، ومتى، ومن غيّره.",
        "Every change of the customer appears here: what changed, when, and who changed it.",
    ),
    "customers_timeline_part": Localized(
        "هذه أحدث التغييرات. وما قبلها في سجل التدقيق.",
        "These are the newest changes. Older ones are in the audit log.",
    ),
    "customers_did_customer_create": Localized("أُنشئ", "Created"),
    "customers_did_customer_update": Localized("تغيّر", "Changed"),
    "customers_did_customer_delete": Localized("حُذف", "Deleted"),
    "customers_did_customer_reveal": Localized(
        "عُرضت بياناته كاملة لأحد المستخدمين", "Shown whole to a person"
    ),
    "customers_did_customer_send": Localized("أُرسل إلى التطبيقات", "Sent to apps"),
    "customers_did_privacy_update": Localized(
        "سُجّل وجوب حفظ بياناته أو طلب منه، أو انتهى", "Hold or request recorded or ended"
    ),
    # API
    "customers_api_why": Localized(
        "هذا رد واجهة API عن هذا العميل. ضع رمز وصول تطبيقك في المتغير SALLA_TOKEN.",
        "The API answers this about the customer. Put the token of your app into SALLA_TOKEN.",
    ),
    "customers_command": Localized("أمر الاستدعاء", "Command"),
    "customers_api_masked": Localized("البيانات الشخصية مخفية.", "Personal data is hidden."),
    # Forms
    "customers_new": Localized("عميل جديد", "New customer"),
    "customers_edit": Localized("تعديل", "Edit"),
    "customers_edit_one": Localized("تعديل العميل", "Edit the customer"),
    "customers_back": Localized("صفحة العميل", "The customer's page"),
    "customers_save": Localized("حفظ", "Save"),
    "customers_faulty": Localized(
        "لم يُحفظ شيء. صحح الحقول المشار إليها.", "Nothing was saved. Correct the marked fields."
    ),
    "customers_stale": Localized(
        "تغيّر العميل بعد فتح هذه الصفحة ولم يُحفظ تعديلك. قارن القيم ثم احفظ من جديد.",
        "The customer was changed after this page was opened, and your change was not saved. "
        "Compare the values, and save again.",
    ),
    "customers_default_group": Localized(
        "دون اختيار ينضم العميل إلى المجموعة الافتراضية.",
        "Without a choice the customer joins the default group.",
    ),
    "customers_ban": Localized("حظر", "Ban"),
    "customers_ban_one": Localized("حظر العميل", "Ban the customer"),
    "customers_unban": Localized("رفع الحظر", "Lift the ban"),
    "customers_ban_reason": Localized("سبب الحظر", "Reason of the ban"),
    "customers_ban_hint": Localized(
        "تراه التطبيقات التي تقرأ بيانات العميل.", "Apps that read the customer's data see it."
    ),
    "customers_delete": Localized("حذف", "Delete"),
    "customers_delete_one": Localized("حذف العميل", "Delete the customer"),
    "customers_delete_why": Localized(
        "يُحذف العميل نهائيًا مع عضويته في المجموعات ومحفظته ونقاطه، ولا يُعاد استخدام رقمه، "
        "وتُبلَّغ التطبيقات بالحذف.",
        "The customer is deleted for good, with groups, wallet and points. The id is never given "
        "again, and apps are told.",
    ),
    "done_customer_created": Localized("أُنشئ العميل.", "The customer was created."),
    "done_customer_saved": Localized("حُفظ التعديل.", "The change was saved."),
    "done_customer_banned": Localized("حُظر العميل.", "The customer was banned."),
    "done_customer_unbanned": Localized("رُفع الحظر.", "The ban was lifted."),
    "done_customer_deleted": Localized("حُذف العميل.", "The customer was deleted."),
    "done_customer_revealed": Localized(
        "تظهر القيم كاملة خمس دقائق.", "Values are shown whole for five minutes."
    ),
    "done_customers_hidden": Localized("أُخفيت القيم.", "Values are masked again."),
    "refused_reveal_first": Localized(
        "أظهر القيم كاملة قبل التعديل.", "Show the complete values before you edit them."
    ),
    # Export
    "customers_export": Localized("تصدير", "Export"),
    "customers_export_why": Localized(
        "يضم الملف كل الحقول بقيمها الكاملة، ويُسجَّل من صدّره ولماذا.",
        "The file has every field, complete. The audit log keeps who exported it, and why.",
    ),
    "customers_export_do": Localized("تنزيل الملف", "Download the file"),
    "customers_format": Localized("صيغة الملف", "Format"),
    # All matches
    "customers_act": Localized("إجراء جماعي", "Act on all"),
    "customers_act_why": Localized(
        "يُنفَّذ الإجراء في الخلفية على كل العملاء المطابقين للتصفية الآن، بعد أن تؤكد عددهم.",
        "The action runs in the background on everybody who matches now, once you confirm the "
        "number.",
    ),
    "customers_action": Localized("الإجراء", "Action"),
    "customers_act_ban": Localized("حظر الكل", "Ban all"),
    "customers_act_unban": Localized("رفع الحظر عن الكل", "Lift every ban"),
    "customers_act_add_to_group": Localized("إضافة إلى مجموعة", "Add to a group"),
    "customers_act_delete": Localized("حذف الكل", "Delete all"),
    "customers_act_reason_hint": Localized("للحظر فقط", "Only for a ban"),
    "customers_act_group": Localized("المجموعة التي ينضمون إليها", "Group to join"),
    "customers_act_group_hint": Localized("للإضافة إلى مجموعة فقط", "Only for adding to a group"),
    "customers_act_next": Localized("متابعة", "Continue"),
    "customers_act_newest": Localized("أحدث الإجراءات", "Newest actions"),
    "customers_act_begun": Localized("بدأ", "Begun"),
    "customers_act_progress": Localized("المنجز", "Progress"),
    "customers_act_state_counting": Localized("جارٍ العدّ", "Counting"),
    "customers_act_state_waiting": Localized("ينتظر التأكيد", "Waits for confirmation"),
    "customers_act_state_running": Localized("قيد التنفيذ", "Running"),
    "customers_act_state_done": Localized("تم", "Done"),
    "customers_act_state_failed": Localized("توقف لخطأ", "Failed"),
    "customers_act_state_stopped": Localized("أُوقف", "Stopped"),
    "customers_act_counting": Localized(
        "جارٍ عدّ العملاء المطابقين. حدّث الصفحة بعد لحظات.",
        "The matches are being counted. Refresh the page in a moment.",
    ),
    "customers_act_ask_ban": Localized(
        "عدد العملاء الذين سيُحظرون: {}. وتُبلَّغ التطبيقات بكل واحد منهم.",
        "{} customers will be banned. Apps are told of each of them.",
    ),
    "customers_act_ask_unban": Localized(
        "عدد العملاء الذين سيُرفع حظرهم: {}. وتُبلَّغ التطبيقات بكل واحد منهم.",
        "The ban of {} customers will be lifted. Apps are told of each of them.",
    ),
    "customers_act_ask_add_to_group": Localized(
        "عدد العملاء الذين سيُضافون إلى المجموعة: {}.",
        "{} customers will be added to the group.",
    ),
    "customers_act_ask_delete": Localized(
        "عدد العملاء الذين سيُحذفون نهائيًا: {}. لا يمكن التراجع.",
        "{} customers will be deleted for good. This cannot be undone.",
    ),
    "customers_act_number": Localized("اكتب العدد لتأكيده", "Write the number to confirm it"),
    "customers_act_number_hint": Localized("العدد: {}", "The number: {}"),
    "customers_act_late": Localized(
        "مضت ساعة على العدّ وربما تغيّر العدد. ابدأ من جديد.",
        "An hour has passed since the count, and the number may have changed. Begin again.",
    ),
    "customers_act_done": Localized(
        "اكتمل {} من {}: عُدّل {} وتعذّر {}.", "{} of {} dealt with; {} changed, {} refused."
    ),
    "customers_act_refused": Localized(
        "تعذّر حذف بعض العملاء لأن حفظ بياناتهم واجب نظامًا.",
        "The data of those who were refused is on hold.",
    ),
    "customers_act_again": Localized("تحديث", "Refresh"),
    "customers_act_stop": Localized("إيقاف", "Stop"),
    "done_act_begun": Localized("بدأ التنفيذ.", "The action has begun."),
    "done_act_stopped": Localized(
        "أُوقف الإجراء، وما أُنجز منه يبقى.", "The action was stopped. What is done stays done."
    ),
    "refused_act_confirm": Localized(
        "هذا الإجراء لا ينتظر تأكيدًا.", "This action does not wait for a confirmation."
    ),
}
