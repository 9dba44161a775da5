"""User Information: the owner an app acts for, the store, and the scopes of the token."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from sijill.http.caching import tagged
from sijill.http.envelope import success
from sijill.http.request import Request, Response
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.oauth.people import Person, PersonTable
from sijill.oauth.tokens import Grant
from sijill.openapi.examples import success_answer
from sijill.stores.model import SHOP
from sijill.stores.routes import ANY_TOKEN
from sijill.stores.store_wire import avatar, plan
from sijill.values.dates import wall_text


class Merchant(Struct, kw_only=True):
    """The store in User Information."""

    id: int
    username: str
    name: str
    avatar: str
    store_location: str = ""
    plan: str
    status: str = "active"
    domain: str = ""
    tax_number: str = ""
    commercial_number: str = ""
    created_at: str


class Context(Struct):
    """The app and the scopes of the token; `exp` is in UTC epoch seconds."""

    app: str
    scope: str
    exp: int


class UserAnswer(Struct, kw_only=True):
    """
    The owner whom an app acts for.

    Source: Salla "User Information", and the `context` that Salla's own PHP client reads.
    """

    id: int
    name: str
    email: str
    mobile: str
    role: str = "user"
    created_at: str
    merchant: Merchant
    context: Context


NEVER = 2**31 - 1
"""The expiry of a token that never expires: clients read a number here."""


def user(grant: Grant, owner: Person | None) -> UserAnswer:
    """
    Return the owner of `PersonTable.user_of`, the store, and the app and scopes of the token.

    Without an owner the store takes the owner's place.
    """
    store = grant.store
    merchant = Merchant(
        id=store.id,
        username=store.name,
        name=store.name,
        avatar=avatar(store),
        plan=plan(store),
        created_at=wall_text(store.created_at, store.timezone),
    )
    exp = NEVER if grant.expires_at is None else int(grant.expires_at)
    context = Context(str(grant.app_id), " ".join(sorted(grant.scopes)), exp)
    person = owner or Person(store.id, store.name, "", "", datetime.min)
    return UserAnswer(
        id=person.id,
        name=person.name,
        email=person.email,
        mobile=person.mobile,
        created_at="" if owner is None else wall_text(owner.created_at, store.timezone),
        merchant=merchant,
        context=context,
    )


@dataclass(frozen=True)
class UserHandlers:
    """Answers requests about the owner behind a token."""

    people: PersonTable

    async def user_info(self, request: Request, grant: Grant) -> Response:
        """
        Answer with the owner whom the app acts for, the store, and the scopes of the token.

        Source: Salla "User Information", GET /oauth2/user/info.
        """
        owner = await self.people.user_of(grant.store.id, grant.app_id)
        if owner is not None:
            request.viewed = "person.view", (owner.id,)
        return tagged(request, success(user(grant, owner)))


def user_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the route of User Information; `handlers` has `user_info`."""
    summary = Localized("معلومات المستخدم", "User Information")
    created_at = datetime(2026, 3, 27, 18, 51, 56, tzinfo=UTC)
    noura = Person(1689171978, "Noura", "owner@example.com", "+966500000001", created_at)
    grant = Grant(1, 1000000001, SHOP, frozenset({"customers.read"}), 1721326955, revoked=False)
    route = Route(
        *("GET", "/oauth2/user/info", handlers.user_info),
        scopes=(),
        id="getUser",
        tag="store",
        summary=summary,
        description=Localized(
            "المالك الذي ثبّت التطبيق، ومتجره، وصلاحيات الرمز وموعد انتهائه. وإذا ثبّته مدير "
            "الخادم بأمر فهو أقدم مالك للمتجر، أو المتجر نفسه إن لم يكن له مالك.",
            "The owner who installed the app, the store, and the token's scopes and expiry. "
            "If the operator installed the app with a command, it is the oldest owner of "
            "the store, or the store itself if it has no owner.",
        ).then(*ANY_TOKEN),
        answers=success_answer(summary, UserAnswer, user(grant, noura)),
        cached=True,
    )
    return (route,)
