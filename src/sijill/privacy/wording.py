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
    "through": Localized("عبر", "Through"),
    "fields": Localized("الحقول", "Fields"),
    "id": Localized("الرقم", "Id"),
    "deleted_at": Localized("حُذف في", "Deleted at"),
    "customer_id": Localized("رقم العميل", "Customer"),
    "days_left": Localized("الأيام الباقية", "Days left"),
    "active": Localized("سارٍ", "Active"),
    "token_id": Localized("رقم الرمز", "Token"),
    "store_id": Localized("رقم المتجر", "Store"),
    "persons": Localized("عدد الأشخاص", "Persons"),
    "webhook_id": Localized("رقم الإشعار", "Webhook"),
    "since": Localized("منذ", "Since"),
    "until": Localized("حتى", "Until"),
    "received": Localized("وصل", "Received"),
    "perhaps": Localized("ربما وصل", "Perhaps"),
    "whole_store": Localized("المتجر كله", "Whole store"),
    "wallet_balance": Localized("رصيد المحفظة", "Wallet"),
    "held": Localized("محفوظ وجوبًا", "On hold"),
    "stays": Localized("يبقى", "Stays"),
    "first_at": Localized("أول مرة", "First at"),
    "last_at": Localized("آخر مرة", "Last at"),
}

STATES: Mapping[str, Localized] = {
    "open": Localized("قائم", "open"),
    "overdue": Localized("تجاوز موعده", "overdue"),
    "closed": Localized("مغلق", "closed"),
}
"""How a request of a person stands."""

NO_CUSTOMER = Localized("ليس في المتجر عميل رقمه {id}", "the store has no customer {id}")
HOLD_SET = Localized(
    "لا تُحذف بيانات العميل {customer_id} قبل {ends_at:%Y-%m-%d}. السبب: {why}",
    "customer {customer_id} is on hold until {ends_at:%Y-%m-%d}: {why}",
)
HOLD_ENDED = Localized(
    "لم يعد حفظ بيانات العميل {customer_id} واجبًا.", "customer {customer_id} is no longer on hold"
)
NO_HOLD = Localized("لا شيء يوجب حفظ بيانات العميل {id}", "no hold is on customer {id}")
MOMENT_OVER = Localized("--until: هذا الوقت مضى", "--until: the moment is over")
MOMENT_TO_COME = Localized("--at: هذا الوقت لم يحن", "--at: the moment is yet to come")
REQUEST_OPENED = Localized(
    "سُجّل الطلب {id}: {what} موعده {due_at:%Y-%m-%d}",
    "request {id} is due on {due_at:%Y-%m-%d}: {what}",
)
REQUEST_CLOSED = Localized("أُغلق الطلب {id}: {how}", "request {id} is closed: {how}")
NO_REQUEST = Localized(
    "لا يوجد طلب قائم رقمه {id}: انظر sijill privacy requests list",
    "there is no open request {id}: see sijill privacy requests list",
)
BREACH = Localized(
    "عدد الأشخاص المذكورين بأرقامهم: {persons}", "{persons} persons named by their ids"
)
BREACH_WHOLE = Localized("، وكل عملاء المتجر {stores}", ", and every customer of store {stores}")
BREACH_AT_MOST = Localized(
    "قد يبلغ العدد {persons_at_most}: بعض ما أُرسل إلى إشعارات الأحداث لم يعد محفوظًا.",
    "It may be up to {persons_at_most}: some deliveries of webhooks are no longer kept.",
)
BREACH_TOKEN_WORKS = Localized(
    "ما زال الرمز صالحًا: sijill token revoke", "The token still works: sijill token revoke"
)
BREACH_SIBLINGS = Localized(
    "رموز أخرى من الإذن نفسه: {same_consent}. إن سُرق رمز التجديد أيضًا فاحسب كلًا منها بـ --token",
    "Other tokens of the same consent: {same_consent}. If the refresh token was stolen too, count "
    "each of them with --token",
)
BREACH_OPEN = Localized(
    "ما زالت الأحداث تُرسل إلى عناوين في القائمة: يوقفها --stop-webhooks",
    "Events still go to addresses of the list: --stop-webhooks pauses them",
)
BREACH_STOPPED = Localized("أُوقفت إشعارات الأحداث: {stopped}", "Stopped webhooks: {stopped}")
CONFIRM_STOP = Localized(
    "هل تُوقف إشعارات الأحداث {ids}؟ يستأنفها sijill webhook resume",
    "Stop the webhooks {ids}? sijill webhook resume lets one go on",
)
LEAK_STATES: Mapping[str, Localized] = {
    "open": Localized("مفتوح", "open"),
    "paused": Localized("متوقف", "paused"),
    "ended": Localized("انتهى", "ended"),
}
"""The state of a webhook in the report of a breach."""
NAME_A_TOKEN = Localized(
    "حدد رمزًا، أو وقتًا بـ --since أو --until", "name a token, or a time by --since or --until"
)
DELETED_BEFORE = Localized(
    "حُذف العميل {id} في {at:%Y-%m-%d}، ولا يُحفظ اسمه ولا جواله ولا بريده. مُحيت الصفوف التي "
    "تذكر رقمه: {rows}",
    "Customer {id} was deleted on {at:%Y-%m-%d}: no name, mobile or e-mail is kept. Rows that "
    "named the id are erased: {rows}",
)
NOT_SEARCHED = Localized(
    "لا تُعرف أي قيمة من بياناته، فلم يُبحث عنها في الجداول والملفات.",
    "No value of the person is known any more, so tables and files were not searched.",
)
INACTIVE = Localized(
    "العملاء: {count}، يبقى منهم: {kept}. لم يُمحَ أحد: يمحوهم --erase",
    "{count} customer(s), of whom {kept} stay. Nobody is erased: --erase does that",
)
INACTIVE_ERASED = Localized(
    "العملاء: {count}، بقي منهم: {kept}، ومُحي: {erased}",
    "{count} customer(s), of whom {kept} stay; {erased} erased",
)
CONFIRM_INACTIVE = Localized(
    "هل تُمحى بيانات عملاء عددهم {count}؟ لا رجعة في ذلك.",
    "Erase {count} customer(s)? Nothing brings the data back.",
)
NO_ROWS = Localized("لا شيء", "no row")

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
