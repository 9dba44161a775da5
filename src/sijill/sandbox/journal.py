"""The requests in the journal of a namespace."""

from base64 import b64encode
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Mapping
from typing import Annotated, Literal, Protocol

from msgspec import Struct

from sijill.openapi.keys import key
from sijill.sandbox.ring import CAPACITY, Ring

SHOWN = 64 * 1024
"""Bytes of one body in the journal, at most."""

BODIES = 16 * 2**20
"""Characters of all bodies in the journal, at most: older ones are forgotten first."""


_UTF8 = getincrementaldecoder("utf-8")


class Entry(Struct, kw_only=True):
    """One request and its answer."""

    component = "JournalEntry"

    at: Annotated[
        str,
        key(
            "الوقت الافتراضي لوصوله بتوقيت UTC.",
            "The virtual time of its arrival, in UTC.",
            format="date-time",
        ),
    ]
    id: Annotated[
        str,
        key(
            "معرّف الطلب كما في `X-Request-Id`، ونص فارغ إن لم يُرسل رد.",
            "Its id, as `X-Request-Id` has it; an empty text if no answer was made.",
        ),
    ] = ""
    op: Annotated[
        str,
        key(
            "العملية، ونص فارغ لمسار بلا عملية.",
            "The operation; an empty text for a path without an operation.",
        ),
    ]
    method: Annotated[str, key("طريقة HTTP.", "The HTTP method.")]
    path: Annotated[str, key("المسار.", "The path.")]
    query: Annotated[str, key("الاستعلام.", "The query.")]
    token: Annotated[
        str,
        key(
            "بداية SHA-256 لرمز الوصول، ونص فارغ بلا رمز.",
            "The beginning of the SHA-256 of its token; an empty text without one.",
        ),
    ]
    status: Annotated[
        int,
        key(
            "0 حتى يُرد عليه، وكذلك إن لم يُرسل رد.",
            "0 until it is answered, and if no answer was sent.",
        ),
    ] = 0
    remaining: Annotated[
        int | None,
        key(
            "المتبقي من الحد، و `null` لطلب غير محسوب.",
            "Requests that the limiter had left; `null` if no limiter counted it.",
        ),
    ] = None
    fault: Annotated[
        str | None, key("نوع الخطأ المفتعل بقاعدة.", "The kind of fault that a rule made.")
    ] = None
    body: Annotated[
        str,
        key(
            "الجسم كما وصل، ونص فارغ إن رُفض الطلب قبل وصوله.",
            "As it was received; an empty text if the request was refused before its body came.",
        ),
    ] = ""
    body_encoding: Annotated[
        Literal["text", "base64"],
        key("`base64` لجسم ليس نصًا.", "`base64` of a body that is no text in UTF-8."),
    ] = "text"
    body_cut: Annotated[
        bool,
        key(
            "هل ينقص آخر الجسم، أو نُسي كله.",
            "Whether the end of the body is missing, or all of it has been forgotten.",
        ),
    ] = False
    unread: Annotated[
        tuple[str, ...],
        key(
            "أسماء أُرسلت ولم تُقرأ: `?perpage` و `body.mobil`.",
            "The names that were sent and never read: `?perpage`, `body.mobil`.",
        ),
    ] = ()
    nearest: Annotated[
        Mapping[str, str],
        key(
            "الاسم المعروف الأقرب إلى كل اسم منها، والعملية الأقرب إلى مسار مجهول.",
            "The known name near to a name that was sent, and the operation near to an unknown "
            "one.",
        ),
    ] = {}


class Told(Protocol):
    """A request that tells its entry when somebody reads the journal."""

    is_done: bool
    """Whether it has its answer, or will have none."""

    def entry(self) -> Entry:
        """Return the entry, always the same one."""
        ...


class Journal(Ring[Told]):
    """The last requests, with so many of their bodies as there is room for."""

    def __init__(self, bodies: int = BODIES) -> None:
        super().__init__(lambda request: request.is_done, tell=lambda request: request.entry())
        self._most, self._bodies = bodies, deque[Entry]()
        self._size = 0

    def received(self, entry: Entry, body: bytes, *, whole: bool) -> None:
        """Keep the body of a request; without `whole`, `body` is the beginning of it."""
        try:
            entry.body = _UTF8().decode(body, final=whole)
        except UnicodeDecodeError:
            entry.body, entry.body_encoding = b64encode(body).decode(), "base64"
        entry.body_cut = not whole
        self._bodies.append(entry)
        self._size += len(entry.body)
        while self._size > self._most or len(self._bodies) > CAPACITY:
            self._forget(self._bodies.popleft())

    def _forget(self, entry: Entry) -> None:
        self._size -= len(entry.body)
        entry.body, entry.body_cut = "", True

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._bodies.clear()
        self._size = 0
