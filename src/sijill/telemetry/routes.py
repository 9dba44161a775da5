"""The routes for operators, in words."""

from functools import partial
from typing import Any

from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.openapi.operation import Answer, Body
from sijill.telemetry.wire import HEALTH, HealthAnswer

_TEXT = "text/plain"
_CARRIED = ("Cache-Control", "X-Request-Id")

_route = partial(Route, public=True, tag="operators")


def operator_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of health and of metrics; `handlers` has one for each."""
    return (_liveness(handlers.healthz), _readiness(handlers.readyz), _metrics(handlers.metrics))


def _liveness(handler: Handler) -> Route:
    return _route(
        *("GET", "/healthz", handler),
        always=True,
        id="getLiveness",
        summary=Localized("فحص الحياة", "Liveness"),
        description=Localized(
            "200 ما دامت العملية تجيب أصلًا.", "200 as long as the process answers at all."
        ),
        answers={
            200: Answer(Localized("تجيب.", "It answers."), {HEALTH: Body(HealthAnswer)}, _CARRIED)
        },
    )


def _readiness(handler: Handler) -> Route:
    return _route(
        *("GET", "/readyz", handler),
        always=True,
        id="getReadiness",
        summary=Localized("فحص الجاهزية", "Readiness"),
        description=Localized(
            "200 إن كانت الطلبات تُخدم: قاعدة البيانات تجيب ولم يبدأ إيقاف.",
            "200 if requests can be served: the database answers, and no shutdown has begun.",
        ),
        answers={
            200: Answer(Localized("جاهز.", "It is ready."), {HEALTH: Body(HealthAnswer)}, _CARRIED),
            503: Answer(
                Localized(
                    "غير جاهز: قاعدة البيانات غائبة، أو بدأ الإيقاف.",
                    "Not ready: the database is away, or a shutdown has begun.",
                ),
                {HEALTH: Body(HealthAnswer)},
                _CARRIED,
            ),
        },
    )


def _metrics(handler: Handler) -> Route:
    return _route(
        *("GET", "/metrics", handler),
        id="getMetrics",
        summary=Localized("القياسات", "Metrics"),
        description=Localized(
            "كل ما يعدّه الخادم، بصيغة Prometheus النصية. لا بيانات عملاء فيها.",
            "Everything the server counts, in the text format of Prometheus. It holds nothing "
            "about customers.",
        ),
        answers={200: Answer(Localized("القياسات.", "The metrics."), {_TEXT: Body(str)}, _CARRIED)},
    )
