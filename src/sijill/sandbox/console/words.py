"""The words of the pages of the sandbox, in Arabic and English."""

from sijill.localized import Localized

WORDS = {
    "nav_sandbox": Localized("البيئة التجريبية", "Sandbox"),
    "sandbox_about": Localized(
        "ساعة هذه المساحة وأخطاؤها المفتعلة وطلبات التطبيقات التي وصلتها. كل البيانات وهمية.",
        "The time of this namespace, its faults and the requests that it got. All data is made up.",
    ),
    "sandbox_tab_clock": Localized("الساعة واللقطات", "Clock and snapshots"),
    "sandbox_tab_faults": Localized("الأخطاء المفتعلة", "Faults"),
    "sandbox_tab_requests": Localized("سجل الطلبات", "Journal"),
    "sandbox_tabs": Localized("أقسام البيئة التجريبية", "Sections of the sandbox"),
    "sandbox_namespace": Localized("المساحة", "Namespace"),
    "sandbox_address": Localized("عنوان الواجهة", "API address"),
    "sandbox_others": Localized(
        "لكل مساحة أخرى لوحتها على العنوان {}، وتحتاج إلى تسجيل دخول مستقل.",
        "Each other namespace has pages of its own, below {}, once you sign in there.",
    ),
    # Clock
    "sandbox_clock": Localized("الساعة", "Clock"),
    "sandbox_now": Localized("الوقت", "Time"),
    "sandbox_zone": Localized("المنطقة الزمنية", "Time zone"),
    "sandbox_state": Localized("الحالة", "State"),
    "sandbox_is_frozen": Localized("متوقفة", "Frozen"),
    "sandbox_is_running": Localized("تعمل", "Running"),
    "sandbox_due": Localized("الإرسال القادم", "Next delivery"),
    "sandbox_none_due": Localized("لا شيء ينتظر", "Nothing waits"),
    "sandbox_move": Localized("تقديم الساعة", "Move on"),
    "sandbox_step_10m": Localized("10 دقائق", "10 minutes"),
    "sandbox_step_1h": Localized("ساعة", "1 hour"),
    "sandbox_step_1d": Localized("يوم", "1 day"),
    "sandbox_move_why": Localized(
        "تتوقف الساعة أثناء تقديمها عند كل إرسال حان موعده ليُنفَّذ فعلًا. وتتبعها الحدود ومدد "
        "الرموز والجلسات.",
        "On its way the clock stops at each delivery that is due, and makes it. Limits, tokens and "
        "sessions follow it.",
    ),
    "sandbox_at": Localized("إلى وقت محدد", "To a moment"),
    "sandbox_go": Localized("تقديم إلى هذا الوقت", "Go there"),
    "sandbox_freeze": Localized("إيقاف الساعة", "Freeze"),
    "sandbox_resume": Localized("تشغيل الساعة", "Let it run"),
    "sandbox_bad_step": Localized("اختر مدة من المدد المعروضة.", "Choose one of the steps."),
    "sandbox_bad_moment": Localized(
        "اكتب وقتًا مثل \u200f2030-03-01T10:00، خلال مئة سنة.",
        "Write a moment such as 2030-03-01T10:00, within a hundred years.",
    ),
    "sandbox_no_way_back": Localized(
        "لا تعود الساعة إلا بلقطة.", "A clock goes back only with a snapshot."
    ),
    "done_sandbox_moved": Localized(
        "تقدّمت الساعة. عدد محاولات الإرسال في الطريق: {}.",
        "The clock has moved on. Attempts to deliver on the way: {}.",
    ),
    "done_sandbox_frozen": Localized("توقفت الساعة.", "The clock stands still."),
    "done_sandbox_runs": Localized("تعمل الساعة من جديد.", "The clock runs again."),
    # Snapshots and reset
    "sandbox_snapshots": Localized("اللقطات", "Snapshots"),
    "sandbox_snapshots_why": Localized(
        "تحفظ اللقطة البيانات ووقت الساعة في الذاكرة، وتزول عند إيقاف الخادم.",
        "A snapshot keeps the data and the time of the clock in memory, until the server stops.",
    ),
    "sandbox_snapshot": Localized("الاسم", "Name"),
    "sandbox_new_snapshot": Localized("اسم اللقطة الجديدة", "Name of a new snapshot"),
    "sandbox_customers": Localized("العملاء", "Customers"),
    "sandbox_no_snapshots": Localized("لا توجد لقطات بعد.", "No snapshots yet."),
    "sandbox_save": Localized("حفظ لقطة", "Save a snapshot"),
    "sandbox_name_hint": Localized(
        "حتى 64 حرفًا؛ الاسم نفسه يحل محل السابق.",
        "Up to 64 characters; the same name replaces an earlier snapshot.",
    ),
    "sandbox_load": Localized("العودة إليها", "Go back to it"),
    "sandbox_forget": Localized("حذف", "Delete"),
    "sandbox_of": Localized("اللقطة {}", "snapshot {}"),
    "sandbox_ask_load": Localized("العودة إلى لقطة", "Go back to a snapshot"),
    "sandbox_ask_load_why": Localized(
        "تعود البيانات والساعة كما كانت، ويضيع كل ما تغيّر بعدها. تبدأ الحدود من جديد.",
        "Data and clock become as they were then, and all that changed since is lost. Limits start "
        "afresh.",
    ),
    "sandbox_reset": Localized("إعادة المساحة إلى بدايتها", "Reset the namespace"),
    "sandbox_reset_hint": Localized(
        "تعود البيانات والساعة والحدود كما كانت أول الأمر، وتُحذف الأخطاء وسجل الطلبات.",
        "Data, clock and limits become as they were at the beginning; faults and journal are "
        "emptied.",
    ),
    "sandbox_reset_why": Localized(
        "لا يمكن التراجع إلا بلقطة محفوظة: اللقطات تبقى.",
        "Only a saved snapshot can undo this: snapshots stay.",
    ),
    "sandbox_bad_name": Localized(
        "اكتب اسمًا حتى 64 حرفًا، دون خط مائل.", "Write a name of up to 64 characters, no slash."
    ),
    "sandbox_too_many": Localized(
        "بلغت اللقطات أقصى عدد: احذف واحدة.", "There are as many as may be: delete one first."
    ),
    "done_sandbox_saved": Localized("حُفظت اللقطة.", "The snapshot is saved."),
    "done_sandbox_loaded": Localized("عادت المساحة إلى اللقطة.", "The snapshot is loaded."),
    "done_sandbox_forgotten": Localized("حُذفت اللقطة.", "The snapshot is deleted."),
    "done_sandbox_reset": Localized(
        "عادت المساحة إلى بدايتها.", "The namespace is back at its beginning."
    ),
    # Faults
    "sandbox_faults_why": Localized(
        "تُطبَّق أول قاعدة مطابقة لم تُستنفد. ولا تشمل الأخطاء صفحات لوحة التحكم.",
        "The first active rule that fits a request applies. The console itself is never affected.",
    ),
    "sandbox_op": Localized("العملية", "Operation"),
    "sandbox_kind": Localized("ما يحدث", "What happens"),
    "sandbox_match": Localized("الشرط", "Match"),
    "sandbox_hits": Localized("مرات التطبيق", "Hits"),
    "sandbox_of_all": Localized("{} من {}", "{} of {}"),
    "sandbox_spent": Localized("استُنفدت", "Spent"),
    "sandbox_waits": Localized("فعّالة", "Active"),
    "sandbox_no_faults": Localized("لا أخطاء الآن", "No faults now"),
    "sandbox_no_faults_why": Localized(
        "يُرد على كل طلب كما يجب. أضف قاعدة في النموذج أدناه لترى كيف يتصرف تطبيقك.",
        "Every request is answered as it should be. Add a rule below to see what your app does.",
    ),
    "sandbox_remove": Localized("إزالة", "Remove"),
    "sandbox_of_rule": Localized("القاعدة {}", "rule {}"),
    "sandbox_clear": Localized("إزالة كل القواعد", "Remove all rules"),
    "sandbox_add": Localized("إضافة قاعدة", "Add a rule"),
    "sandbox_status": Localized("رمز الحالة", "Status"),
    "sandbox_status_hint": Localized("للنوع status فقط.", "Only for the kind status."),
    "sandbox_phase": Localized("متى", "When"),
    "sandbox_phase_before": Localized("قبل تنفيذ الطلب", "Before the request is carried out"),
    "sandbox_phase_after-commit": Localized(
        "بعد تنفيذه: لا يضيع إلا الرد", "After it: the answer alone is lost"
    ),
    "sandbox_times": Localized("عدد المرات", "How often"),
    "sandbox_times_hint": Localized("فارغ: في كل مرة.", "Empty: each time."),
    "sandbox_skip": Localized("طلبات تمر أولًا", "Requests that pass first"),
    "sandbox_seconds": Localized("الثواني", "Seconds"),
    "sandbox_seconds_hint": Localized(
        "للأنواع delay و stall و drip، حتى 60؛ فارغ: 1.",
        "For delay, stall and drip, up to 60; empty: 1.",
    ),
    "sandbox_wait": Localized("ثواني Retry-After", "Seconds of Retry-After"),
    "sandbox_wait_hint": Localized("للحالتين 429 و503؛ فارغ: 1.", "For 429 and 503; empty: 1."),
    "sandbox_match_hint": Localized(
        "معامل من الاستعلام أو المسار، مثل customer=2075683582. فارغ: كل الطلبات.",
        "A parameter of the query or the path, such as customer=2075683582. Empty: all requests.",
    ),
    "sandbox_more_faults": Localized(
        "للأمر {} خيارات أخرى، وبه تُفتعل أخطاء الإشعارات أيضًا.",
        "The command {} has further options, and faults of webhooks.",
    ),
    "sandbox_bad_match": Localized("اكتب اسمًا وقيمة: name=value.", "Write name=value."),
    "sandbox_bad_value": Localized("هذه القيمة لا تُقبل.", "This value cannot be taken."),
    "sandbox_kind_status": Localized("رفض بصيغة أخطاء سلة", "An error in Salla's format"),
    "sandbox_kind_html-502": Localized("صفحة 502 من خادم وكيل (proxy)", "The 502 page of a proxy"),
    "sandbox_kind_delay": Localized("رد متأخر", "The answer comes late"),
    "sandbox_kind_stall": Localized("صمت ثم إغلاق الاتصال", "Silence, then the connection closes"),
    "sandbox_kind_empty": Localized("إغلاق الاتصال دون رد", "The connection closes unanswered"),
    "sandbox_kind_reset": Localized("قطع الاتصال دون رد", "The connection is reset unanswered"),
    "sandbox_kind_truncate": Localized(
        "نصف الرد ثم ينقطع الاتصال", "Half of the answer, then the connection ends"
    ),
    "sandbox_kind_malformed": Localized("رد JSON مبتور", "Half of the answer's JSON"),
    "sandbox_kind_drip": Localized("رد على دفعات", "The answer in small pieces"),
    "sandbox_kind_drop-headers": Localized("رد دون ترويسات", "The answer without headers"),
    "done_sandbox_fault_added": Localized("أُضيفت القاعدة.", "The rule is added."),
    "done_sandbox_fault_gone": Localized("أُزيلت القاعدة.", "The rule is removed."),
    "done_sandbox_faults_gone": Localized("أُزيلت كل القواعد.", "Every rule is removed."),
    # Journal
    "sandbox_requests_why": Localized(
        "طلبات التطبيقات، الأحدث أولًا. لا تظهر صفحات لوحة التحكم هنا.",
        "The requests of apps, the newest first. The console itself is not among them.",
    ),
    "sandbox_path": Localized("جزء من المسار", "Part of the path"),
    "sandbox_any_status": Localized("أي حالة", "Any status"),
    "sandbox_status_2": Localized("2xx: نجحت", "2xx: worked"),
    "sandbox_status_3": Localized("3xx: لم تتغيّر أو حُوّلت", "3xx: unchanged or redirected"),
    "sandbox_status_4": Localized("4xx: رُفضت", "4xx: refused"),
    "sandbox_status_5": Localized("5xx: فشلت", "5xx: failed"),
    "sandbox_status_0": Localized("دون رد", "No answer"),
    "sandbox_find": Localized("عرض", "Show"),
    "sandbox_request": Localized("الطلب", "Request"),
    "sandbox_request_id": Localized("معرّف الطلب", "Request id"),
    "sandbox_fault": Localized("الخطأ المفتعل", "Fault"),
    "sandbox_no_requests": Localized("لا طلبات هنا", "No requests here"),
    "sandbox_no_requests_why": Localized(
        "أرسل طلبًا من تطبيقك إلى {}، أو غيّر التصفية.",
        "Send a request from your app to {}, or change the filter.",
    ),
    "sandbox_all_requests": Localized("عرض كل الطلبات", "Show all requests"),
    "sandbox_overflowed": Localized(
        "يتسع السجل لـ 10,000 طلب، وقد نُسي الأقدم منها.",
        "The journal has room for 10,000 requests, and has forgotten the oldest.",
    ),
    "sandbox_names": Localized("معاملات الاستعلام", "Parameters of the query"),
    "sandbox_remaining": Localized("المتبقي من الحد", "Left by the limit"),
    "sandbox_unread": Localized("أُرسل ولم يُقرأ", "Sent and never read"),
    "sandbox_nearest": Localized("لعل المقصود", "What it may have meant"),
    "sandbox_wire": Localized("كما وصل الطلب", "As it came"),
    "sandbox_wire_why": Localized(
        "لا يظهر هنا جسم الطلب ولا قيم استعلامه. يعرضها هذا الأمر لمن يحمل رمز المدير.",
        "Neither the body nor the values of the query are shown here. This command shows them to "
        "people who hold the admin token.",
    ),
}
