"""What OAuth refuses with: an error of its own vocabulary, to the client or to the browser."""

from enum import StrEnum
from typing import ClassVar

from sijill.errors import Fault

GRANT = (
    "The provided authorization grant (e.g., authorization code, resource owner credentials) or "
    "refresh token is invalid, expired, revoked, does not match the redirection URI used in the "
    "authorization request, or was issued to another client. The OAuth 2.0 Client ID from this "
    "request does not match the ID during the initial token issuance."
)
"""Source: Salla's sample of a refresh token that was used twice."""


class OAuthRefused(Fault):
    """A refusal of the token endpoint. Source: RFC 6749 §5.2."""

    code: ClassVar[str] = "oauth_refused"

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


def invalid_grant(*, reused: bool = False) -> OAuthRefused:
    """
    Return the refusal of a code or refresh token, which never tells what is wrong with it.

    One that was used before is a 401. Source: Salla "Responses".
    """
    return OAuthRefused("invalid_grant", GRANT, 401 if reused else 400)


class Unredirectable(StrEnum):
    """Why an authorization request is answered with a page: its redirect URI is not to be used."""

    CLIENT = "unknown_client"
    REDIRECT = "unknown_redirect"
    REPEATED = "repeated"


class NotAuthorizable(Fault):
    """An authorization request that must not send the browser anywhere."""

    code: ClassVar[str] = "not_authorizable"

    def __init__(self, why: Unredirectable) -> None:
        super().__init__(why)
        self.why = why


class RedirectError(Fault):
    """
    An authorization request that is refused at the client's redirect URI.

    Source: RFC 6749 §4.1.2.1.
    """

    code: ClassVar[str] = "sent_back"

    def __init__(self, redirect_uri: str, error: str, description: str, state: str | None) -> None:
        super().__init__(error)
        self.redirect_uri = redirect_uri
        self.error = error
        self.description = description
        self.state = state
