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
            "200 ما دامت عملية الخادم تستجيب.", "200 as long as the process answers."
        ),
        answers={
            200: Answer(
                Localized("العملية تستجيب.", "The process answers."),
                {HEALTH: Body(HealthAnswer)},
                _CARRIED,
            )
        },
    )


def _readiness(handler: Handler) -> Route:
    return _route(
        *("GET", "/readyz", handler),
        always=True,
        id="getReadiness",
        summary=Localized("فحص الجاهزية", "Readiness"),
        description=Localized(
            "200 إذا كان الخادم مستعدًا للطلبات: قاعدة البيانات تستجيب، ولم يبدأ إيقاف الخادم.",
            "200 if requests can be served: the database answers, and no shutdown has begun.",
        ),
        answers={
            200: Answer(
                Localized("الخادم جاهز.", "The server is ready."),
                {HEALTH: Body(HealthAnswer)},
                _CARRIED,
            ),
            503: Answer(
                Localized(
                    "الخادم غير جاهز: قاعدة البيانات لا تستجيب، أو بدأ إيقاف الخادم.",
                    "The server is not ready: the database does not answer, or a shutdown "
                    "has begun.",
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
            "كل ما يعدّه الخادم، بصيغة Prometheus النصية. ليس فيها بيانات عملاء.",
            "Everything that the server counts, in the text format of Prometheus. It holds "
            "no data of customers.",
        ),
        answers={200: Answer(Localized("القياسات.", "The metrics."), {_TEXT: Body(str)}, _CARRIED)},
    )
