"""The actions that an entry of the audit log may tell, each with its sentence."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from sijill.localized import Localized

Subject = Literal[
    "customer", "group", "import", "person", "app", "token", "webhook", "store", "log"
]


class Action(NamedTuple):
    """A row of the table of actions: what the ids of an entry are, and what was done to them."""

    subject: Subject
    sentence: Localized
    is_view: bool = False
    """Whether it only shows data; the level `changes` does not record such actions."""


VIEW = "customer.view"

ACTIONS: Mapping[str, Action] = {
    VIEW: Action(
        "customer",
        Localized(
            "اطّلاع على بيانات عملاء أو على سجل تغييراتهم.",
            "Viewed customers or their changes.",
        ),
        is_view=True,
    ),
    "customer.reveal": Action(
        "customer",
        Localized(
            "عرض بيانات عملاء كاملة مدة خمس دقائق.",
            "Let a person see the values of customers whole, for five minutes.",
        ),
    ),
    "customer.export": Action(
        "customer",
        Localized("تصدير كل عملاء المتجر إلى ملف.", "Wrote every customer of a store to a file."),
        is_view=True,
    ),
    "customer.create": Action("customer", Localized("إنشاء عملاء.", "Created customers.")),
    "customer.update": Action("customer", Localized("تعديل بيانات عملاء.", "Changed customers.")),
    "customer.delete": Action("customer", Localized("حذف عملاء.", "Deleted customers.")),
    "customer.send": Action(
        "customer",
        Localized(
            "إرسال عملاء إلى التطبيقات يدويًا أو مرة أخرى.",
            "Sent events of customers by hand or again.",
        ),
    ),
    "privacy.view": Action(
        "customer",
        Localized(
            "عرض بيانات محفوظة وجوبًا، أو طلبات أصحاب البيانات، أو الجهات التي استلمتها.",
            "Showed holds, requests or recipients of customers.",
        ),
        is_view=True,
    ),
    "privacy.update": Action(
        "customer",
        Localized(
            "تسجيل وجوب حفظ بيانات عميل أو طلب من صاحبها، أو إنهاؤه.",
            "Recorded or ended holds or requests of customers.",
        ),
    ),
    "group.create": Action(
        "group", Localized("إنشاء مجموعات.", "Created groups, with these fields.")
    ),
    "group.update": Action(
        "group",
        Localized(
            "تعديل مجموعات (وتعديل الشروط قد ينقل العملاء).",
            "Changed these fields of groups; conditions move customers.",
        ),
    ),
    "group.delete": Action(
        "group", Localized("حذف مجموعات وعضوياتها.", "Deleted groups, with their memberships.")
    ),
    "import.create": Action(
        "import",
        Localized("استلام ملف عملاء لاستيراده.", "Took a file of customers, and imports it."),
    ),
    "import.view": Action(
        "import",
        Localized("عرض أسماء ملفات أو صفوف مرفوضة.", "Showed names of files, or refused rows."),
        is_view=True,
    ),
    "person.view": Action(
        "person", Localized("عرض أصحاب الحسابات.", "Showed people with an account."), is_view=True
    ),
    "person.create": Action(
        "person",
        Localized("إنشاء حساب شخص.", "Made the account of a person, with these fields."),
    ),
    "person.update": Action(
        "person",
        Localized("تعديل حساب شخص.", "Changed these fields of a person's account."),
    ),
    "person.delete": Action(
        "person", Localized("حذف حساب شخص.", "Deleted the account of a person.")
    ),
    "person.invite": Action(
        "person",
        Localized("دعوة شخص إلى المتجر برابط.", "Invited a person to the store by a link."),
    ),
    "person.withdraw": Action(
        "person", Localized("إلغاء دعوة شخص.", "Withdrew the invitation of a person.")
    ),
    "person.sign_in": Action("person", Localized("تسجيل دخول شخص.", "Signed a person in.")),
    "app.create": Action("app", Localized("إنشاء تطبيقات.", "Made apps, with these fields.")),
    "app.update": Action("app", Localized("تعديل تطبيقات.", "Changed these fields of apps.")),
    "app.delete": Action(
        "app",
        Localized(
            "حذف تطبيقات من كل المتاجر مع رموزها.",
            "Deleted apps from every store, with their tokens.",
        ),
    ),
    "app.allow": Action(
        "app", Localized("السماح لتطبيقات بالوصول إلى المتجر.", "Let apps into a store.")
    ),
    "app.remove": Action(
        "app",
        Localized(
            "إزالة تطبيقات من المتجر مع رموزها واشتراكاتها.",
            "Took apps out of a store, with their tokens and webhooks.",
        ),
    ),
    "token.create": Action("token", Localized("إصدار رموز وصول.", "Issued access tokens.")),
    "token.update": Action(
        "token", Localized("تغيير موعد انتهاء رموز وصول.", "Changed when access tokens end.")
    ),
    "token.revoke": Action("token", Localized("إلغاء رموز وصول.", "Revoked access tokens.")),
    "webhook.create": Action(
        "webhook",
        Localized("اشتراك تطبيقات في أحداث.", "Subscribed apps to events, with these fields."),
    ),
    "webhook.update": Action(
        "webhook",
        Localized("تعديل اشتراكات.", "Changed these fields of subscriptions."),
    ),
    "webhook.delete": Action("webhook", Localized("إنهاء اشتراكات.", "Ended subscriptions.")),
    "store.link": Action(
        "store",
        Localized(
            "ربط متاجر بمتاجرها الأصلية، أو تجديد رموزها.",
            "Made stores copies of upstream's, or gave them new tokens.",
        ),
    ),
    "store.unlink": Action(
        "store",
        Localized(
            "إنهاء الربط بالمتجر الأصلي، وحذف ما نُسخ منه.",
            "Ended copies: what they knew of upstream is deleted.",
        ),
    ),
    "mirror.update": Action(
        "store",
        Localized(
            "إيقاف نسخة أو متابعتها أو طلب قراءتها من جديد.",
            "Paused a copy, let it go on, or had it read again, with these fields.",
        ),
    ),
    "sandbox.update": Action(
        "store",
        Localized(
            "تحريك ساعة البيئة التجريبية، أو تغيير أخطائها أو لقطاتها، أو إعادة بياناتها إلى ما "
            "كانت.",
            "Moved the clock of a sandbox, changed its faults or snapshots, or put its rows back.",
        ),
    ),
    "store.delete": Action(
        "store", Localized("حذف متجر مع كل عملائه.", "Deleted a store with all its customers.")
    ),
    "audit.view": Action(
        "log",
        Localized("عرض هذا السجل أو فحصه أو تصديره.", "Showed, verified or exported this log."),
        is_view=True,
    ),
    "audit.restore": Action(
        "log",
        Localized(
            "استعادة قاعدة البيانات من نسخة احتياطية: لا يظهر هنا ما حدث بعد أخذها.",
            "Put the register of a backup in place: entries since the backup are not in it.",
        ),
    ),
    "audit.gap": Action(
        "log",
        Localized(
            "لم تُسجَّل بعض عمليات الاطّلاع لضيق المساحة: عددها ووقت آخرها.",
            "Could not record views, for want of room: their number, until when.",
        ),
    ),
    "audit.expire": Action(
        "log", Localized("حذف قيود انتهت مدة حفظها.", "Deleted entries whose time was over.")
    ),
}
"""Every action of an entry, by its name."""
