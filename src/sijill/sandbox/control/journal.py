"""Control calls about the requests that a namespace got, and the deliveries that it made."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from sijill.http.query import parse_query
from sijill.localized import Localized
from sijill.sandbox.control.answers import DeliveryList, RequestList
from sijill.sandbox.control.bodies import DeliveryMatch, RequestMatch, Wait
from sijill.sandbox.control.problems import Problem, Refusal
from sijill.sandbox.control.route import Call, ControlRoute
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.ring import Ring

TOO_LATE = Refusal(
    408,
    Localized("لم يأتِ العدد المطلوب في الوقت المحدد", "so many did not come in time"),
)
BAD_QUERY = Refusal(
    422,
    Localized(
        "في الاستعلام اسم أو قيمة لا تُقبل",
        "the query has a name or a value that is not accepted",
    ),
)


class _Kind(NamedTuple):
    """One kind of entries: where they are, and how its calls are described."""

    path: str
    noun: str
    """The end of the ids of its calls."""
    match: Any
    body: Any
    """The body of the wait."""
    answer: Any
    ring_of: Callable[[Namespace], Ring[Any]]
    example: Any
    texts: tuple[Localized, Localized]
    """The summaries of the list and of the wait."""


def _routes(kind: _Kind) -> tuple[ControlRoute, ...]:
    """Return the calls that list the entries of a ring, and wait for them."""

    async def show(call: Call) -> Any:
        asked = dict(parse_query(call.request.query))
        try:
            match = msgspec.convert(asked, kind.match, strict=False)
        except msgspec.ValidationError as fault:
            raise Problem(BAD_QUERY, str(fault)) from None
        ring = kind.ring_of(call.namespace)
        return kind.answer(ring.find(match.fits), ring.overflowed)

    async def wait(call: Call) -> Any:
        asked, ring = call.body, kind.ring_of(call.namespace)
        found = await ring.wait(asked.fits, asked.count, asked.within)
        if len(found) < asked.count:
            raise Problem(TOO_LATE, f"{len(found)} of {asked.count} {kind.path} came in time")
        return kind.answer(found, ring.overflowed)

    path = f"ns/{{ns}}/{kind.path}"
    listed, waited = kind.texts
    return (
        ControlRoute(
            *("GET", path, show, f"list{kind.noun}", listed),
            answer=kind.answer,
            query=kind.match,
            refusals=(BAD_QUERY,),
        ),
        ControlRoute(
            *("POST", f"{path}/wait", wait, f"waitFor{kind.noun}", waited),
            Localized(
                "يُرد على الطلب حال وصول العدد المطلوب، مما مضى ومما يأتي.",
                "Answered as soon as there are so many, those that came before included.",
            ),
            kind.answer,
            kind.body,
            {"match": kind.example, "count": 1, "within": 1},
            refusals=(TOO_LATE,),
        ),
    )


ROUTES = (
    *_routes(
        _Kind(
            "requests",
            "Requests",
            RequestMatch,
            Wait[RequestMatch],
            RequestList,
            lambda namespace: namespace.journal,
            {"op": "customers.details"},
            (
                Localized("سجل الطلبات", "List requests"),
                Localized("انتظار طلبات", "Wait for requests"),
            ),
        )
    ),
    *_routes(
        _Kind(
            "deliveries",
            "Attempts",
            DeliveryMatch,
            Wait[DeliveryMatch],
            DeliveryList,
            lambda namespace: namespace.hooks.attempts,
            {"event": "customer.created", "outcome": "delivered"},
            (
                Localized("محاولات الإرسال", "List attempts to deliver"),
                Localized("انتظار محاولات إرسال", "Wait for attempts to deliver"),
            ),
        )
    ),
)
