"""Authorization requests: a pure reading of the parameters, for the app that they name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from sijill.oauth.apps import App
from sijill.oauth.redirects import is_registered
from sijill.oauth.refusals import NotAuthorizable, RedirectError
from sijill.oauth.scopes import OFFLINE, beyond, named, split_scopes

_TRUSTED = ("client_id", "redirect_uri")
_READ = (*_TRUSTED, "response_type", "scope", "state", "code_challenge", "code_challenge_method")
"""The parameters that Sijill reads; it ignores all others."""

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class AuthorizationRequest(Struct, frozen=True):
    """A request that an owner may be asked about."""

    app: App
    redirect_uri: str
    redirect_given: bool
    """Whether the request names the redirect URI: the token request then must."""
    scopes: frozenset[str]
    state: str | None
    challenge: str | None
    """The code_challenge of PKCE, by S256."""


def client_of(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the client_id, or "". Raises: NotAuthorizable if it or redirect_uri is repeated."""
    counts = Counter(name for name, _ in pairs)
    if any(counts[name] > 1 for name in _TRUSTED):
        raise NotAuthorizable("repeated")
    return dict(pairs).get("client_id", "")


def read(pairs: Sequence[tuple[str, str]], app: App | None) -> AuthorizationRequest:
    """
    Return the request of these parameters; `app` is the app with their client_id.

    A parameter without a value counts as absent. A request without a scope of a resource asks for
    every scope of the app, as Salla's own clients do.
    Raises: NotAuthorizable for an unknown app or redirect URI; RedirectError for every other fault.
    Source: RFC 6749 §3.1 and §4.1.1, RFC 7636 §4.3, RFC 9700 §2.1.
    """
    client_id = client_of(pairs)
    if app is None and not client_id:
        raise NotAuthorizable("missing_client")
    if app is None:
        raise NotAuthorizable("unknown_client", client_id)
    values = {name: value for name, value in pairs if name in _READ and value}
    redirect_uri = _redirect(values.get("redirect_uri"), app)
    state = values.get("state")

    def refused(error: str, description: str) -> RedirectError:
        return RedirectError(redirect_uri, error, description, state)

    counts = Counter(name for name, _ in pairs)
    repeated = sorted(name for name in _READ if counts[name] > 1)
    if repeated:
        raise refused("invalid_request", f"{repeated[0]} is repeated")
    if values.get("response_type") != "code":
        raise refused("unsupported_response_type", "response_type must be code")
    fault = _challenge_fault(values, app)
    if fault is not None:
        raise refused("invalid_request", fault)
    asked = split_scopes(values.get("scope", ""))
    held = app.scopes | {OFFLINE}
    if missing := beyond(held, asked):
        raise refused("invalid_scope", f"the app is not registered for {named(missing)}")
    scopes = held if asked <= {OFFLINE} else asked
    given, challenge = "redirect_uri" in values, values.get("code_challenge")
    return AuthorizationRequest(app, redirect_uri, given, scopes, state, challenge)


def is_challenge(text: str) -> bool:
    """Return whether `text` can be a SHA-256 in base64url without padding."""
    return _CHALLENGE.fullmatch(text) is not None


def _redirect(asked: str | None, app: App) -> str:
    if asked is None and len(app.redirect_uris) == 1:
        return app.redirect_uris[0]
    if asked is None:
        raise NotAuthorizable("missing_redirect")
    if not is_registered(asked, app.redirect_uris):
        raise NotAuthorizable("unknown_redirect", asked, app.id)
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
