"""Browsers: the check against forged forms, pages, and redirects."""

from collections.abc import Mapping
from typing import Any

from sijill.errors import BadRequest, Fault, NotFound, TooManyRequests, Unavailable
from sijill.http.cookies import Header, cookie, set_cookie
from sijill.http.errors import waiting
from sijill.http.request import Headers, Request, Response, chosen_language, with_language
from sijill.oauth.bodies import parse_form
from sijill.oauth.pages import page
from sijill.oauth.problems import at_fault
from sijill.oauth.refusals import NotAuthorizable
from sijill.oauth.sessions import form_token, is_form_token
from sijill.oauth.tokens import SESSION as SESSION_PREFIX
from sijill.oauth.tokens import mint
from sijill.oauth.wording import PROBLEMS
from sijill.pages.html import NOWHERE
from sijill.pages.look import look_of
from sijill.pages.page import page_response
from sijill.values.ids import Draw

SESSION = "__Host-sijill"
"""The cookie of a session."""

VISITOR = "__Host-sijill-visitor"
"""The cookie of a browser without a session, from which the CSRF token of its forms follows."""


class ForgedForm(Fault):
    """A form that comes from no page that Sijill showed to this browser."""


class MissingCookie(ForgedForm):
    """A form without the cookie of its page: the browser did not keep it, or no longer has it."""


class NotPermitted(Fault):
    """A person asks for what the person's role does not permit."""


class UsedLink(Fault):
    """A set-up link that is unknown, used or expired."""


def session_token(request: Request) -> str:
    """Return the CSRF token of the forms that an owner sees."""
    return form_token(cookie(request, SESSION) or "")


async def read_form(request: Request, public_url: str, name: str) -> Mapping[str, str]:
    """Return the fields of a form that passes `check_form`. Raises: BadRequest; ForgedForm."""
    form = parse_form(await request.body())
    check_form(request, public_url, name, form)
    return form


def check_form(request: Request, public_url: str, name: str, form: Mapping[str, str]) -> None:
    """
    Raise ForgedForm unless a page that Sijill showed to this browser sends the form.

    It is MissingCookie where only the cookie is missing.

    The browser must not name another site, and the CSRF token must fit the cookie of this name.
    Source: OWASP "Cross-Site Request Forgery Prevention".
    """
    check_origin(request, public_url)
    value = cookie(request, name)
    if value is None:
        raise MissingCookie
    if not is_form_token(form.get("token", ""), value):
        raise ForgedForm


def check_origin(request: Request, public_url: str) -> None:
    """Raise ForgedForm if the browser names another site."""
    site, origin = request.header(b"sec-fetch-site"), request.header(b"origin")
    host = request.header(b"host")
    ours = (f"http://{host}", f"https://{host}", "/".join(public_url.split("/", 3)[:3]))
    if site not in (None, "same-origin", "none") or (
        origin is not None and (not host or origin not in ours)
    ):
        raise ForgedForm


def show(
    request: Request, template: str, here: str, *more: Header, status: int = 200, **values: Any
) -> Response:
    """Return a page as an answer, in the language and theme of the browser; see `pages.page`."""
    look = look_of(request)
    request.kept_language = look.language
    shown = page(template, chosen_language(request), here, theme=look.theme, **values)
    return page_response(request, shown, status, *more)


def show_to_visitor(
    request: Request, draw: Draw, template: str, here: str, *more: Header, **values: Any
) -> Response:
    """Return a page with a form that is sent to its own path by somebody without a session."""
    value = cookie(request, VISITOR)
    if value is None:
        value = mint(SESSION_PREFIX, draw)
        more = (set_cookie(request, VISITOR, value), *more)
    action = with_language(request, here.partition("?")[0])
    return show(request, template, here, *more, action=action, token=form_token(value), **values)


_PROBLEMS = (
    (NotAuthorizable, "unknown_client", 400),
    (BadRequest, "forged", 400),
    (MissingCookie, "no_cookie", 403),
    (ForgedForm, "forged", 403),
    (NotPermitted, "not_permitted", 403),
    (UsedLink, "used_link", 404),
    (NotFound, "not_found", 404),
    (TooManyRequests, "too_many", 429),
    (Unavailable, "unavailable", 503),
    (Fault, "server_error", 500),
)
"""Faults, the most special first: the problem that the page explains, and its status."""


def page_refused(request: Request, fault: Fault) -> Response:
    """Return the answer to a fault where a person asked: a page that explains the problem."""
    problem, status = next(
        (problem, status) for kind, problem, status in _PROBLEMS if isinstance(fault, kind)
    )
    if isinstance(fault, NotAuthorizable):
        problem = fault.problem
    return show(
        request,
        "problem.html",
        path_and_query(request),
        *waiting(fault),
        status=status,
        form_action=NOWHERE,
        problem=PROBLEMS[problem],
        fault=at_fault(fault),
    )


def see_other(location: str, *more: Header) -> Response:
    """
    Return an answer that redirects the browser, which follows by GET, to an address as it is.

    `lead` is for pages of Sijill, whose language the request may have chosen.
    """
    headers: Headers = [
        (b"location", location.encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        *more,
    ]
    return Response(303, b"", headers)


def lead(request: Request, path: str, *more: Header) -> Response:
    """Return a redirect to a page of Sijill, in the language that `?lang=` of the request chose."""
    return see_other(with_language(request, path), *more)


def path_and_query(request: Request) -> str:
    """Return the path and query of a request, as they were sent."""
    path = request.path.decode("latin-1")
    return f"{path}?{request.query.decode('latin-1')}" if request.query else path
