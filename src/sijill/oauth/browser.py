"""Browsers: cookies, and whether a form was really sent from a page of ours."""

from collections.abc import Mapping

from sijill.errors import BadRequest, Fault, NotFound, TooManyRequests, Unavailable
from sijill.http.errors import waiting
from sijill.http.request import Headers, Request, Response, chosen_language
from sijill.http.sentences import Language
from sijill.oauth.pages import Page, problem
from sijill.oauth.refusals import NotAuthorizable
from sijill.oauth.sessions import is_form_token

SESSION = "__Host-sijill"
"""Whoever is signed in. The prefix binds it to this host, all of it, and to a secure origin."""

VISITOR = "__Host-sijill-visitor"
"""Whoever is not: what makes the form of the login page ours."""

HTML = b"text/html; charset=utf-8"


def cookie(request: Request, name: str) -> str | None:
    """
    Return a cookie that was sent, or None; also None if it was sent twice: one is not ours.

    Whatever else stands in the header is somebody else's, and no matter how odd is let be.
    Source: RFC 6265 §4.2.1, §5.4.
    """
    pairs = (item.partition("=") for item in (request.header(b"cookie") or "").split(";"))
    found = [value.strip(" \t") for key, _, value in pairs if key.strip(" \t") == name]
    return found[0] if len(found) == 1 else None


def set_cookie(name: str, value: str) -> tuple[bytes, bytes]:
    """
    Return the header that sets a cookie until the browser closes; an empty value removes it.

    Lax, not Strict: an app's site sends the browser here, and its owner is still signed in.
    """
    ends = "" if value else "; Max-Age=0"
    text = f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{ends}"
    return b"set-cookie", text.encode("ascii")


def is_ours(request: Request, public_url: str, form: Mapping[str, str], kept: str | None) -> bool:
    """
    Return whether a form comes from a page that was shown to this browser.

    The browser must not say otherwise, and the form must hold what follows from its cookie.
    Source: OWASP "Cross-Site Request Forgery Prevention".
    """
    site, origin = request.header(b"sec-fetch-site"), request.header(b"origin")
    if site not in (None, "same-origin", "none"):
        return False
    host = request.header(b"host")
    ours = (f"http://{host}", f"https://{host}", "/".join(public_url.split("/", 3)[:3]))
    if origin is not None and (not host or origin not in ours):
        return False
    return kept is not None and is_form_token(form.get("token", ""), kept)


def shown(
    page: Page, language: Language, status: int = 200, *more: tuple[bytes, bytes]
) -> Response:
    """Return a page as an answer: never kept, never framed, and told to nobody."""
    headers: Headers = [
        (b"content-type", HTML),
        (b"content-language", language.encode("ascii")),
        (b"content-security-policy", page.policy.encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept-Language, Cookie"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        *more,
    ]
    return Response(status, page.body, headers)


def problem_shown(request: Request, kind: str, status: int, *more: tuple[bytes, bytes]) -> Response:
    """Return the page that explains a problem; `oauth.problems` has the kinds."""
    language = chosen_language(request)
    return shown(problem(language, here=here(request), kind=kind), language, status, *more)


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


def sent(location: str, *more: tuple[bytes, bytes]) -> Response:
    """Return an answer that sends the browser elsewhere, by GET."""
    headers: Headers = [
        (b"location", location.encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        *more,
    ]
    return Response(303, b"", headers)


def here(request: Request) -> str:
    """Return the path and query of a request, as it was sent."""
    path = request.path.decode("latin-1")
    return f"{path}?{request.query.decode('latin-1')}" if request.query else path
