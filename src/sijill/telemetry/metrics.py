"""Metrics for Prometheus: base units, few labels, route templates and never ids."""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from sijill import __version__

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable: the folder in which several workers add up their metrics."""

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The metrics of one process; with several workers, `exposition` adds them up."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        registry = CollectorRegistry()
        self._registry = registry
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time to answer a request; its count by status is http_requests_total.",
            ["method", "route"],
            registry=registry,
            buckets=_BUCKETS,
        )
        self._requests = Counter(
            "http_requests_total",
            "Requests answered.",
            ["method", "route", "status"],
            registry=registry,
        )
        self._refused = Counter(
            "ratelimit_rejections_total",
            "Requests refused by a limiter.",
            ["layer"],
            registry=registry,
        )
        self._degraded = Counter(
            "limiter_degraded_total",
            "Decisions made while the shared counter was away.",
            registry=registry,
        )
        self._deliveries = Counter(
            "webhook_deliveries_total",
            "Attempts to deliver a webhook.",
            ["event", "outcome"],
            registry=registry,
        )
        build = Gauge(
            "build_info",
            "The version that runs.",
            ["version"],
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        build.labels(__version__).set(1)
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        labels = (method, route, status)
        child = self._children.get(labels)
        if child is None:  # looking a child up by its labels costs more than counting
            child = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(method, route),
            )
            self._children[labels] = child
        child[0].inc()
        child[1].observe(seconds)

    def refused(self, limiter: str) -> None:
        """Count one request that a limiter refused."""
        self._refused.labels(limiter).inc()

    def degraded(self) -> None:
        """Count one decision made without the shared counter."""
        self._degraded.inc()

    def delivered(self, event: str, outcome: str) -> None:
        """Count one attempt to deliver a webhook."""
        self._deliveries.labels(event, outcome).inc()

    def exposition(self) -> tuple[bytes, str]:
        """Return every metric as text, and its media type."""
        registry = self._registry
        if SHARED in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST
