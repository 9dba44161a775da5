"""The words of the pages of files."""

from sijill.localized import Localized

WORDS = {
    "nav_imports": Localized("الاستيراد والتصدير", "Imports and exports"),
    "imports_export": Localized("تصدير العملاء", "Export customers"),
    "imports_send": Localized("استيراد ملف", "Import a file"),
    "imports_send_why": Localized(
        "ملف Excel أو CSV (بصيغة «CSV UTF-8»)، وأسماء الأعمدة في سطره الأول، والتواريخ هكذا "
        "\u200f2026-01-31. تعاينه قبل الاستيراد.",
        "Excel or CSV, with headings in its first row and days like 2026-01-31. You see a preview "
        "before anything is imported.",
    ),
    "imports_file": Localized("الملف", "File"),
    "imports_look": Localized("معاينة", "Preview"),
    "imports_begun": Localized("وقت الرفع", "Uploaded"),
    "imports_state": Localized("الحالة", "State"),
    "imports_rows": Localized("الصفوف", "Rows"),
    "imports_created": Localized("جديد", "Created"),
    "imports_rejected": Localized("مرفوض", "Refused"),
    "imports_none": Localized("لا ملفات بعد", "No files yet"),
    "imports_none_why": Localized(
        "يظهر هنا كل ملف رفعه تطبيق أو مستخدم.",
        "Every file that an app or a person uploads appears here.",
    ),
    "imports_state_draft": Localized("لم يُستورد بعد", "Not imported yet"),
    "imports_state_queued": Localized("في الانتظار", "Waits"),
    "imports_state_running": Localized("قيد الاستيراد", "Running"),
    "imports_state_done": Localized("تم", "Done"),
    "imports_state_failed": Localized("توقف لخطأ", "Failed"),
    "imports_state_undone": Localized("أُلغي", "Undone"),
    "imports_preview": Localized(
        "عدد الصفوف: {}، وعدد الأعمدة: {}. تحقق من تعرّف الأعمدة في الصفوف الأولى أدناه.",
        "The file has {} rows and {} columns. The headings below say how the columns are read; "
        "these are the first rows.",
    ),
    "imports_first": Localized("الصفوف الأولى", "First rows"),
    "imports_begin": Localized("استيراد", "Import"),
    "imports_match": Localized("مطابقة العملاء الحاليين", "How a row finds its customer"),
    "imports_match_why": Localized(
        "إن وُجد رقم العميل في الصف فهو المعتمد دائمًا. والصف الذي لا يطابق عميلًا ينشئ عميلًا جديدًا.",
        "An id in the row always counts first. A row that finds no customer creates one.",
    ),
    "imports_match_id": Localized("برقم العميل فقط", "By the id alone"),
    "imports_match_mobile": Localized("بالجوال", "By the mobile"),
    "imports_match_email": Localized("بالبريد الإلكتروني", "By the e-mail"),
    "imports_try": Localized("تجربة دون استيراد", "Try it without importing"),
    "imports_tried": Localized("نتيجة التجربة", "What the import would do"),
    "imports_tried_all": Localized(
        "جُرّبت كل الصفوف ({})، ولم يتغير أي عميل.", "All {} rows were tried; no customer changed."
    ),
    "imports_tried_first": Localized(
        "جُرّبت الصفوف الأولى فقط ({})، ولم يتغير أي عميل. ولتجربتها كلها: `sijill import --dry-run`",
        "The first {} rows were tried; no customer changed. The command `sijill import --dry-run` "
        "tries all of them.",
    ),
    "imports_would_create": Localized("عملاء جدد", "Would be created"),
    "imports_would_change": Localized("عملاء يتغيرون", "Would be changed"),
    "imports_would_refuse": Localized("صفوف مرفوضة", "Would be refused"),
    "done_import_tried": Localized(
        "جُرّب الملف، ولم يُستورد منه شيء.", "The file was tried. Nothing was imported."
    ),
    "imports_discard": Localized("تجاهل الملف", "Discard"),
    "imports_forgotten": Localized(
        "مضى يوم على رفع الملف وحُذفت صفوفه. ارفعه من جديد.",
        "The file was sent a day ago, and its rows are deleted. Send it again.",
    ),
    "imports_done": Localized(
        "عولج {} من {} — جديد: {}، محدَّث: {}، مرفوض: {}.",
        "{} of {}: {} created, {} changed, {} refused.",
    ),
    "imports_help_headings": Localized(
        "سمِّ كل عمود باسم معروف لا يتكرر، أو احذف العمود، ثم ارفع الملف من جديد.",
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
        "العملاء الذين حدّثهم الملف لا تعود بياناتهم السابقة، والإشعارات التي وصلت إلى التطبيقات "
        "لا تُسترجع. ويمكن التراجع خلال 24 ساعة من انتهاء الاستيراد.",
        "Customers whom the file changed stay as they are, and what apps were told is not taken "
        "back. An import can be undone for 24 hours after its end.",
    ),
    "done_import_begun": Localized("بدأ الاستيراد.", "The import has begun."),
    "refused_import_late": Localized(
        "لم يعد استيراد هذا الملف ممكنًا.", "The file can no longer be imported."
    ),
    "done_import_discarded": Localized("حُذف الملف.", "The file was discarded."),
    "done_import_undone": Localized(
        "المحذوفون: {}، وبقي ممن عُدّلت بياناتهم: {}، والمتبقي: {}.",
        "{} customers deleted; {} had changed and stay; {} left.",
    ),
    "done_import_undoing": Localized(
        "المحذوفون: {}، وبقي ممن عُدّلت بياناتهم: {}، والمتبقي: {}. اضغط مرة أخرى للمتابعة.",
        "{} customers deleted; {} had changed and stay. Press again to go on: {} left.",
    ),
    "refused_import_undo": Localized(
        "لا يمكن التراجع: لم ينتهِ الاستيراد بعد، أو مضى على انتهائه أكثر من يوم.",
        "It cannot be undone: the import is not finished, or ended more than a day ago.",
    ),
}
