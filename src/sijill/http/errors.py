"""Faults as answers in Salla's dialect: one table of status, code and text."""

from typing import Annotated, Literal, NamedTuple

from msgspec import UNSET, Struct, UnsetType

from sijill.errors import (
    Fault,
    Invalid,
    MethodNotAllowed,
    MissingScope,
    TooManyRequests,
    Unavailable,
)
from sijill.fields import rules
from sijill.http.envelope import encode
from sijill.http.request import JSON, Headers, Request, Response
from sijill.http.sentences import (
    INVALID_TOKEN,
    MISSING_SCOPE,
    NOT_FOUND,
    SENTENCES,
    WALLET_FORBIDDEN,
)
from sijill.localized import Language, Localized
from sijill.openapi.keys import key


class ErrorDetail(Struct, gc=False):
    """The code, the sentence and the fields of an error."""

    words = Localized("الخطأ.", "The error.")

    code: Annotated[
        str | int,
        key(
            "رمز الخطأ، تقرؤه البرامج. وهو عدد صحيح في 404 و 400.",
            "The code of the error, for programs. In a 404 and a 400 it is an integer.",
        ),
    ]
    message: Annotated[str, key("رسالة الخطأ.", "A sentence for people.")]
    fields: Annotated[
        dict[str, list[str]] | UnsetType,
        key(
            "في 422 فقط: كل حقل غير صحيح مع أخطائه، كلها معًا.",
            "Only in a 422: every invalid field with its errors, all at once.",
        ),
    ] = UNSET


class ErrorAnswer(Struct, gc=False):
    """Salla's JSON for an answer that is not a success."""

    component = "Error"
    words = Localized(
        "الرد عند أي خطأ. في 404 يأتي `success` قبل `status`.",
        "The answer to every error. In a 404 `success` comes before `status`.",
    )

    status: Annotated[int, key("رقم حالة HTTP أيضًا.", "The HTTP status.")]
    success: Annotated[Literal[False], key("`false` دائمًا.", "Always `false`.")]
    error: ErrorDetail


class NotFoundAnswer(Struct, gc=False):
    """ErrorAnswer in the key order of Salla's 404, with success before status."""

    success: Literal[False]
    status: int
    error: ErrorDetail


class Refusal(NamedTuple):
    """An answer that is not a success."""

    status: int
    body: bytes
    language: Language | None
    """The language of the text if it depends on the client; None for a fixed text."""


class ErrorKind(NamedTuple):
    """The answer to one code of fault: HTTP status, `error.code`, and the text if it is fixed."""

    status: int
    code: str | int
    text: str | None = None


KINDS = {
    "bad_request": ErrorKind(400, 400),
    "invalid_token": ErrorKind(401, "Unauthorized", INVALID_TOKEN),
    "missing_scope": ErrorKind(401, "Unauthorized", MISSING_SCOPE),
    "wallet_forbidden": ErrorKind(403, "error", WALLET_FORBIDDEN),
    "not_found": ErrorKind(404, 404, NOT_FOUND),
    "method_not_allowed": ErrorKind(405, "method_not_allowed"),
    "request_timeout": ErrorKind(408, "request_timeout"),
    "held": ErrorKind(409, "held"),
    "gone": ErrorKind(410, "gone"),
    "precondition_failed": ErrorKind(412, "precondition_failed"),
    "payload_too_large": ErrorKind(413, "payload_too_large"),
    "uri_too_long": ErrorKind(414, "uri_too_long"),
    "invalid_fields": ErrorKind(422, "error", "alert.invalid_fields"),
    "upload_unreadable": ErrorKind(422, "error"),
    "upload_empty": ErrorKind(422, "error"),
    "upload_kind": ErrorKind(422, "error"),
    "upload_unsafe": ErrorKind(422, "error"),
    "upload_too_large": ErrorKind(422, "error"),
    "upload_headings": ErrorKind(422, "error"),
    "too_many_requests": ErrorKind(429, "too_many_requests"),
    "too_many_imports": ErrorKind(429, "too_many_requests"),
    "headers_too_large": ErrorKind(431, "headers_too_large"),
    "server_error": ErrorKind(500, "server_error"),
    "service_unavailable": ErrorKind(503, "service_unavailable"),
    "not_stored": ErrorKind(504, "not_stored"),
}
"""Source: the contract's table of answers that are not 200."""


def refusal(fault: Fault, language: Language) -> Refusal:
    """Return the status and bytes of a fault; they never show its internals."""
    code = fault.code if fault.code in KINDS else Fault.code  # other codes are internal
    kind = KINDS[code]
    if isinstance(fault, Invalid):
        return Refusal(kind.status, _invalid(kind, fault, language), language)
    text = kind.text or SENTENCES[code][language]
    if isinstance(fault, MissingScope):
        text = text.format(scope=fault.scope)
    error = ErrorDetail(kind.code, text)
    return Refusal(kind.status, _envelope(kind.status, error), None if kind.text else language)


def _invalid(kind: ErrorKind, fault: Invalid, language: Language) -> bytes:
    fields = {
        name: [rules.render(name, rule, language) for rule in broken]
        for name, broken in fault.fields.items()
    }
    return _envelope(kind.status, ErrorDetail(kind.code, kind.text or "", fields))


def _envelope(status: int, error: ErrorDetail) -> bytes:
    if status == 404:
        return encode(NotFoundAnswer(False, status, error))
    return encode(ErrorAnswer(status, False, error))


def refused(request: Request, fault: Fault) -> Response:
    """Return the answer to a fault, in Salla's dialect, with the headers of its kind."""
    status, body, language = refusal(fault, request.language)
    headers: Headers = [(b"content-type", JSON)]
    if language is not None:
        headers.append((b"content-language", language.encode("ascii")))
    if isinstance(fault, MethodNotAllowed):
        headers.append((b"allow", ", ".join(fault.allowed).encode("ascii")))
    return Response(status, body, headers + waiting(fault))


def waiting(fault: Fault) -> Headers:
    """Return `Retry-After` for a fault that passes by itself, else no headers."""
    if isinstance(fault, TooManyRequests | Unavailable):
        return [(b"retry-after", b"%d" % fault.wait)]
    return []
