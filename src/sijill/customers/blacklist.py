"""Bans of customers over HTTP: the answers, the routes."""

from functools import partial
from typing import Any, Literal

from sijill.customers.bans import BAN, REASON_LENGTH
from sijill.customers.routes import CUSTOMER, WRITE
from sijill.errors import Invalid
from sijill.http.envelope import Sentence
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.openapi.examples import one_example, success_answer
from sijill.openapi.operation import Request, refused

BANNED = Sentence("The Blacklist has been updated successfully", 201)
UNBANNED = Sentence("The customer in the blacklist has been removed successfully", 202)
"""English in every language of a request, as in Salla's samples."""

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


def _ban(handler: Any) -> Route:
    sent = one_example(Localized("حظر", "A ban"), {"reason": "untrusted customer"})
    return _route(
        *("PUT", _PATH, handler),
        id="banCustomer",
        summary=Localized("حظر عميل", "Ban Customer"),
        description=Localized(
            "يُحظر العميل لسبب، ويحل السبب الجديد محل السابق إن كان محظورًا. يظهر الحظر في "
            "`fields[]=is_blocked` و `fields[]=block_reason`، ولا يتغير من بقية المفاتيح "
            "إلا `updated_at`.",
            "Bans the customer for a reason; a new reason replaces the earlier one. "
            "`fields[]=is_blocked` and `fields[]=block_reason` show the ban; of the other "
            "keys only `updated_at` changes.",
        ),
        body=Request("Ban", _BAN, sent),
        answers={
            **success_answer(
                Localized("حُظر العميل.", "The customer is banned."),
                Sentence[Literal[201]],
                BANNED,
                201,
            ),
            422: refused(
                Localized(
                    "السبب غائب أو غير مقبول.", "The reason is missing, or cannot be stored."
                ),
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
            "يُرفع الحظر ويُمحى سببه. وإذا لم يكن العميل محظورًا بقي كما هو، والرد نفسه.",
            "Removes the ban and its reason. A customer who is not banned stays as they "
            "are, and the answer is the same.",
        ),
        answers=success_answer(
            *(
                Localized("لم يعد العميل محظورًا.", "The customer is not banned."),
                Sentence[Literal[202]],
                UNBANNED,
                202,
            )
        ),
    )
