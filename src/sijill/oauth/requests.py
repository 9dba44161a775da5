"""What an authorization request asks for: pure, from its parameters and the app they name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from sijill.oauth.apps import App
from sijill.oauth.redirects import is_registered
from sijill.oauth.refusals import NotAuthorizable, RedirectError, Unredirectable
from sijill.oauth.scopes import OFFLINE, narrowed, split_scopes

_WHERE = ("client_id", "redirect_uri")
_READ = (*_WHERE, "response_type", "scope", "state", "code_challenge", "code_challenge_method")
"""The parameters that mean something; whatever else a client sends is ignored."""

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class AuthorizationRequest(Struct, frozen=True):
    """A request that may be put before an owner."""

    app: App
    redirect_uri: str
    redirect_given: bool
    """Whether the request named it: then the token request must too."""
    scopes: frozenset[str]
    state: str | None
    challenge: str | None
    """Of PKCE, by S256."""


def client_of(pairs: Sequence[tuple[str, str]]) -> str:
    """
    Return the client a request names.

    Raises: NotAuthorizable if it or the redirect URI stands there twice.
    """
    counts = Counter(name for name, _ in pairs)
    if any(counts[name] > 1 for name in _WHERE):
        raise NotAuthorizable(Unredirectable.REPEATED)
    return dict(pairs).get("client_id", "")


def read(pairs: Sequence[tuple[str, str]], app: App | None) -> AuthorizationRequest:
    """
    Return what a request asks for, `app` being the one it names.

    Without any resource scope it asks for all the app may have, as Salla's own clients do. A
    parameter without a value is one that was not sent.
    Raises: NotAuthorizable if the app or the redirect URI is unknown; RedirectError for all else.
    Source: RFC 6749 §3.1 and §4.1.1, RFC 7636 §4.3, RFC 9700 §2.1.
    """
    client_of(pairs)
    if app is None:
        raise NotAuthorizable(Unredirectable.CLIENT)
    values = {name: value for name, value in pairs if name in _READ and value}
    redirect_uri = _redirect(values.get("redirect_uri"), app)
    state = values.get("state")

    def refused(error: str, description: str) -> RedirectError:
        return RedirectError(redirect_uri, error, description, state)

    counts = Counter(name for name, _ in pairs)
    repeated = sorted(name for name in _READ if counts[name] > 1)
    if repeated:
        raise refused("invalid_request", f"{repeated[0]} stands there twice")
    if values.get("response_type") != "code":
        raise refused("unsupported_response_type", "response_type must be code")
    fault = _challenge_fault(values, app)
    if fault is not None:
        raise refused("invalid_request", fault)
    scopes = _scopes(values.get("scope", ""), app)
    if scopes is None:
        raise refused("invalid_scope", "the app may not have one of those scopes")
    return AuthorizationRequest(
        app=app,
        redirect_uri=redirect_uri,
        redirect_given="redirect_uri" in values,
        scopes=scopes,
        state=state,
        challenge=values.get("code_challenge"),
    )


def is_challenge(text: str) -> bool:
    """Return whether `text` can be a SHA-256 in base64url without padding."""
    return _CHALLENGE.fullmatch(text) is not None


def _redirect(asked: str | None, app: App) -> str:
    if asked is None and len(app.redirect_uris) == 1:
        return app.redirect_uris[0]
    if asked is None or not is_registered(asked, app.redirect_uris):
        raise NotAuthorizable(Unredirectable.REDIRECT)
    return asked


def _challenge_fault(values: Mapping[str, str], app: App) -> str | None:
    challenge, method = values.get("code_challenge"), values.get("code_challenge_method")
    if challenge is None and method is None:
        return "a public client must send code_challenge" if app.client_secret is None else None
    if method != "S256":
        return "code_challenge_method must be S256"
    if challenge is None or not is_challenge(challenge):
        return "code_challenge must be a SHA-256 in base64url"
    return None


def _scopes(text: str, app: App) -> frozenset[str] | None:
    asked = split_scopes(text)
    if asked <= {OFFLINE}:
        return app.scopes | {OFFLINE}
    return narrowed(app.scopes | {OFFLINE}, asked)
