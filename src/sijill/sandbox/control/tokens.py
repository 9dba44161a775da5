"""Control calls about the access tokens of a namespace: their list, and their end."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sijill.errors import NotFound
from sijill.http.query import parse_id
from sijill.localized import Localized
from sijill.oauth.grant_table import GrantTable
from sijill.oauth.scopes import scope_text
from sijill.oauth.tokens import TokenInfo
from sijill.sandbox.control.answers import TokenAnswer, TokenList, moment_text
from sijill.sandbox.control.problems import Problem, Refusal
from sijill.sandbox.control.route import Call, ControlRoute, Handler
from sijill.values.dates import utc_text

NO_TOKEN_ID = Refusal(
    404,
    Localized(
        "لا يوجد رمز بهذا الرقم: `GET …/tokens` يعرضها",
        "there is no such token: GET …/tokens lists them",
    ),
)
_BEFORE = timedelta(microseconds=1)
"""A token ends so long before now: a clock that stands still is then past its end."""


async def _list(call: Call) -> TokenList:
    register = call.namespace.instance.register
    apps = {app.id: app.client_id for app in await register.apps.all()}
    return TokenList([_row(info, apps) for info in await register.tokens.all()])


def _row(info: TokenInfo, apps: dict[int, str]) -> TokenAnswer:
    return TokenAnswer(
        id=info.id,
        client_id=apps[info.app_id],
        hint=info.hint,
        scopes=scope_text(info.scopes),
        created_at=utc_text(info.created_at),
        expires_at=moment_text(info.expires_at),
        revoked_at=moment_text(info.revoked_at),
    )


def _ending(end: Callable[[GrantTable, int, datetime], Awaitable[None]]) -> Handler:
    """Return the handler that ends a token, at once for every request that follows."""

    async def handle(call: Call) -> None:
        instance, token_id = call.namespace.instance, parse_id(call.captured)
        try:
            if token_id is None:
                raise NotFound
            await end(instance.register.grants, token_id, call.namespace.clock.now() - _BEFORE)
        except NotFound:
            raise Problem(NO_TOKEN_ID) from None
        instance.forget_grants()

    return handle


ROUTES = (
    ControlRoute(
        *("GET", "ns/{ns}/tokens", _list),
        id="listTokens",
        summary=Localized("رموز الوصول", "List access tokens"),
        answer=TokenList,
    ),
    ControlRoute(
        "POST",
        "ns/{ns}/tokens/{id}/expire",
        _ending(lambda grants, token, at: grants.expire(token, at)),
        id="expireToken",
        summary=Localized("إنهاء مدة رمز", "Expire a token"),
        description=Localized(
            "ينتهي رمز الوصول الآن، ويبقى رمز تجديده.",
            "The access token has expired; its refresh token stays.",
        ),
        refusals=(NO_TOKEN_ID,),
    ),
    ControlRoute(
        "POST",
        "ns/{ns}/tokens/{id}/revoke",
        _ending(lambda grants, token, at: grants.end_family(token, at, reused=False)),
        id="revokeToken",
        summary=Localized("إلغاء رمز", "Revoke a token"),
        description=Localized(
            "يُلغى رمز الوصول ورمز تجديده.", "The access token and its refresh token are revoked."
        ),
        refusals=(NO_TOKEN_ID,),
    ),
)
