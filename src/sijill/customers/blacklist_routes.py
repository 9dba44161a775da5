"""The routes of bans, and what each is in words."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from sijill.customers.blacklist import REASON_LENGTH
from sijill.customers.blacklist_wire import BAN, BANNED, UNBANNED, told
from sijill.customers.routes import CUSTOMER, WRITE
from sijill.errors import Invalid
from sijill.http.envelope import Sentence
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.openapi.examples import example, one_example
from sijill.openapi.operation import Answer, Envelope, Request, answer, refused

_PATH = "/customers/blacklist/{customer}"
_BAN = BAN.schema("reason")

_route = partial(
    Route,
    scopes=WRITE,
    customers=True,
    tag="customers",
    parameters=(CUSTOMER,),
    conditional=True,
)


def blacklist_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of banning and unbanning; `handlers` has one for each."""
    return (_ban(handlers.ban), _unban(handlers.unban))


def _done(text: Localized, kind: Any, message: str, status: int) -> Mapping[int, Answer]:
    envelope = Envelope(kind, status)
    return {status: answer(text, envelope, lambda _: example(text, told(message, status)))}


def _ban(handler: Any) -> Route:
    sent = one_example(Localized("حظر", "A ban"), {"reason": "untrusted customer"})
    return _route(
        *("PUT", _PATH, handler),
        id="banCustomer",
        summary=Localized("حظر عميل", "Ban Customer"),
        description=Localized(
            "يُحظر العميل لسبب؛ وإن كان محظورًا صار هذا سببه. يظهر ذلك في `fields[]=is_blocked` "
            "و `fields[]=block_reason`، ولا يتغير من غيرهما إلا `updated_at`.",
            "The customer is banned for a reason; of one who is banned, the reason is replaced. "
            "`fields[]=is_blocked` and `fields[]=block_reason` show it; of the other keys only "
            "`updated_at` changes.",
        ),
        body=Request("Ban", _BAN, sent),
        answers={
            **_done(Localized("محظور.", "It is banned."), Sentence[Literal[201]], BANNED, 201),
            422: refused(
                Localized("لا سبب، أو سبب لا يُقبل.", "No reason, or one that cannot be kept."),
                Invalid({"reason": ["required"]}),
                Invalid({"reason": [f"max:{REASON_LENGTH}"]}),
            ),
        },
    )


def _unban(handler: Any) -> Route:
    return _route(
        *("DELETE", _PATH, handler),
        id="unbanCustomer",
        summary=Localized("رفع الحظر", "Un-Ban Customer"),
        description=Localized(
            "يُرفع الحظر ويُمحى سببه. من لم يُحظر يبقى كما هو، والجواب نفسه.",
            "The ban and its reason are gone. One who is not banned stays as it is, and the answer "
            "is the same.",
        ),
        answers=_done(
            *(Localized("غير محظور.", "It is not banned."), Sentence[Literal[202]], UNBANNED, 202)
        ),
    )
