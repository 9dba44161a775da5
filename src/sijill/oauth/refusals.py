"""The errors of OAuth: in an answer of the token endpoint, on a page, or at the redirect URI."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

from sijill.errors import BadRequest, Fault, TooManyRequests, Unavailable
from sijill.oauth.scopes import named

Problem = Literal[
    "missing_client", "unknown_client", "unknown_redirect", "missing_redirect", "repeated"
]

GRANT = (
    "The provided authorization grant (e.g., authorization code, resource owner credentials) or "
    "refresh token is invalid, expired, revoked, does not match the redirection URI used in the "
    "authorization request, or was issued to another client. The OAuth 2.0 Client ID from this "
    "request does not match the ID during the initial token issuance."
)
"""Source: Salla's sample of a refresh token that was used twice."""


class OAuthRefused(Fault):
    """An error of the token endpoint. Source: RFC 6749 §5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


_UNSUPPORTED = "grant_type is authorization_code or refresh_token"
_UNKNOWN = "the client is unknown or its secret is wrong"

unsupported_grant_type = partial(OAuthRefused, "unsupported_grant_type", _UNSUPPORTED)
invalid_client = partial(OAuthRefused, "invalid_client", _UNKNOWN, 401)
"""Make the errors of an unknown grant type and of a failed client."""


def missing(parameter: str) -> OAuthRefused:
    """Return the error of a token request without a parameter."""
    return OAuthRefused("invalid_request", f"{parameter} is missing")


def too_wide(scopes: Sequence[str]) -> OAuthRefused:
    """Return the error of scopes beyond the grant."""
    sentence = f"the scope may only be narrowed, and {named(scopes)} was not granted"
    return OAuthRefused("invalid_scope", sentence)


def invalid_grant(*, reused: bool = False) -> OAuthRefused:
    """Return the error of a code or refresh token; reuse is a 401. Source: Salla "Responses"."""
    return OAuthRefused("invalid_grant", GRANT, 401 if reused else 400)


def as_oauth(fault: Fault) -> OAuthRefused:
    """Return the error by which the token endpoint answers a fault."""
    match fault:
        case OAuthRefused():
            return fault
        case BadRequest():
            return OAuthRefused("invalid_request", "the body is malformed, or repeats a field")
        case TooManyRequests():
            return OAuthRefused("temporarily_unavailable", "too many requests", 429)
        case Unavailable():
            return OAuthRefused("temporarily_unavailable", "try again shortly", 503)
        case _:
            return OAuthRefused("server_error", "the server met an error", 500)


class NotAuthorizable(Fault):
    """
    An authorization request after which the browser must not be redirected.

    `problem` is the row of `wording.PROBLEMS` that the page shows. `value` is the text at fault as
    the request has it: an unknown client_id, or a redirect URI that is not registered for the app
    with the id `app_id`.
    """

    def __init__(self, problem: Problem, value: str = "", app_id: int = 0) -> None:
        super().__init__(problem)
        self.problem: Problem = problem
        self.value, self.app_id = value, app_id


class RedirectError(Fault):
    """An error that the client gets at its redirect URI. Source: RFC 6749 §4.1.2.1."""

    def __init__(self, redirect_uri: str, error: str, description: str, state: str | None) -> None:
        super().__init__(error)
        self.redirect_uri = redirect_uri
        self.error = error
        self.description = description
        self.state = state
