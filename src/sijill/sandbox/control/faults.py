"""Control calls about the faults of a namespace: those of requests, and those of webhooks."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sijill.localized import Localized
from sijill.sandbox.control.answers import FaultList, FaultReport, Released, WebhookFaultReport
from sijill.sandbox.control.bodies import Release, Rules
from sijill.sandbox.control.problems import Problem, Refusal
from sijill.sandbox.control.route import Call, ControlRoute, Handler
from sijill.sandbox.faults import FaultRule
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.rules import RuleSet
from sijill.sandbox.webhooks.rules import WebhookRule
from sijill.settings import Settings

IDLE = Refusal(
    409,
    Localized(
        "لا ترسل المساحة ما يمكن أن تصيبه هذه الأخطاء",
        "the namespace sends nothing that these faults could meet",
    ),
)
NOT_HELD = Refusal(
    404,
    Localized("لا إرسال محجوزًا لهذا الحدث", "no delivery of this event is held"),
)


class _Kind(NamedTuple):
    """One kind of rules: where they are, and how its calls are described."""

    path: str
    noun: str
    """The end of the ids of its calls."""
    body: Any
    answer: Any
    set_of: Callable[[Namespace], RuleSet[Any]]
    example: Any
    texts: tuple[Localized, Localized, Localized, Localized]
    """The summaries of GET, PUT, POST and DELETE."""
    refusals: tuple[Refusal, ...] = ()
    is_idle: Callable[[Settings], bool] = lambda settings: False
    """Whether rules would never meet anything: they are refused."""


def _routes(kind: _Kind) -> tuple[ControlRoute, ...]:
    """Return the calls that show and change the rules of one kind."""

    def rules(call: Call) -> Any:
        if kind.is_idle(call.namespace.identity.settings):
            raise Problem(IDLE)
        return call.body.faults

    async def show(call: Call) -> FaultList[Any]:
        return FaultList(kind.set_of(call.namespace).report())

    async def put(call: Call) -> FaultList[Any]:
        kind.set_of(call.namespace).put(rules(call))
        return await show(call)

    async def add(call: Call) -> FaultList[Any]:
        kind.set_of(call.namespace).add(rules(call))
        return await show(call)

    async def delete(call: Call) -> None:
        kind.set_of(call.namespace).put([])

    def changing(method: str, handler: Handler, verb: str, summary: Localized) -> ControlRoute:
        return ControlRoute(
            *(method, path, handler, f"{verb}{kind.noun}", summary),
            answer=kind.answer,
            body=kind.body,
            example={"faults": [kind.example]},
            refusals=kind.refusals,
        )

    path = f"ns/{{ns}}/{kind.path}"
    listed, replaced, added, cleared = kind.texts
    return (
        ControlRoute("GET", path, show, f"list{kind.noun}", listed, answer=kind.answer),
        changing("PUT", put, "put", replaced),
        changing("POST", add, "add", added),
        ControlRoute("DELETE", path, delete, f"clear{kind.noun}", cleared),
    )


_REQUESTS = _Kind(
    "faults",
    "Faults",
    Rules[FaultRule],
    FaultList[FaultReport],
    lambda namespace: namespace.faults,
    {"op": "customers.details", "times": 1, "kind": "status", "status": 503},
    (
        Localized("قواعد أخطاء الطلبات", "List the faults of requests"),
        Localized("استبدال قواعد أخطاء الطلبات", "Replace the faults of requests"),
        Localized("إضافة قواعد إلى أخطاء الطلبات", "Add faults of requests"),
        Localized("حذف قواعد أخطاء الطلبات", "Remove the faults of requests"),
    ),
)
_WEBHOOKS = _Kind(
    "webhook-faults",
    "WebhookFaults",
    Rules[WebhookRule],
    FaultList[WebhookFaultReport],
    lambda namespace: namespace.hooks.faults,
    {"event": "customer.created", "times": 1, "kind": "duplicate"},
    (
        Localized("قواعد أخطاء الإشعارات", "List the faults of webhooks"),
        Localized("استبدال قواعد أخطاء الإشعارات", "Replace the faults of webhooks"),
        Localized("إضافة قواعد إلى أخطاء الإشعارات", "Add faults of webhooks"),
        Localized("حذف قواعد أخطاء الإشعارات", "Remove the faults of webhooks"),
    ),
    (IDLE,),
    lambda settings: settings.webhooks != "send",
)


async def _release(call: Call) -> Released:
    try:
        return Released(await call.namespace.background.release(call.body.order))
    except KeyError as unknown:
        raise Problem(NOT_HELD, f"no delivery of {unknown.args[0]} is held") from None


ROUTES = (
    *_routes(_REQUESTS),
    *_routes(_WEBHOOKS),
    ControlRoute(
        *("POST", "ns/{ns}/deliveries/release", _release),
        id="releaseDeliveries",
        summary=Localized("إرسال ما حُجز", "Release what is held"),
        description=Localized(
            "يُرسل كل محجوز بعد الرد على الذي قبله.",
            "Each is sent once the one before it has its answer.",
        ),
        answer=Released,
        body=Release,
        example={"order": "last"},
        refusals=(NOT_HELD,),
    ),
)
