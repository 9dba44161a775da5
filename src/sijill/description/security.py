"""The security schemes: access tokens, and how an app gets one by OAuth."""

from collections.abc import Iterator
from itertools import product

from sijill.localized import Localized
from sijill.oauth.scopes import OFFLINE, SCOPES, permissions, satisfies
from sijill.openapi.keys import Json

_TOKEN = Localized(
    "رمز وصول لتطبيق واحد في متجر واحد، بصلاحيات محددة: `Authorization: Bearer …`.",
    "The access token of one app in one store, with some scopes: `Authorization: Bearer …`.",
)
_OAUTH = Localized(
    "يحصل التطبيق على رموزه بإذن مالك المتجر: يوجّه متصفح المالك إلى عنوان طلب الإذن، فيعود "
    "المتصفح إلى التطبيق برمز تفويض، ثم يبادله التطبيق برمز وصول (Access Token) ورمز تجديد "
    "(Refresh Token) من عنوان إصدار الرموز. ويمكن لمدير الخادم أن ينشئ رمز وصول مباشرة بالأمر "
    "`sijill token create`.",
    "An app gets its tokens with the consent of the store's owner: it sends the owner's "
    "browser to the authorization URL, gets a code back, and exchanges the code for an "
    "access token and a refresh token at the token URL. The operator, who runs this server, "
    "can issue an access token directly with `sijill token create`.",
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
