"""Control calls about the access tokens of a namespace: their list, and their end."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sijill.errors import NotFound
from sijill.http.query import parse_id
from sijill.oauth.grant_table import GrantTable
from sijill.oauth.scopes import scope_text
from sijill.oauth.tokens import TokenInfo
from sijill.sandbox.control.call import Call, Handler, Handlers
from sijill.sandbox.control.problems import Problem
from sijill.values.dates import utc_text

_BEFORE = timedelta(microseconds=1)
"""A token ends so long before now: a clock that stands still is then past its end."""


async def _list(call: Call) -> Any:
    register = call.namespace.instance.register
    apps = {app.id: app.client_id for app in await register.apps.all()}
    return {"tokens": [_row(info, apps) for info in await register.tokens.all()]}


def _row(info: TokenInfo, apps: dict[int, str]) -> dict[str, Any]:
    return {
        "id": info.id,
        "client_id": apps[info.app_id],
        "hint": info.hint,
        "scopes": scope_text(info.scopes),
        "created_at": utc_text(info.created_at),
        "expires_at": info.expires_at and utc_text(info.expires_at),
        "revoked_at": info.revoked_at and utc_text(info.revoked_at),
    }


def _ending(end: Callable[[GrantTable, int, datetime], Awaitable[None]]) -> Handler:
    """Return the handler that ends a token, at once for every request that follows."""

    async def handle(call: Call) -> None:
        instance, token_id = call.namespace.instance, parse_id(call.captured)
        try:
            if token_id is None:
                raise NotFound
            await end(instance.register.grants, token_id, call.namespace.clock.now() - _BEFORE)
        except NotFound:
            raise Problem(404, "there is no such token: GET …/tokens lists them") from None
        instance.forget_grants()

    return handle


HANDLERS: Handlers = {
    ("GET", "tokens"): _list,
    ("POST", "tokens/{}/expire"): _ending(lambda grants, token, at: grants.expire(token, at)),
    ("POST", "tokens/{}/revoke"): _ending(
        lambda grants, token, at: grants.end_family(token, at, reused=False)
    ),
}
