"""The security schemes: access tokens, and how an app gets one by OAuth."""

from collections.abc import Iterator
from itertools import product

from sijill.localized import Localized
from sijill.oauth.scopes import OFFLINE, SCOPES, permissions, satisfies
from sijill.openapi.keys import Json

_TOKEN = Localized(
    "رمز وصول لتطبيق في متجر، فيه بعض الصلاحيات: `Authorization: Bearer …`.",
    "The access token of an app in a store, for some scopes: `Authorization: Bearer …`.",
)
_OAUTH = Localized(
    "يحصل التطبيق على رموزه بإذن المالك: يوجّه متصفحه إلى عنوان الإذن، فيعود إلى التطبيق ومعه رمز "
    "تفويض، ويبادله التطبيق في عنوان الرموز برمزي الوصول والتجديد. وينشئ المشغّل رمز وصول بالأمر "
    "`sijill token create`.",
    "An app gets its tokens by an owner's consent: it sends the owner's browser to the "
    "authorization address, which sends it back with a code, and trades the code at the token "
    "address for an access token and a refresh token. An operator makes an access token by "
    "`sijill token create`.",
)


def security_schemes(base: str) -> Json:
    """Return the security schemes; `base` is the server's address."""
    return {
        "bearer": {"type": "http", "scheme": "bearer", "description": _TOKEN},
        "oauth": _oauth(base),
    }


def _oauth(base: str) -> Json:
    token = f"{base}/oauth2/token"
    flow = {
        "authorizationUrl": f"{base}/oauth2/auth",
        "tokenUrl": token,
        "refreshUrl": token,
        "scopes": {name: _meaning(name) for name in (*SCOPES, OFFLINE)},
    }
    return {"type": "oauth2", "description": _OAUTH, "flows": {"authorizationCode": flow}}


def _meaning(scope: str) -> Localized:
    """Return the sentence that the consent page shows for a scope."""
    (ar,), (en,) = permissions([scope], "ar"), permissions([scope], "en")
    return Localized(ar, en)


def security(scopes: tuple[str, ...] | None) -> list[Json]:
    """Return the `security` of a route that needs all of `scopes`: every sufficient choice."""
    return [{scheme: [*choice]} for scheme in ("bearer", "oauth") for choice in _choices(scopes)]


def _choices(scopes: tuple[str, ...] | None) -> Iterator[tuple[str, ...]]:
    """Yield the choices; a route that any token opens has one for each known scope."""
    if scopes is None:
        return iter(())
    needed = scopes or ("",)
    return product(*([name for name in SCOPES if satisfies([name], scope)] for scope in needed))
