"""What a fault becomes: an answer in Salla's dialect. Other dialects stand beside their routes."""

from sijill.errors import Fault, MethodNotAllowed, TooManyRequests, Unavailable
from sijill.http.errors import refusal
from sijill.http.request import JSON, Headers, Request, Response


def refused(request: Request, fault: Fault) -> Response:
    """Return the answer to a fault, in Salla's dialect, with the headers its kind carries."""
    status, body, language = refusal(fault, request.language)
    headers: Headers = [(b"content-type", JSON)]
    if language is not None:
        headers.append((b"content-language", language.encode("ascii")))
    if isinstance(fault, MethodNotAllowed):
        headers.append((b"allow", ", ".join(fault.allowed).encode("ascii")))
    return Response(status, body, headers + waiting(fault))


def waiting(fault: Fault) -> Headers:
    """Return when to come back, where a fault passes by itself."""
    if isinstance(fault, TooManyRequests | Unavailable):
        return [(b"retry-after", b"%d" % fault.wait)]
    return []
