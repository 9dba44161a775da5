"""The words of the records of processing, in Arabic and English."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sijill.localized import Localized

TITLE = Localized("سجل أنشطة معالجة البيانات الشخصية", "Records of processing activities")
INTRODUCTION = Localized(
    "ما بين القوسين يكمله المتجر لأن برنامج سجل لا يعرفه.",
    "The store completes what stands in brackets: the register does not know it.",
)
BLANK = Localized("[يكمله المتجر]", "[to be completed]")


class Activity(NamedTuple):
    """One activity: its name, its purpose, and the tables with its data."""

    name: Localized
    purpose: Localized
    tables: tuple[str, ...]


ACTIVITIES: Sequence[Activity] = (
    Activity(
        Localized("سجل العملاء", "Register of customers"),
        Localized(
            "معرفة العملاء والتواصل معهم وخدمة طلباتهم.",
            "To know customers, to reach them and to serve their orders.",
        ),
        ("customers", "customer_terms", "deleted_customers"),
    ),
    Activity(
        Localized("المجموعات", "Groups"),
        Localized("تصنيف العملاء في مجموعات.", "To put customers into groups."),
        ("memberships",),
    ),
    Activity(
        Localized("المحافظ والنقاط", "Wallets and points"),
        Localized(
            "حساب أرصدة العملاء ونقاط ولائهم.", "To keep account of balances and loyalty points."
        ),
        ("wallet_entries", "loyalty_entries"),
    ),
    Activity(
        Localized("إعلام التطبيقات", "Telling apps"),
        Localized(
            "إعلام التطبيقات التي أذن لها المتجر بما تغيّر.",
            "To tell the apps that the store let in what has changed.",
        ),
        ("events", "deliveries", "idempotency_keys"),
    ),
    Activity(
        Localized("استيراد الملفات", "Imports"),
        Localized(
            "إدخال العملاء من ملفات المتجر.", "To bring customers in from the store's files."
        ),
        ("imports", "import_batches", "import_rejects", "import_created"),
    ),
    Activity(
        Localized("النسخة الحية من متجر آخر", "Live copy of another store"),
        Localized(
            "قراءة بيانات العملاء دون استدعاء المتجر الأصلي كل مرة.",
            "To answer about customers without asking the original store each time.",
        ),
        ("mirror_customers", "mirror_checks", "mirror_heard"),
    ),
    Activity(
        Localized("من يدير المتجر", "People who run the store"),
        Localized("تسجيل دخولهم وإذنهم للتطبيقات.", "To let them sign in and decide about apps."),
        (
            "owners",
            "owner_stores",
            "invitations",
            "sessions",
            "reveals",
            "installs",
            "authorizations",
        ),
    ),
    Activity(
        Localized("الحماية وحقوق الأشخاص", "Protection and rights"),
        Localized(
            "إثبات من اطّلع على البيانات، وتنفيذ طلبات أصحابها.",
            "To prove who saw the data, and to do what persons ask for.",
        ),
        ("audit_pending", "audit_blocks", "erasures", "holds", "privacy_requests"),
    ),
)
"""Every activity; each table that the inventory calls personal belongs to one of them."""

HEADINGS: Mapping[str, Localized] = {
    "controller": Localized("جهة التحكم", "Controller"),
    "activities": Localized("الأنشطة والأغراض", "Activities and purposes"),
    "recipients": Localized("من تصل إليهم البيانات", "Recipients"),
    "retention": Localized("مدة الحفظ", "How long data is kept"),
    "measures": Localized("تدابير الحماية", "Measures of protection"),
}
COLUMNS: Mapping[str, Localized] = {
    "store": Localized("المتجر", "store"),
    "contact": Localized("بيانات التواصل", "contact"),
    "officer": Localized("مسؤول حماية البيانات", "data protection officer"),
    "activity": Localized("النشاط", "activity"),
    "purpose": Localized("الغرض", "purpose"),
    "basis": Localized("المسوغ النظامي", "legal basis"),
    "data": Localized("البيانات", "data"),
    "erasure": Localized("عند المحو", "when a person is erased"),
    "app": Localized("التطبيق", "app"),
    "scopes": Localized("الصلاحيات", "scopes"),
    "abroad": Localized("خارج المملكة", "outside the Kingdom"),
    "class": Localized("الصنف", "class"),
    "kept": Localized("المدة", "kept for"),
    "measure": Localized("التدبير", "measure"),
}

CLASSES: Mapping[str, str] = {
    "waiting deliveries": "عمليات إرسال منتظرة",
    "events and their deliveries": "الأحداث وعمليات إرسالها",
    "idempotency keys": "مفاتيح الطلبات",
    "names of uploaded files": "أسماء الملفات المرفوعة",
    "rows of uploaded files": "صفوف الملفات المرفوعة",
    "refused rows of imports": "الصفوف المرفوضة من الملفات",
    "lists of the customers that an import created": "قوائم العملاء الذين أنشأهم ملف",
    "last values of customers that the upstream of a mirror deleted": (
        "آخر بيانات عملاء حُذفوا في المتجر الأصلي لنسخة حية"
    ),
    "changes of all customers of a selection": "تغييرات على كل من يطابق اختيارًا",
    "webhooks that a mirror heard": "إشعارات وصلت إلى نسخة حية من متجرها الأصلي",
    "figures of how fresh and how complete a mirror was": "أرقام حداثة النسخ الحية واكتمالها",
    "numbers of requests by app and ten minutes": "أعداد الاستدعاءات لكل تطبيق كل عشر دقائق",
    "OAuth codes, used or not": "رموز OAuth، استُخدمت أم لا",
    "refresh tokens, used or not": "رموز التجديد، استُخدمت أم لا",
    "sessions of people": "جلسات من يدير المتجر",
    "which people see values whole": "أذون الاطلاع على القيم كاملة",
    "set-up links": "روابط الإعداد الأول",
    "invitations to a store: a name, an e-mail and a link": "دعوات المتجر: اسم وبريد ورابط",
    "entries of the audit log: ids and names of fields alone": (
        "قيود سجل التدقيق: أرقام تعريفية وأسماء حقول فقط"
    ),
    "old states of the database, from before migrations and restores": (
        "الحالات السابقة لقاعدة البيانات، قبل الترقية وقبل الاستعادة"
    ),
}
"""The classes of `retention` in Arabic."""


class Counted(NamedTuple):
    """A noun of time in Arabic, as it follows numbers."""

    one: str
    two: str
    few: str
    many: str


COUNTED: Mapping[str, Counted] = {
    "hours": Counted("ساعة", "ساعتان", "ساعات", "ساعة"),
    "days": Counted("يوم", "يومان", "أيام", "يومًا"),
}
NO_LONGER = Localized("لا تُحفظ بعد انتهائها", "no longer")
REST = Localized("كل ما عدا ذلك: إلى أن يُحذف", "everything else: until it is deleted")

MEASURES: Sequence[Localized] = (
    Localized(
        "لا يصل تطبيق إلا إلى متجر رمزه، وبالصلاحيات التي أُذن له بها.",
        "An app reaches the store of its token alone, within the scopes that it was given.",
    ),
    Localized(
        "الرموز محفوظة ببصمة SHA-256، وكلمات المرور بـ Argon2id، والأسرار مشفرة بـ AES-256-GCM.",
        "Tokens are stored as SHA-256, passwords as Argon2id, secrets sealed with AES-256-GCM.",
    ),
    Localized(
        "لا أسماء ولا أرقام جوال ولا بريد ولا رموز في السجلات.",
        "No name, mobile, e-mail or token reaches a log.",
    ),
    Localized(
        "سجل تدقيق متسلسل يبيّن من اطّلع على البيانات أو غيّرها.",
        "An audit log, chained by hashes, tells who saw or changed data.",
    ),
    Localized(
        "المحذوف يُكتب فوقه في ملف SQLite، ومن مُحي لا يعيده ملف ولا نسخة قديمة.",
        "What is deleted is overwritten in a SQLite file; no file and no old copy brings an "
        "erased person back.",
    ),
)
