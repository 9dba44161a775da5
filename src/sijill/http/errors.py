"""Faults as Salla's JSON: one table of status, code and text, one function."""

from typing import Annotated, Literal, NamedTuple

from msgspec import UNSET, Struct, UnsetType

from sijill.errors import Fault, Invalid, MissingScope
from sijill.fields import rules
from sijill.http.envelope import encode
from sijill.http.languages import (
    INVALID_TOKEN,
    MISSING_SCOPE,
    NOT_FOUND,
    SENTENCES,
    WALLET_FORBIDDEN,
    Language,
)
from sijill.localized import Localized
from sijill.openapi.keys import key


class ErrorDetail(Struct, gc=False):
    """What went wrong."""

    words = Localized("الخطأ.", "The error.")

    code: Annotated[
        str | int,
        key(
            "رمز الخطأ، للبرامج. في 404 و 400 هو عدد صحيح.",
            "What went wrong, for programs. In a 404 and a 400 it is an integer.",
        ),
    ]
    message: Annotated[str, key("رسالة يقرؤها الناس.", "A sentence for people.")]
    fields: Annotated[
        dict[str, list[str]] | UnsetType,
        key(
            "في 422 فقط: كل حقل خاطئ وما فيه من أخطاء، كلها معًا.",
            "Only in a 422: each faulty field and what is wrong with it, all at once.",
        ),
    ] = UNSET


class ErrorAnswer(Struct, gc=False):
    """Salla's form of an answer that is not a success."""

    component = "Error"
    words = Localized(
        "كل جواب غير ناجح. في 404 يأتي `success` قبل `status`.",
        "Every answer that is not a success. In a 404 `success` stands before `status`.",
    )

    status: Annotated[int, key("حالة HTTP مرة أخرى.", "The HTTP status again.")]
    success: Annotated[Literal[False], key("`false` دائمًا.", "Always `false`.")]
    error: ErrorDetail


class NotFoundAnswer(Struct, gc=False):
    """The same for a 404: Salla's Customers pages say success before status there."""

    success: Literal[False]
    status: int
    error: ErrorDetail


class Refusal(NamedTuple):
    """An answer that is not a success."""

    status: int
    body: bytes
    language: Language | None
    """The language of the text where it depends on the client; None for a fixed one."""


class Kind(NamedTuple):
    """How one code of fault looks: HTTP status, `error.code`, and the text if it is fixed."""

    status: int
    code: str | int
    text: str | None = None


KINDS = {
    "bad_request": Kind(400, 400),
    "invalid_token": Kind(401, "Unauthorized", INVALID_TOKEN),
    "missing_scope": Kind(401, "Unauthorized", MISSING_SCOPE),
    "wallet_forbidden": Kind(403, "error", WALLET_FORBIDDEN),
    "not_found": Kind(404, 404, NOT_FOUND),
    "method_not_allowed": Kind(405, "method_not_allowed"),
    "request_timeout": Kind(408, "request_timeout"),
    "gone": Kind(410, "gone"),
    "precondition_failed": Kind(412, "precondition_failed"),
    "payload_too_large": Kind(413, "payload_too_large"),
    "uri_too_long": Kind(414, "uri_too_long"),
    "invalid_fields": Kind(422, "error", "alert.invalid_fields"),
    "upload_unreadable": Kind(422, "error"),
    "upload_empty": Kind(422, "error"),
    "upload_kind": Kind(422, "error"),
    "upload_unsafe": Kind(422, "error"),
    "upload_too_large": Kind(422, "error"),
    "upload_headings": Kind(422, "error"),
    "too_many_requests": Kind(429, "too_many_requests"),
    "headers_too_large": Kind(431, "headers_too_large"),
    "server_error": Kind(500, "server_error"),
    "service_unavailable": Kind(503, "service_unavailable"),
}
"""Source: the contract's table of answers that are not 200."""


def refusal(fault: Fault, language: Language) -> Refusal:
    """Return the status and bytes of a fault. What it holds inside never shows."""
    code = fault.code if fault.code in KINDS else Fault.code  # some never leave the house
    kind = KINDS[code]
    if isinstance(fault, Invalid):
        return Refusal(kind.status, _invalid(kind, fault, language), language)
    text = kind.text or SENTENCES[code][language]
    if isinstance(fault, MissingScope):
        text = text.format(scope=fault.scope)
    error = ErrorDetail(kind.code, text)
    return Refusal(kind.status, _envelope(kind.status, error), None if kind.text else language)


def _invalid(kind: Kind, fault: Invalid, language: Language) -> bytes:
    fields = {
        name: [rules.render(name, rule, language) for rule in broken]
        for name, broken in fault.fields.items()
    }
    return _envelope(kind.status, ErrorDetail(kind.code, kind.text or "", fields))


def _envelope(status: int, error: ErrorDetail) -> bytes:
    if status == 404:
        return encode(NotFoundAnswer(False, status, error))
    return encode(ErrorAnswer(status, False, error))
