"""The words of the pages of webhooks."""

from sijill.localized import Localized

WORDS = {
    "nav_webhooks": Localized("إشعارات الأحداث", "Webhooks"),
    "webhooks_about": Localized(
        "العناوين التي تستقبل أحداث المتجر، وما أُرسل إلى كل منها.",
        "The addresses that receive the store's events, and what was sent to each.",
    ),
    "webhooks_empty": Localized("لا يوجد اشتراك بعد", "No subscription yet"),
    "webhooks_empty_why": Localized(
        "يظهر هنا كل عنوان يسجّله تطبيق لاستقبال أحداث المتجر.",
        "Each address that an app registers for events of the store appears here.",
    ),
    "webhooks_name": Localized("الاسم", "Name"),
    "webhooks_event": Localized("الحدث", "Event"),
    "webhooks_app": Localized("التطبيق", "App"),
    "webhooks_url": Localized("العنوان", "Address"),
    "webhooks_state": Localized("الحالة", "State"),
    "webhooks_is_works": Localized("يعمل", "Working"),
    "webhooks_is_failing": Localized("متعثر", "Failing"),
    "webhooks_is_paused_gone": Localized(
        "متوقف: العنوان لم يعد موجودًا", "Paused: the address is gone"
    ),
    "webhooks_is_paused_failing": Localized(
        "متوقف: تكرر فشل الإرسال إليه مدة طويلة", "Paused: it failed for too long"
    ),
    "webhooks_is_paused_sealed": Localized(
        "متوقف: السر مشفّر بمفتاح آخر", "Paused: its secret is sealed under another key"
    ),
    "webhooks_is_paused_stopped": Localized(
        "متوقف: أوقفه مدير الخادم", "Paused: the operator stopped it"
    ),
    "webhooks_is_paused_no_grant": Localized(
        "متوقف: إذن التطبيق لم يعد ساريًا", "Paused: its app has no valid authorization"
    ),
    "webhooks_rule": Localized("الشرط", "Rule"),
    "webhooks_proof": Localized("التحقق من المصدر", "Security"),
    "webhooks_proof_signature": Localized("توقيع", "Signature"),
    "webhooks_proof_token": Localized("رمز", "Token"),
    "webhooks_proof_none": Localized("دون تحقق", "No proof"),
    "webhooks_headers": Localized("ترويسات إضافية", "Additional headers"),
    "webhooks_created": Localized("تاريخ الإنشاء", "Created"),
    "webhooks_resume": Localized("استئناف الإرسال", "Resume"),
    "webhooks_newest": Localized("الأحدث أولًا", "The newest first"),
    "webhooks_to_newest": Localized("إلى الأحدث", "To the newest"),
    "webhooks_deliveries": Localized("عمليات الإرسال", "Deliveries"),
    "webhooks_all": Localized("الكل", "All"),
    "webhooks_delivered": Localized("وصلت", "Delivered"),
    "webhooks_waiting": Localized("بانتظار الإرسال", "Waiting"),
    "webhooks_failed": Localized("فشلت", "Failed"),
    "webhooks_no_deliveries": Localized("لا توجد عمليات إرسال", "No deliveries here"),
    "webhooks_no_deliveries_why": Localized(
        "تظهر عمليات الإرسال عند وقوع الأحداث.", "Deliveries appear when the event happens."
    ),
    "webhooks_delivery": Localized("الإرسال", "Delivery"),
    "webhooks_event_id": Localized("معرّف الحدث", "Event id"),
    "webhooks_at": Localized("الوقت", "Time"),
    "webhooks_attempts": Localized("المحاولات", "Attempts"),
    "webhooks_answer": Localized("آخر رد", "Last answer"),
    "webhooks_error_blocked": Localized("عنوان غير مسموح به", "Address not allowed"),
    "webhooks_error_target": Localized("عنوان غير صالح", "Address not valid"),
    "webhooks_error_resolve": Localized("اسم الخادم غير معروف", "Host not found"),
    "webhooks_error_connect": Localized("تعذّر الاتصال", "No connection"),
    "webhooks_error_tls": Localized("تعذّر الاتصال المشفّر", "No encrypted connection"),
    "webhooks_error_timeout": Localized("انتهت المهلة", "Timed out"),
    "webhooks_error_protocol": Localized("رد غير مفهوم", "Answer not understood"),
    "webhooks_error_internal": Localized("خطأ في هذا الخادم", "Fault of this server"),
    "webhooks_error_expired": Localized("مضى وقت الإرسال", "Too old to be sent"),
    "webhooks_error_sealed": Localized("تعذّر فتح السر", "Secret sealed under another key"),
    "webhooks_tried": Localized("المحاولات المنفّذة", "Attempts that were sent"),
    "webhooks_began": Localized("وقت المحاولة", "Sent"),
    "webhooks_answered": Localized("الرد", "Answer"),
    "webhooks_took": Localized("المدة (مللي ثانية)", "Milliseconds"),
    "webhooks_untried": Localized("لم تُرسل أي محاولة بعد.", "No attempt was sent yet."),
    "webhooks_next": Localized("المحاولة التالية", "Next attempt"),
    "webhooks_body": Localized("المحتوى المُرسل", "Body"),
    "webhooks_masked": Localized(
        "القيم الشخصية مخفية. لرؤيتها اختر «إظهار القيم كاملة» في صفحة العميل، ثم عُد إلى هنا.",
        "Personal values are masked. To see them, choose “Show complete values” on the customer's "
        "page, then return here.",
    ),
    "webhooks_erased": Localized(
        "حُذف العميل، فحُذف معه محتوى الإرسال، ولم يبق ما يُرسل.",
        "The customer was deleted, and the body with it. Nothing is left to send.",
    ),
    "webhooks_redeliver": Localized("إعادة الإرسال", "Send again"),
    "webhooks_redeliver_hint": Localized(
        "تُرسل إعادة الإرسال المحتوى نفسه بالمعرّف نفسه، وتبدأ المحاولات من جديد.",
        "Sending again sends the same bytes under the same id, and the attempts start over.",
    ),
    "webhooks_endpoint": Localized("العنوان", "The endpoint"),
    "webhooks_test": Localized("إرسال حدث تجريبي", "Send a test event"),
    "webhooks_test_why": Localized(
        "يُرسل الحدث كأنه حقيقي إلى كل عنوان في المتجر مشترك فيه، دون أن تتغير بيانات العميل. "
        "ولا تضع سلة علامة تميّز الحدث التجريبي، فاختر عميلًا تعرفه.",
        "The event is sent like a real one, to every endpoint of the store that listens to it. The "
        "customer does not change. Salla does not mark test events, so choose a customer whom you "
        "know.",
    ),
    "webhooks_test_customer": Localized("رقم العميل", "Id of a customer"),
    "webhooks_test_customer_hint": Localized(
        "تُرسل بيانات هذا العميل. والرقم المكتوب رقم أحدث عميل.",
        "The data of this customer are sent. The id is that of the newest customer.",
    ),
    "webhooks_test_send": Localized("إرسال", "Send"),
    "webhooks_test_no_event": Localized(
        "هذا العنوان لا يستقبل هذا الحدث.", "The endpoint does not listen to this event."
    ),
    "webhooks_test_no_customer": Localized(
        "لا عميل في المتجر بهذا الرقم.", "No customer of the store has this id."
    ),
    "webhooks_test_no_contact": Localized(
        "ليس لهذا العميل جوال ولا بريد لإرسال رمز التحقق إليه.",
        "The customer has neither mobile nor e-mail for the code.",
    ),
    "done_webhook_tested": Localized(
        "أُطلق الحدث التجريبي، ويصل خلال ثوانٍ.", "The test event happened, and is sent in seconds."
    ),
    "done_webhook_sent": Localized("سيُعاد الإرسال الآن.", "The delivery is sent again now."),
    "done_webhook_resumed": Localized("استؤنف الإرسال.", "The webhook is resumed."),
}
