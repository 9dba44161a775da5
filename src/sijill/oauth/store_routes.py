"""Store Information and User Information, which any valid token may read: routes and handlers."""

from datetime import UTC, datetime
from typing import Any

from sijill.http.caching import tagged
from sijill.http.envelope import success
from sijill.http.request import Request, Response
from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.oauth.owners import Owner, OwnerTable
from sijill.oauth.store_wire import StoreAnswer, UserAnswer, info, user
from sijill.oauth.tokens import Grant
from sijill.openapi.examples import success_answer
from sijill.stores.model import SHOP

_ANY = ()
"""Any valid token will do."""

_NOURA = Owner(
    id=1689171978,
    name="Noura",
    email="owner@example.com",
    mobile="+966500000001",
    created_at=datetime(2026, 3, 27, 18, 51, 56, tzinfo=UTC),
)


def store_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of the store and of who installed the app; `handlers` has one for each."""
    return (
        _known(
            *("/store/info", handlers.store_info, "getStore"),
            Localized("معلومات المتجر", "Store Information"),
            Localized("متجر رمز الوصول.", "The access token's store."),
            *(StoreAnswer, info(SHOP)),
        ),
        _known(
            *("/oauth2/user/info", handlers.user_info, "getUser"),
            Localized("معلومات المستخدم", "User Information"),
            Localized(
                "من ثبّت التطبيق، ومتجره، وصلاحيات الرمز ونهايته: المالك الذي أذن له؛ وإن ثبّته "
                "المشغّل بأمر فالمتجر مكانه.",
                "Whoever installed the app, the store, and the token's scopes and expiry: the "
                "owner who let it in. Where the operator did so by a command, the store stands for "
                "its own.",
            ),
            *(UserAnswer, user(SHOP, 1000000001, ["customers.read"], 1721326955, _NOURA)),
        ),
    )


def _known(
    path: str,
    handler: Handler,
    name: str,
    summary: Localized,
    words: Localized,
    kind: type[StoreAnswer | UserAnswer],
    data: StoreAnswer | UserAnswer,
) -> Route:
    return Route(
        *("GET", path, handler),
        scopes=_ANY,
        id=name,
        tag="store",
        summary=summary,
        description=words.then(
            Localized("يكفيه أي رمز صالح.", "Any valid token will do."),
            Localized("ما لا يحفظه سجل نص فارغ.", 'What Sijill does not keep is "".'),
        ),
        answers=success_answer(summary, kind, data),
        cached=True,
    )


class StoreHandlers:
    """Answers requests about the token's own store."""

    def __init__(
        self,
        owners: OwnerTable,
    ) -> None:
        self._owners = owners

    async def store_info(self, request: Request, grant: Grant) -> Response:
        """
        Answer with the token's store.

        Source: Salla "Store Information", GET /store/info.
        """
        return tagged(request, success(info(grant.store)))

    async def user_info(self, request: Request, grant: Grant) -> Response:
        """
        Answer with whoever installed the app, the store, and the token's scopes and expiry.

        Source: Salla "User Information", GET /oauth2/user/info.
        """
        owner = await self._owners.installer(grant.store.id, grant.app_id)
        body = user(grant.store, grant.app_id, grant.scopes, grant.expires_at, owner)
        return tagged(request, success(body))
