"""Bans of customers: the change of a customer, the body and the answers, the routes."""

from datetime import datetime
from functools import partial
from typing import Any, Literal

from msgspec.structs import replace

from sijill.customers.model import Customer, Extras, changed_at
from sijill.customers.routes import CUSTOMER, WRITE
from sijill.errors import Invalid
from sijill.fields.field import Field, Table
from sijill.fields.form import Fields
from sijill.fields.texts import text
from sijill.http.envelope import Sentence
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.openapi.examples import one_example, success_answer
from sijill.openapi.operation import Request, refused

REASON_LENGTH = 255
"""The largest length of a reason, in characters."""


def banned(customer: Customer, reason: str, now: datetime) -> Customer:
    """Return the customer banned for a reason, which replaces another one of an earlier ban."""
    extras = replace(customer.extras or Extras(), is_blocked=True, block_reason=reason)
    return changed_at(now, customer, replace(customer, extras=extras))


def unbanned(customer: Customer, now: datetime) -> Customer:
    """Return the customer without ban and reason; unchanged if it has neither."""
    old = customer.extras or Extras()
    extras = replace(old, is_blocked=False, block_reason=None)
    return customer if extras == old else replace(customer, extras=extras, updated_at=now)


BANNED = Sentence("The Blacklist has been updated successfully", 201)
UNBANNED = Sentence("The customer in the blacklist has been removed successfully", 202)
"""English in every language of a request, as in Salla's samples."""

BAN = Table(
    Field(
        "reason",
        text(REASON_LENGTH),
        sentence=Localized("سبب الحظر.", "Why the customer is banned."),
    )
)


def read_reason(fields: Fields) -> str:
    """
    Return the reason of a ban. Source: Salla "Ban Customer".

    Raises: Invalid if it is missing or unstorable.
    """
    form, values = BAN.read({"reason": fields.get("reason")})  # an absent reason is as an empty one
    form.check()
    reason: str = values["reason"]
    return reason


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
            "يُرفع الحظر ويُمحى سببه. وإن لم يكن العميل محظورًا بقي كما هو، والجواب نفسه.",
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
