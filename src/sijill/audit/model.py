"""The entries of the audit log: their actions, causes and reasons, and the filter of a search."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from sijill.localized import Localized

Level = Literal["all", "changes", "off"]
Subject = Literal[
    "customer", "group", "import", "person", "app", "token", "webhook", "store", "log"
]
Kind = Literal["app", "person", "operator", "server"]
Through = Literal["api", "page", "cli", "import", "server"]


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
            "اطّلاع على عملاء أو على تغييراتهم.", "Showed customers, or changes of customers."
        ),
        is_view=True,
    ),
    "customer.reveal": Action(
        "customer",
        Localized(
            "إظهار بيانات عملاء كاملة لشخص مدة خمس دقائق.",
            "Let a person see the values of customers whole, for five minutes.",
        ),
    ),
    "customer.export": Action(
        "customer",
        Localized("تصدير كل عملاء المتجر إلى ملف.", "Wrote every customer of a store to a file."),
        is_view=True,
    ),
    "customer.create": Action(
        "customer", Localized("إنشاء عملاء بهذه الحقول.", "Created customers, with these fields.")
    ),
    "customer.update": Action(
        "customer", Localized("تغيير هذه الحقول لعملاء.", "Changed these fields of customers.")
    ),
    "customer.delete": Action("customer", Localized("حذف عملاء.", "Deleted customers.")),
    "customer.send": Action(
        "customer",
        Localized(
            "إرسال عملاء إلى التطبيقات يدويًا أو مرة أخرى.",
            "Sent customers to apps by hand, or once more.",
        ),
    ),
    "privacy.view": Action(
        "customer",
        Localized(
            "عرض تجميد بيانات عملاء أو طلباتهم أو من استلم بياناتهم.",
            "Showed holds, requests or recipients of customers.",
        ),
        is_view=True,
    ),
    "privacy.update": Action(
        "customer",
        Localized(
            "تسجيل تجميد بيانات عملاء أو طلباتهم أو إنهاؤه.",
            "Recorded or ended holds or requests of customers.",
        ),
    ),
    "group.create": Action(
        "group", Localized("إنشاء مجموعات بهذه الحقول.", "Created groups, with these fields.")
    ),
    "group.update": Action(
        "group",
        Localized(
            "تغيير هذه الحقول لمجموعات، والشروط تنقل العملاء.",
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
        Localized(
            "إنشاء حساب شخص بهذه الحقول.", "Made the account of a person, with these fields."
        ),
    ),
    "person.update": Action(
        "person",
        Localized("تغيير هذه الحقول لحساب شخص.", "Changed these fields of a person's account."),
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
    "app.create": Action(
        "app", Localized("إنشاء تطبيقات بهذه الحقول.", "Made apps, with these fields.")
    ),
    "app.update": Action(
        "app", Localized("تغيير هذه الحقول لتطبيقات.", "Changed these fields of apps.")
    ),
    "app.delete": Action(
        "app",
        Localized(
            "حذف تطبيقات من كل المتاجر مع رموزها.",
            "Deleted apps from every store, with their tokens.",
        ),
    ),
    "app.allow": Action("app", Localized("السماح لتطبيقات بدخول متجر.", "Let apps into a store.")),
    "app.remove": Action(
        "app",
        Localized(
            "إخراج تطبيقات من متجر مع رموزها وإشعاراتها.",
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
        Localized(
            "اشتراك تطبيقات في أحداث بهذه الحقول.", "Subscribed apps to events, with these fields."
        ),
    ),
    "webhook.update": Action(
        "webhook",
        Localized("تغيير هذه الحقول لاشتراكات.", "Changed these fields of subscriptions."),
    ),
    "webhook.delete": Action("webhook", Localized("إنهاء اشتراكات.", "Ended subscriptions.")),
    "store.link": Action(
        "store",
        Localized(
            "جعل متاجر نسخًا من متاجر المصدر، أو تجديد رموزها.",
            "Made stores copies of upstream's, or gave them new tokens.",
        ),
    ),
    "store.unlink": Action(
        "store",
        Localized(
            "إنهاء نسخ، وحذف ما عُرف من المصدر.",
            "Ended copies: what they knew of upstream is deleted.",
        ),
    ),
    "mirror.update": Action(
        "store",
        Localized(
            "إيقاف نسخة أو متابعتها أو طلب قراءتها من جديد، بهذه الحقول.",
            "Paused a copy, let it go on, or had it read again, with these fields.",
        ),
    ),
    "sandbox.update": Action(
        "store",
        Localized(
            "تحريك ساعة بيئة التجربة، أو تغيير أخطائها أو لقطاتها، أو إعادة بياناتها إلى ما كانت.",
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
            "استعادة السجل من نسخة احتياطية: لا يظهر فيه ما حدث بعدها.",
            "Put the register of a backup in place: entries since the backup are not in it.",
        ),
    ),
    "audit.gap": Action(
        "log",
        Localized(
            "تعذّر تسجيل اطّلاعات لضيق المكان: عددها، وحتى متى.",
            "Could not record views, for want of room: their number, until when.",
        ),
    ),
    "audit.expire": Action(
        "log", Localized("حذف قيود انتهت مدة حفظها.", "Deleted entries whose time was over.")
    ),
}
"""Every action of an entry, by its name."""

REASONS: Mapping[str, Localized] = {
    "request": Localized("طلب من العميل نفسه.", "The customer asked for it."),
    "support": Localized("الرد على سؤال للعميل.", "A question of the customer is answered."),
    "correction": Localized("تصحيح بيانات خاطئة.", "Wrong data is being corrected."),
    "dispute": Localized("نزاع على دفعة أو طلب.", "A payment or an order is disputed."),
    "fraud": Localized("التحقق من شبهة احتيال.", "A suspicion of fraud is being examined."),
    "law": Localized("طلب من جهة رسمية أو محكمة.", "An authority or a court asked for it."),
    "operation": Localized(
        "تشغيل السجل: نقله أو إصلاحه أو اختباره.",
        "The register is being operated: moved, repaired or tested.",
    ),
}
"""Every reason that an entry may name."""

_TICKET = re.compile(r"[A-Z]{1,10}-[0-9]{1,10}", re.ASCII)


class Cause(NamedTuple):
    """The actor, the channel and the reason: the same for every entry of one request or command."""

    kind: Kind
    actor: int = 0
    """The id of the app or the person; 0 for the operator and the server."""
    token: int = 0
    """The id of the app's access token; 0 without one."""
    through: Through = "server"
    by: str = ""
    """The path template of the route, the words of the command, the import, or the group."""
    request: str = ""
    """The id of the request; "" outside requests."""
    reason: str = ""
    """A row of REASONS, or ""."""
    ticket: str = ""
    """As `parse_ticket` reads it, or ""."""


SERVER = Cause("server")
"""The cause of a change that nobody asked for at that moment."""


def operator(command: str, reason: str = "", ticket: str = "") -> Cause:
    """Return the cause of a command, such as `export`."""
    return Cause("operator", through="cli", by=command, reason=reason, ticket=ticket)


class Entry(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One entry: ids and names of fields, and never a value of a field."""

    at: int
    """When, in microseconds of the UTC epoch; of several views, the first."""
    action: str
    """A row of ACTIONS."""
    kind: Kind
    actor: int = 0
    token: int = 0
    through: Through = "server"
    by: str = ""
    store: int = 0
    """The id of the store; 0 outside stores."""
    ids: tuple[int, ...] = ()
    """The ids of the subjects; of views in one entry, those of all requests in order."""
    whole: bool = False
    """Whether every customer of the store is meant, and not those of `ids` alone."""
    fields: tuple[str, ...] = ()
    count: int = 0
    """How many subjects, where `ids` does not name them."""
    until: int = 0
    """When the last of them was, where that is told."""
    requests: tuple[str, ...] = ()
    """The ids of the requests."""
    reason: str = ""
    ticket: str = ""

    @property
    def subject(self) -> Subject:
        """The kind of `ids`."""
        return ACTIONS[self.action].subject


class DamagedEntry(ValueError):
    """A line of the log is not as Sijill writes it."""

    def __init__(self) -> None:
        super().__init__("a line of the audit log is damaged: see sijill audit verify")


_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """Return the line of an entry, without a newline."""
    return _encoder.encode(entry)


def decode(line: bytes) -> Entry:
    """Return the entry of a line. Raises: DamagedEntry."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise DamagedEntry from fault


def caused(
    cause: Cause,
    at: int,
    action: str,
    store: int = 0,
    ids: Sequence[int] = (),
    fields: Sequence[str] = (),
    *,
    whole: bool = False,
    count: int = 0,
) -> Entry:
    """Return the entry of something that a cause did."""
    return Entry(
        at=at,
        action=action,
        kind=cause.kind,
        actor=cause.actor,
        token=cause.token,
        through=cause.through,
        by=cause.by,
        store=store,
        ids=tuple(ids),
        whole=whole,
        fields=tuple(fields),
        count=count,
        requests=(cause.request,) if cause.request else (),
        reason=cause.reason,
        ticket=cause.ticket,
    )


class EntryFilter(NamedTuple):
    """The filter of a search: None selects all. Times are in microseconds of the UTC epoch."""

    since: int | None = None
    until: int | None = None
    """The first moment that is not meant any more."""
    store: int | None = None
    customer: int | None = None
    kind: Kind | None = None
    actor: int | None = None
    token: int | None = None
    action: str | None = None

    def matches(self, entry: Entry) -> bool:
        """Return whether an entry is meant. An entry about a whole store is about each customer."""
        equal = (
            (self.store, entry.store),
            (self.kind, entry.kind),
            (self.actor, entry.actor),
            (self.token, entry.token),
            (self.action, entry.action),
        )
        return (
            all(wanted is None or wanted == found for wanted, found in equal)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and (self.customer is None or _is_about(entry, self.customer))
        )


def _is_about(entry: Entry, customer_id: int) -> bool:
    return entry.subject == "customer" and (entry.whole or customer_id in entry.ids)


def parse_ticket(text: str) -> str:
    """
    Return the number of a ticket, such as HELP-1234: no text that could hold a name.

    Raises: ValueError.
    """
    if _TICKET.fullmatch(text) is None:
        raise ValueError("write up to 10 capital letters, a hyphen and up to 10 digits: HELP-1234")
    return text


def parse_actor(text: str) -> tuple[Kind | None, int | None, int | None]:
    """
    Return the kind, the actor and the token that `app:7`, `token:9` or `operator` stand for.

    Raises: ValueError.
    """
    kind, colon, number = text.partition(":")
    if not colon and kind in ("operator", "server"):
        return ("operator" if kind == "operator" else "server"), None, None
    if not number.isascii() or not number.isdigit() or kind not in ("app", "person", "token"):
        raise ValueError("write app:ID, token:ID, person:ID, operator or server")
    if kind == "token":
        return "app", None, int(number)
    return ("app" if kind == "app" else "person"), int(number), None
