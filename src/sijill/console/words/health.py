"""The words of the page of health."""

from sijill.localized import Localized

WORDS = {
    "health": Localized("حالة الخادم", "Health"),
    "nav_health": Localized("الحالة", "Health"),
    "health_about": Localized(
        "هل يعمل الخادم، وما يخص هذا المتجر عليه.",
        "Whether the server works, and what this store has on it.",
    ),
    "health_well": Localized("كل شيء يعمل كما يجب.", "Everything works as it should."),
    "health_unwell": Localized(
        "جزء من الخادم لا يعمل: أبلغ مدير الخادم.",
        "A part of the server does not work: tell the operator of the server.",
    ),
    "health_store_unwell": Localized(
        "جزء من هذا المتجر لا يعمل.", "A part of this store does not work."
    ),
    "health_attention": Localized(
        "الخادم يعمل. أمور تحتاج إلى متابعة: {}.", "The server works. Needs attention: {}."
    ),
    "health_more": Localized("تفاصيل الحالة", "Health details"),
    "health_store": Localized("هذا المتجر", "This store"),
    "health_server": Localized("الخادم كله", "The whole server"),
    "health_server_about": Localized(
        "يشترك فيه كل متجر على هذا الخادم، ويعتني به مدير الخادم.",
        "Every store of this server shares it, and its operator looks after it.",
    ),
    "health_database": Localized("قاعدة البيانات", "Database"),
    "health_answers": Localized("الاتصال سليم", "Connected"),
    "health_silent": Localized("لا استجابة", "Does not answer"),
    "health_replica": Localized("نسخة القراءة", "Replica"),
    "health_replica_left_out": Localized(
        "لا تُستخدم الآن: القراءة من القاعدة الأصلية", "Not read now: the primary answers"
    ),
    "health_counter": Localized("عدّاد الحدود", "Counter of limits"),
    "health_counter_here": Localized("داخل عملية الخادم نفسها", "In this process"),
    "health_audit": Localized("سجل التدقيق", "Audit log"),
    "health_audit_off": Localized("متوقف بالإعدادات", "Off by a setting"),
    "health_audit_empty": Localized("لم يُختم شيء بعد", "Nothing is sealed yet"),
    "health_audit_sealed": Localized("آخر ختم", "Last sealed"),
    "health_audit_waits": Localized("عمليات لم تُختم منذ", "Entries wait to be sealed since"),
    "health_backup": Localized("آخر نسخة احتياطية", "Last backup"),
    "health_no_backup": Localized("لم تؤخذ نسخة قط", "Never taken"),
    "health_backup_taken": Localized("أُخذت", "Taken"),
    "health_backup_old": Localized("قديمة، أُخذت", "Too old, taken"),
    "health_disk": Localized("القرص", "Disk"),
    "health_disk_pass": Localized("فيه متسع", "There is room"),
    "health_disk_warn": Localized("يكاد يمتلئ", "It is nearly full"),
    "health_disk_fail": Localized("ممتلئ: تُرفض الكتابة", "Full: writes are refused"),
    "health_webhooks": Localized("إشعارات الأحداث", "Webhooks"),
    "health_webhooks_rest": Localized("لا شيء ينتظر", "Nothing waits"),
    "health_webhooks_failing": Localized(
        "الإرسال إلى بعض العناوين متعثر", "Deliveries to some endpoints fail"
    ),
    "health_webhooks_trouble": Localized(
        "عناوين متوقفة أو عمليات إرسال فاشلة", "Some are paused, or failed"
    ),
    "health_webhooks_wait": Localized("الأقدم ينتظر منذ", "The oldest waits since"),
    "health_endpoints": Localized("عناوين الاستقبال", "Endpoints"),
    "health_paused": Localized("عناوين متوقفة", "Paused endpoints"),
    "health_failing": Localized("عناوين متعثرة", "Failing endpoints"),
    "health_waiting": Localized("عمليات إرسال منتظرة", "Waiting deliveries"),
    "health_failed": Localized("عمليات إرسال فاشلة", "Failed deliveries"),
    "health_at_least": Localized("{} أو أكثر", "{} or more"),
    "health_mirror": Localized("النسخة من المتجر الأصلي", "Copy of the upstream store"),
    "health_mirror_linked": Localized("مربوطة", "Linked"),
    "health_mirror_backfilling": Localized("تُقرأ القائمة كلها", "The whole list is being read"),
    "health_mirror_live": Localized("حيّة", "Live"),
    "health_mirror_paused": Localized("متوقفة مؤقتًا", "Paused"),
    "health_mirror_degraded": Localized("متعثرة", "Degraded"),
    "health_mirror_needs_authorisation": Localized(
        "تحتاج إلى إذن جديد", "Needs a new authorisation"
    ),
    "health_mirror_halted": Localized("توقفت: حذف كثير", "Halted: too many deletions"),
    "health_versions": Localized("الإصدارات", "Versions"),
    "health_version": Localized("سجل", "Sijill"),
    "health_schema": Localized("مخطط قاعدة البيانات", "Schema of the database"),
    "health_see_webhooks": Localized("كل عناوين الاستقبال", "All endpoints"),
}
