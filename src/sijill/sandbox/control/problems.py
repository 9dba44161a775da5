"""What the control API reads and writes: JSON, and refusals as `application/problem+json`."""

from http import HTTPStatus
from typing import Any

import msgspec

from sijill.errors import Fault
from sijill.http.errors import KINDS
from sijill.http.request import Request, Response
from sijill.http.sentences import SENTENCES


class Problem(Exception):
    """A control call that is refused. Source: RFC 9457."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def decoded(request: Request, kind: Any) -> Any:
    """Return the body of a request, {} for an empty one. Raises: Problem."""
    try:
        return msgspec.json.decode(request.content.read() or b"{}", type=kind)
    except msgspec.ValidationError as fault:
        raise Problem(422, str(fault)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Problem(400, "the body is not JSON") from None


def json_answer(status: int, result: Any, media_type: bytes = b"application/json") -> Response:
    """Return an answer of the control API, without a body for None."""
    body = b"" if result is None else msgspec.json.encode(result)
    headers = [(b"cache-control", b"no-store")]
    if body:
        headers.append((b"content-type", media_type))
    return Response(status, body, headers)


def problem(status: int, detail: str) -> Response:
    """Return a refusal as `application/problem+json`. Source: RFC 9457."""
    document = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail}
    return json_answer(status, document, b"application/problem+json")


def problem_of(fault: Fault) -> Response:
    """Return the refusal for a fault of the server: a body that does not arrive, for example."""
    code = fault.code if fault.code in SENTENCES else Fault.code
    return problem(KINDS[code].status, SENTENCES[code]["en"])
