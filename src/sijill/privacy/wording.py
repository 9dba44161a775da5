"""The words of the documents about one person, in Arabic and English."""

from collections.abc import Mapping

from sijill.customers.fields import COLUMNS
from sijill.localized import Language, Localized

TITLE = Localized("البيانات المحفوظة عن شخص", "The data kept of a person")
INTRODUCTION = Localized(
    "هذه نسخة من كل ما يحفظه المتجر عن صاحبها، كما كانت في الوقت المذكور.",
    "This is a copy of everything that the store keeps of the person, as it was at the time below.",
)
STORE = Localized("المتجر", "Store")
PERSON = Localized("رقم العميل", "Customer")
MADE_AT = Localized("وقت النسخة", "Made at")
NOTHING = Localized("لا شيء محفوظ هنا.", "Nothing is kept here.")

SECTIONS: Mapping[str, Localized] = {
    "profile": Localized("الملف الشخصي والحظر", "Profile and ban"),
    "groups": Localized("المجموعات", "Groups"),
    "wallet": Localized("المحفظة (بأصغر وحدة من العملة)", "Wallet (in the smallest unit)"),
    "points": Localized("نقاط الولاء", "Loyalty points"),
    "events": Localized("الأحداث", "Events"),
    "deliveries": Localized("ما أُرسل إلى التطبيقات", "Deliveries to apps"),
    "idempotency_keys": Localized("مفاتيح الطلبات", "Keys of requests"),
    "imports": Localized("الملفات التي أُنشئ منها", "Files that created the customer"),
    "uploaded_rows": Localized("صفوف ملفات تنتظر", "Rows of files that wait"),
    "refused_rows": Localized("صفوف ملفات مرفوضة", "Refused rows of files"),
    "holds": Localized("أسباب وجوب الحفظ", "Holds"),
    "requests": Localized("طلبات صاحب البيانات", "Requests of the person"),
    "audit": Localized("من اطّلع على البيانات أو غيّرها", "Who saw or changed the data"),
}
"""The sections of the document, in its order."""

_OTHERS: Mapping[str, Localized] = {
    "source": Localized("السبب", "Source"),
    "number": Localized("رقم الحركة", "Number"),
    "amount": Localized("المبلغ", "Amount"),
    "balance": Localized("الرصيد", "Balance"),
    "points": Localized("النقاط", "Points"),
    "reason": Localized("السبب", "Reason"),
    "app": Localized("التطبيق", "App"),
    "at": Localized("الوقت", "Time"),
    "event": Localized("الحدث", "Event"),
    "body": Localized("المحتوى", "Content"),
    "url": Localized("العنوان", "Address"),
    "state": Localized("الحالة", "State"),
    "attempts": Localized("المحاولات", "Attempts"),
    "status": Localized("حالة HTTP", "HTTP status"),
    "key": Localized("المفتاح", "Key"),
    "done_at": Localized("نُفّذ في", "Done at"),
    "file": Localized("الملف", "File"),
    "import": Localized("رقم الملف", "File"),
    "line": Localized("السطر", "Line"),
    "cells": Localized("الخلايا", "Cells"),
    "begun_at": Localized("من", "From"),
    "ends_at": Localized("إلى", "Until"),
    "kind": Localized("النوع", "Kind"),
    "opened_at": Localized("ورد في", "Opened at"),
    "due_at": Localized("مستحق في", "Due at"),
    "closed_at": Localized("أُغلق في", "Closed at"),
    "outcome": Localized("النتيجة", "Outcome"),
    "name": Localized("الاسم", "Name"),
    "action": Localized("الفعل", "Action"),
    "actor": Localized("الفاعل", "Actor"),
    "through": Localized("الطريق", "Through"),
    "fields": Localized("الحقول", "Fields"),
    "id": Localized("الرقم", "Id"),
}

CONFIRM = Localized(
    "هل تُمحى بيانات العميل {id} من متجر {store}؟ لا رجعة في ذلك.",
    "Erase customer {id} of the store {store}? Nothing brings the data back.",
)
KEPT_BACK = Localized(
    "لا تُمحى بياناته قبل {until}. السبب: {reason}",
    "the data must stay until {until}: {reason}",
)
ERASED = Localized("مُحي العميل {id}. الصفوف: {rows}", "Customer {id} is erased. Rows: {rows}")
CLEAN = Localized(
    "بُحث في الجداول والملفات عن: {fields}. لم يبق شيء.",
    "Tables and files were searched for: {fields}. Nothing is left.",
)
LEFT = Localized("بقي {field} في: {place}", "{field} is still in: {place}")
NOT_TOLD_APART = Localized(
    "لم يُبحث عن قيم يشاركه فيها عملاء آخرون: {fields}",
    "Not searched, because other customers have the same: {fields}",
)
TOO_SHORT = Localized(
    "لم يُبحث عن قيم أقصر من أن تدل: {fields}", "Not searched, because they are short: {fields}"
)
LIMITS: Mapping[str, Localized] = {
    "sqlite": Localized(
        "كُتب فوق الصفوف المحذوفة وأُفرغ سجل SQLite. النسخ خارج مجلد البيانات لم يُبحث فيها.",
        "Deleted rows are overwritten, and SQLite's log is empty. Copies outside the data folder "
        "were not searched.",
    ),
    "postgres": Localized(
        "نُفّذ VACUUM. يبقى أثر في سجل الكتابة لخادم PostgreSQL ونسخه وأرشيفه إلى أن تُدوَّر.",
        "VACUUM was done. The write-ahead log of PostgreSQL, its archive, replicas and backups "
        "hold the rows until they are recycled.",
    ),
    "log": Localized(
        "سجل SQLite مستخدم الآن فلم يُفرغ: يُفرغه الخادم خلال دقيقة، ثم أعد البحث في الملفات.",
        "SQLite's log is in use and not empty: a server empties it within a minute. Search the "
        "files again then.",
    ),
}


def label(column: str, language: Language) -> str:
    """Return the words for a column of the document."""
    if column in _OTHERS:
        return _OTHERS[column].render(language)
    field = COLUMNS.get(column)
    if language == "ar" and field is not None and field.headings:
        return field.headings[0]
    return column.replace("_", " ").capitalize()
