"""The bodies of the control API: JSON, and refusals as `application/problem+json`."""

from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Struct

from sijill.errors import Fault
from sijill.http.errors import KINDS
from sijill.http.request import Request, Response
from sijill.http.sentences import SENTENCES
from sijill.localized import Localized
from sijill.openapi.keys import key

PROBLEM = "application/problem+json"


class Refusal(NamedTuple):
    """One reason why a control call is refused. Its text has no capital letter and no full stop."""

    status: int
    text: Localized


NOT_JSON = Refusal(400, Localized("جسم الطلب ليس JSON", "the body is not JSON"))
NO_TOKEN = Refusal(
    401,
    Localized(
        "يلزم رمز المدير، أو رمز التحكم الخاص بمساحة الاختبار",
        "a control call needs the admin token, or the namespace's own",
    ),
)
OTHER_HOST = Refusal(
    403,
    Localized(
        "ليس في ترويسة `Host` اسم لهذه البيئة التجريبية: يضيفه الإعداد `allowed_hosts`",
        "the Host header is not a name of this sandbox: the setting allowed_hosts adds it",
    ),
)
OTHER_ORIGIN = Refusal(
    403,
    Localized("ترويسة `Origin` لموقع آخر", "the Origin header is of another site"),
)
NO_NAMESPACE = Refusal(
    404, Localized("لا توجد مساحة اختبار بهذا الاسم", "there is no such namespace")
)
NO_CALL = Refusal(404, Localized("لا يوجد طلب تحكم كهذا", "there is no such control call"))
NO_METHOD = Refusal(
    405, Localized("لا يقبل هذا المسار هذه الطريقة", "the path does not allow this method")
)
TOO_MANY = Refusal(
    409,
    Localized("بلغ العدد أقصى ما يُسمح به", "there are as many as the sandbox allows"),
)
BAD_BODY = Refusal(
    422,
    Localized(
        "في جسم الطلب مفتاح أو قيمة لا تُقبل، والرد يسمّيها",
        "the body has a key or a value that is not accepted: the answer names it",
    ),
)


def refusal_of(fault: Fault) -> Refusal:
    """Return the refusal for a fault of the server: a body that does not arrive, for example."""
    code = fault.code if fault.code in SENTENCES else Fault.code
    sentences = SENTENCES[code]
    return Refusal(KINDS[code].status, Localized(sentences["ar"], sentences["en"]))


class Problem(Exception):
    """A control call that is refused."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        """`detail` is a sentence with values in the place of the refusal's own."""
        super().__init__(detail or refusal.text.en)
        self.status, self.detail = refusal.status, detail or refusal.text.en


class ProblemAnswer(Struct):
    """The body of a refusal. Source: RFC 9457."""

    component = "Problem"
    words = Localized("سبب رفض طلب التحكم (RFC 9457).", "Why a control call is refused (RFC 9457).")

    status: Annotated[int, key("رقم حالة HTTP أيضًا.", "The HTTP status.")]
    title: Annotated[str, key("اسم الحالة.", "The name of the status.")]
    detail: Annotated[str, key("جملة بالإنجليزية عن السبب.", "A sentence on the reason.")]


def decoded(request: Request, kind: Any) -> Any:
    """Return the body of a request, {} for an empty one. Raises: Problem."""
    try:
        return msgspec.json.decode(request.content.read() or b"{}", type=kind)
    except msgspec.ValidationError as fault:
        raise Problem(BAD_BODY, str(fault)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Problem(NOT_JSON) from None


def json_answer(status: int, result: Any, media_type: str = "application/json") -> Response:
    """Return an answer of the control API, without a body for None."""
    body = b"" if result is None else msgspec.json.encode(result)
    headers = [(b"cache-control", b"no-store")]
    if body:
        headers.append((b"content-type", media_type.encode()))
    return Response(status, body, headers)


def problem(status: int, detail: str) -> Response:
    """Return a refusal as `application/problem+json`."""
    return json_answer(status, ProblemAnswer(status, HTTPStatus(status).phrase, detail), PROBLEM)


def problem_of(fault: Fault) -> Response:
    """Return the refusal for a fault of the server."""
    refusal = refusal_of(fault)
    return problem(refusal.status, refusal.text.en)
