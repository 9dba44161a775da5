"""What a fault becomes at the token endpoint (OAuth's dialect) and on a page for a person."""

from sijill.errors import BadRequest, Fault, NotFound, TooManyRequests, Unavailable
from sijill.http.errors import waiting
from sijill.http.request import JSON, Headers, Request, Response
from sijill.oauth.browser import problem_shown
from sijill.oauth.refusals import NotAuthorizable, OAuthRefused
from sijill.oauth.wire import error_body

NO_STORE = [(b"cache-control", b"no-store"), (b"pragma", b"no-cache")]
"""On every answer of the token endpoint. Source: RFC 6749 §5.1."""


def oauth_refused(request: Request, fault: Fault) -> Response:
    """Return the answer to a fault of the token endpoint. Source: RFC 6749 §5.2."""
    match fault:
        case OAuthRefused():
            told = fault
        case BadRequest():
            told = OAuthRefused("invalid_request", "the body is no form, or repeats a field")
        case TooManyRequests():
            told = OAuthRefused("temporarily_unavailable", "too many requests", 429)
        case Unavailable():
            told = OAuthRefused("temporarily_unavailable", "try again shortly", 503)
        case _:
            told = OAuthRefused("server_error", "the server met an error", 500)
    headers: Headers = [(b"content-type", JSON), *NO_STORE, *waiting(fault)]
    if told.error == "invalid_client" and request.header(b"authorization") is not None:
        headers.append((b"www-authenticate", b'Basic realm="oauth2"'))
    return Response(told.status, error_body(told.error, told.description), headers)


def page_refused(request: Request, fault: Fault) -> Response:
    """Return the answer to a fault where a person asked: a page that says what to do."""
    match fault:
        case NotAuthorizable():
            kind, status = fault.why.value, 400
        case BadRequest():
            kind, status = "forged", 400
        case NotFound():
            kind, status = "not_found", 404
        case TooManyRequests():
            kind, status = "too_many", 429
        case Unavailable():
            kind, status = "unavailable", 503
        case _:
            kind, status = "server_error", 500
    return problem_shown(request, kind, status, *waiting(fault))
