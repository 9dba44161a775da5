"""The words of the pages of a mirror."""

from sijill.localized import Localized

WORDS = {
    "nav_mirror": Localized("المرآة", "Mirror"),
    "mirror_about": Localized(
        "نسخة حية من متجر آخر: حالتها، وما بقي من قراءتها، وكم مضى على آخر تأكيد لبياناتها.",
        "A live copy of another store: its state, what is left to read, and how fresh it is.",
    ),
    "mirror_copy": Localized("النسخة", "The copy"),
    "mirror_state": Localized("الحالة", "State"),
    "mirror_is_linked": Localized("رُبطت، وتبدأ القراءة", "Linked, about to read"),
    "mirror_is_backfilling": Localized("تُقرأ لأول مرة", "Reading for the first time"),
    "mirror_is_live": Localized("حية", "Live"),
    "mirror_is_degraded": Localized("متعثرة", "Degraded"),
    "mirror_is_paused": Localized("متوقفة مؤقتًا", "Paused"),
    "mirror_is_needs_authorisation": Localized("تحتاج إلى إذن", "Needs authorization"),
    "mirror_is_halted": Localized("موقوفة", "Halted"),
    "mirror_why_away": Localized(
        "لا يمكن الوصول إلى المتجر الأصلي.", "Upstream cannot be reached."
    ),
    "mirror_do_away": Localized(
        "تُعاد المحاولة تلقائيًا. إن طال الأمر فعلى مدير الخادم التحقق من الشبكة والعنوان.",
        "It is tried again by itself. If that lasts, let the operator check network and address.",
    ),
    "mirror_why_address": Localized(
        "لا يُسمح لهذا الخادم بالوصول إلى عنوان المتجر الأصلي.",
        "This server may not reach the address of upstream.",
    ),
    "mirror_do_address": Localized(
        "على مدير الخادم التحقق من الإعدادين upstream_url وupstream_targets.",
        "Let the operator check the settings upstream_url and upstream_targets.",
    ),
    "mirror_why_status": Localized(
        "يرد المتجر الأصلي بالحالة {}.", "Upstream answers with status {}."
    ),
    "mirror_do_status": Localized(
        "تُعاد المحاولة تلقائيًا، وتزول الحالة مع أول رد سليم.",
        "It is tried again by itself, and ends with the next good answer.",
    ),
    "mirror_why_unreadable": Localized(
        "وصل من المتجر الأصلي رد ليس قائمة عملاء ولا عميلًا.",
        "An answer of upstream could not be read as customers.",
    ),
    "mirror_do_unreadable": Localized(
        "تُعاد القراءة تلقائيًا. وإذا تكرر ذلك فنفّذ: `sijill drift check`",
        "It is read again by itself. If it comes back, run: `sijill drift check`",
    ),
    "mirror_why_renewal": Localized(
        "تعذّر تجديد رمز الوصول إلى المتجر الأصلي.", "The access token could not be renewed."
    ),
    "mirror_do_renewal": Localized(
        "تُعاد المحاولة ما دام الرمز ساريًا. وإذا انتهى فاربط المتجر من جديد.",
        "It is tried again while the token lives. If it ends, link the store again.",
    ),
    "mirror_why_shape": Localized(
        "تغيّرت بنية ردود المتجر الأصلي، فقد تُفهم خطأً.",
        "Upstream's answers have changed their shape, and may be read wrongly.",
    ),
    "mirror_do_shape": Localized(
        "انظر أدناه ما الذي تغيّر، وحدّث سجل، ثم نفّذ: `sijill drift check`",
        "See below what has changed, update Sijill, then run: `sijill drift check`",
    ),
    "mirror_why_lists": Localized(
        "ترتيب قوائم المتجر الأصلي أو أعدادها ليست كما يُتوقع، لذلك لا يُبحث عن العملاء المحذوفين.",
        "Upstream's lists are not ordered or counted as needed: deletions are not looked for.",
    ),
    "mirror_do_lists": Localized(
        "نفّذ: `sijill mirror check` — يبيّن ما الذي يختلف.",
        "Run: `sijill mirror check` — it says what differs.",
    ),
    "mirror_why_token": Localized(
        "يرفض المتجر الأصلي رموز هذا المتجر كلها.", "Upstream takes no token of this store."
    ),
    "mirror_do_token": Localized(
        "اربط المتجر من جديد: `sijill mirror link`", "Link the store again: `sijill mirror link`"
    ),
    "mirror_why_uninstalled": Localized(
        "أُلغي تثبيت التطبيق في المتجر الأصلي.", "The app was uninstalled upstream."
    ),
    "mirror_do_uninstalled": Localized(
        "ثبّت التطبيق من جديد، ثم: `sijill mirror link`",
        "Install the app again, then: `sijill mirror link`",
    ),
    "mirror_why_guard": Localized(
        "اختفى خلال ساعة عدد كبير من العملاء على غير المعتاد، فتوقف الحذف احتياطًا.",
        "Unusually many customers vanished within an hour, so nobody is deleted for now.",
    ),
    "mirror_do_guard": Localized(
        "تأكد في المتجر الأصلي أنهم حُذفوا فعلًا، ثم اسمح للنسخة بالمتابعة.",
        "Check upstream that they really were deleted, then let the copy continue.",
    ),
    "mirror_why_unknown": Localized("السبب: {}", "The reason: {}"),
    "mirror_do_unknown": Localized(
        "أبلغ مدير الخادم بهذا السبب.", "Tell the operator of the server this reason."
    ),
    "mirror_address": Localized("عنوان المتجر الأصلي", "Upstream"),
    "mirror_token": Localized("ينتهي الرمز في", "Token ends"),
    "mirror_no_end": Localized("موعد انتهائه غير معروف", "No known end"),
    "mirror_hears": Localized("إشعارات المتجر الأصلي", "Webhooks of upstream"),
    "mirror_heard": Localized("تُستقبل", "Received"),
    "mirror_unheard": Localized("لا تُستقبل", "Not received"),
    "mirror_held": Localized("العملاء هنا", "Customers here"),
    "mirror_of": Localized("من {} في المتجر الأصلي", "of {} upstream"),
    "mirror_of_unknown": Localized(
        "لم يذكر المتجر الأصلي عددهم بعد", "Upstream has not told the total yet"
    ),
    "mirror_completeness": Localized("الاكتمال", "Completeness"),
    "mirror_oldest": Localized("أقدم تأكيد", "Oldest confirmation"),
    "mirror_hms": Localized("الساعات ثم الدقائق فالثواني", "hours, minutes, seconds"),
    "mirror_left": Localized("الوقت المتبقي للقراءة", "Time left to read"),
    "mirror_pages": Localized("صفحات متبقية: {}", "Pages left: {}"),
    "mirror_waiting": Localized("عملاء بانتظار التحقق", "Waiting to be checked"),
    "mirror_told_at": Localized(
        "آخر عدد ذكره المتجر الأصلي في {}", "Upstream told its total at {}"
    ),
    # Budget
    "mirror_budget": Localized("الاستدعاءات إلى المتجر الأصلي", "Requests to upstream"),
    "mirror_budget_of": Localized(
        "{} من {} خلال آخر {} من الثواني.", "{} of {} in the last {} seconds."
    ),
    "mirror_budget_shared": Localized(
        "تشترك فيها كل المتاجر التي تخرج من العنوان نفسه.",
        "All stores that leave from the same address share them.",
    ),
    "mirror_lane_foreground": Localized("ينتظرها تطبيق", "Apps are waiting"),
    "mirror_lane_verify": Localized("التحقق من عملاء", "Checking customers"),
    "mirror_lane_probe": Localized("مقارنة الأعداد", "Comparing totals"),
    "mirror_lane_sweep": Localized("القراءة الدورية", "Sweep"),
    "mirror_lane_backfill": Localized("القراءة الأولى", "Backfill"),
    # Slices
    "mirror_slices_backfill": Localized("أيام القراءة الأولى", "Days of the backfill"),
    "mirror_slices_sweep": Localized("أيام القراءة الدورية", "Days of the sweep"),
    "mirror_slices_why": Localized(
        "كل عمود أيامٌ متجاورة أُنشئ فيها عملاء، من الأقدم إلى الأحدث.",
        "Each column is days on which customers were created, the oldest first.",
    ),
    "mirror_days": Localized("أيام الإنشاء", "Days of creation"),
    "mirror_no_bound": Localized("بلا حد", "no bound"),
    "mirror_slice_proven": Localized("ثبتت", "Proven"),
    "mirror_slice_reading": Localized("تُقرأ", "Being read"),
    "mirror_slice_counted": Localized("تنتظر القراءة", "Waiting to be read"),
    "mirror_slice_uncounted": Localized("تنتظر العدّ", "Waiting to be counted"),
    "mirror_no_slices": Localized(
        "لا قراءة لكامل القائمة الآن.", "The whole list is not being read now."
    ),
    # Over time
    "mirror_lately": Localized("الأداء السابق", "History"),
    "mirror_over_day": Localized("يوم", "Day"),
    "mirror_over_week": Localized("أسبوع", "Week"),
    "mirror_over_month": Localized("شهر", "Month"),
    "mirror_minutes": Localized("بالدقائق", "minutes"),
    "mirror_hours": Localized("بالساعات", "hours"),
    "mirror_no_samples": Localized(
        "لا قياسات في هذه المدة: يُحفظ قياس كل خمس دقائق ما دام الخادم يعمل.",
        "No samples of this time: one is kept every five minutes while the server runs.",
    ),
    "mirror_worst": Localized(
        "كل عمود أسوأ ما قيس فيه.", "Each column shows the worst that was measured."
    ),
    # Tombstones and shapes
    "mirror_tombstones": Localized("المحذوفون في المتجر الأصلي", "Deleted upstream"),
    "mirror_tombstones_why": Localized(
        "رقم كل عميل ووقت العلم بحذفه. لا تُعرض بياناتهم.",
        "Their ids, and when the deletion became known. None of their data is shown.",
    ),
    "mirror_all_tombstones": Localized("عرضهم كلهم", "Show all of them"),
    "mirror_gone": Localized("حُذفوا", "Deleted"),
    "mirror_refused": Localized("ظُنّ أنهم حُذفوا ثم وُجدوا", "Suspected, then found"),
    "mirror_id": Localized("رقم العميل", "Customer id"),
    "mirror_known": Localized("وقت العلم بالحذف", "Known since"),
    "mirror_no_tombstones": Localized("لم يُحذف أحد", "Nobody was deleted"),
    "mirror_no_tombstones_why": Localized(
        "يظهر هنا كل عميل حُذف في المتجر الأصلي بعد ثبوت حذفه.",
        "Customers whom upstream deletes appear here once that is proven.",
    ),
    "mirror_shapes": Localized("بنية الردود", "Shape of answers"),
    "mirror_no_shapes": Localized(
        "بنية كل الردود كما هو متوقع.", "Every answer is shaped as it should be."
    ),
    "mirror_first": Localized("أول مرة", "First seen"),
    "mirror_alarm": Localized("إنذار", "Alarm"),
    "mirror_new_keys": Localized("مفاتيح جديدة", "New keys"),
    "mirror_missing": Localized("ناقصة", "missing"),
    "mirror_retyped": Localized("تغيّر نوعها", "of another type"),
    # Forms
    "mirror_pause": Localized("إيقاف مؤقت", "Pause"),
    "mirror_resume": Localized("متابعة", "Resume"),
    "mirror_sweep": Localized("قراءة القائمة كلها من جديد", "Read the whole list again"),
    "mirror_sweep_wanted": Localized(
        "تُقرأ القائمة كلها من جديد، بعد كل ما سواها.",
        "The whole list is being read again, behind everything else.",
    ),
    "mirror_release": Localized("السماح لها بالمتابعة", "Let the copy continue"),
    "mirror_ask_release": Localized("إنهاء التوقف", "End the halt"),
    "mirror_ask_release_why": Localized(
        "قد يُحذف من هذه النسخة كل عميل بانتظار التحقق متى تأكد غيابه. لا يمكن التراجع عن الحذف.",
        "Everybody who is waiting to be checked may be deleted from this copy, once each is proven "
        "to be gone. That cannot be undone.",
    ),
    "done_mirror_paused": Localized(
        "توقفت النسخة مؤقتًا: لا تُرسل استدعاءات إلى المتجر الأصلي، والقراءة من النسخة مستمرة.",
        "The copy is paused: upstream is asked for nothing, and reads are answered from the copy.",
    ),
    "done_mirror_resumed": Localized("تتابع النسخة.", "The copy goes on."),
    "done_mirror_sweep": Localized(
        "ستُقرأ القائمة كلها من جديد.", "The whole list will be read again."
    ),
    "done_mirror_released": Localized("انتهى التوقف، وتتابع النسخة.", "The halt has ended."),
}
