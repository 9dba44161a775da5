"""The words of the pages of files."""

from sijill.localized import Localized

WORDS = {
    "nav_imports": Localized("الاستيراد والتصدير", "Imports and exports"),
    "imports_export": Localized("تصدير العملاء", "Export customers"),
    "imports_send": Localized("استيراد ملف", "Import a file"),
    "imports_send_why": Localized(
        "ملف Excel أو CSV وعناوين الأعمدة في سطره الأول. تراه قبل استيراده.",
        "Excel or CSV with headings in its first row. You see it before it is imported.",
    ),
    "imports_file": Localized("الملف", "File"),
    "imports_look": Localized("معاينة", "Look at it first"),
    "imports_begun": Localized("وقت الإرسال", "Sent"),
    "imports_state": Localized("الحالة", "State"),
    "imports_rows": Localized("الصفوف", "Rows"),
    "imports_created": Localized("جديد", "Created"),
    "imports_rejected": Localized("مرفوض", "Refused"),
    "imports_none": Localized("لا ملفات بعد", "No files yet"),
    "imports_none_why": Localized(
        "يظهر هنا كل ملف أرسله تطبيق أو شخص.", "Every file that an app or a person sent is here."
    ),
    "imports_state_draft": Localized("معاينة، لم يُستورد", "Not imported yet"),
    "imports_state_queued": Localized("في الانتظار", "Waits"),
    "imports_state_running": Localized("قيد الاستيراد", "Running"),
    "imports_state_done": Localized("تم", "Done"),
    "imports_state_failed": Localized("توقف لخطأ", "Failed"),
    "imports_state_undone": Localized("أُلغي", "Undone"),
    "imports_preview": Localized(
        "صفوف الملف: {}، وأعمدته: {}. هكذا فُهمت الأعمدة، وهذه الصفوف الأولى.",
        "The file has {} rows and {} columns. The headings below say how the columns are read; "
        "these are the first rows.",
    ),
    "imports_first": Localized("الصفوف الأولى", "First rows"),
    "imports_begin": Localized("استيراد", "Import"),
    "imports_match": Localized("كيف يُعرف العميل", "How a row finds its customer"),
    "imports_match_why": Localized(
        "رقم العميل في الصف يُقدَّم دائمًا. والصف الذي لا يجد عميلًا يُنشئ واحدًا.",
        "An id in the row always counts first. A row that finds no customer creates one.",
    ),
    "imports_match_id": Localized("برقم العميل وحده", "by the id alone"),
    "imports_match_mobile": Localized("بالجوال", "by the mobile"),
    "imports_match_email": Localized("بالبريد الإلكتروني", "by the e-mail"),
    "imports_try": Localized("تجربة بلا استيراد", "Try it without importing"),
    "imports_tried": Localized("نتيجة التجربة", "What the import would do"),
    "imports_tried_all": Localized(
        "جُرّبت كل الصفوف ({})، ولم يتغير أي عميل.", "All {} rows were tried; no customer changed."
    ),
    "imports_tried_first": Localized(
        "جُرّبت الصفوف الأولى ({}) وحدها، ولم يتغير أي عميل. والأمر sijill import --dry-run "
        "يجرّبها كلها.",
        "The first {} rows were tried; no customer changed. The command sijill import --dry-run "
        "tries all of them.",
    ),
    "imports_would_create": Localized("عملاء جدد", "Would be created"),
    "imports_would_change": Localized("عملاء يتغيرون", "Would be changed"),
    "imports_would_refuse": Localized("صفوف مرفوضة", "Would be refused"),
    "done_import_tried": Localized(
        "جُرّب الملف، ولم يُستورد منه شيء.", "The file was tried. Nothing of it is imported."
    ),
    "imports_discard": Localized("تجاهل الملف", "Discard"),
    "imports_forgotten": Localized(
        "مضى يوم على إرسال الملف ومُحيت صفوفه. أرسله من جديد.",
        "The file was sent a day ago, and its rows are deleted. Send it again.",
    ),
    "imports_done": Localized(
        "{} من {}. الجديد: {}، والمتغيّر: {}، والمرفوض: {}.",
        "{} of {}: {} created, {} changed, {} refused.",
    ),
    "imports_help_headings": Localized(
        "سمِّ كل عمود باسم يعرفه السجل مرة واحدة، أو احذف العمود، ثم أرسل الملف من جديد.",
        "Give each column one heading that Sijill knows, or delete the column, and send the file "
        "again.",
    ),
    "imports_help_kind": Localized(
        "في Excel: حفظ باسم، ثم CSV UTF-8.", "In Excel: Save As, CSV UTF-8."
    ),
    "imports_get_rejects": Localized("تنزيل الصفوف المرفوضة", "Download refused rows"),
    "imports_undo": Localized("التراجع عن الاستيراد", "Undo the import"),
    "imports_undo_why": Localized(
        "يُحذف كل عميل أنشأه هذا الملف ولم يتغير بعده.",
        "Every customer that this file created, and who has not changed since, is deleted.",
    ),
    "imports_undo_not": Localized(
        "لا يعود العملاء الذين غيّرهم الملف إلى ما كانوا عليه، ولا تُسحب الإشعارات التي وصلت "
        "التطبيقات. ويمكن التراجع خلال 24 ساعة من نهاية الاستيراد.",
        "Customers whom the file changed stay as they are, and what apps were told is not taken "
        "back. An import can be undone for 24 hours after its end.",
    ),
    "done_import_begun": Localized("بدأ الاستيراد.", "The import has begun."),
    "refused_import_late": Localized(
        "لم يعد الملف للاستيراد.", "The file can no longer be imported."
    ),
    "done_import_discarded": Localized("حُذف الملف.", "The file was discarded."),
    "done_import_undone": Localized(
        "حُذف {} عميل، وبقي {} تغيّروا. والمتبقي {}.",
        "{} customers deleted; {} had changed and stay; {} left.",
    ),
    "done_import_undoing": Localized(
        "حُذف {} عميل، وبقي {} تغيّروا. اضغط مرة أخرى للمتابعة، والمتبقي {}.",
        "{} customers deleted; {} had changed and stay. Press again to go on: {} left.",
    ),
    "refused_import_undo": Localized(
        "لا يمكن التراجع الآن: لم ينته الاستيراد أو مضى يوم على نهايته.",
        "It cannot be undone: the import is not finished, or ended more than a day ago.",
    ),
}
