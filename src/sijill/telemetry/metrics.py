"""Metrics for Prometheus: base units, few labels, route templates and never ids."""

import asyncio
import os
from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property, partial

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
from sijill.telemetry.mirror_metrics import MirrorMetrics
from sijill.telemetry.replica_metrics import ReplicaMetrics

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable: the folder in which several workers add up their metrics."""

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """
    The metrics of one process; with several workers, `exposition` adds them up.

    Answers are tallied first: prometheus_client takes a lock for each number that it counts. The
    tallies are added to its counters before an exposition; with several workers also at the end of
    each turn of the event loop, since any of them may be asked for the numbers of all.
    """

    def __init__(self, last_backup: Callable[[], float] = lambda: 0.0) -> None:
        """`last_backup` returns when it was taken, in seconds of the epoch; 0 for never."""
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        counter = partial(Counter, registry=registry)
        newest = partial(Gauge, registry=registry, multiprocess_mode="mostrecent")
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time to answer a request; its count by status is http_requests_total.",
            ["method", "route"],
            registry=registry,
            buckets=_BUCKETS,
        )
        self._requests = counter(
            "http_requests_total", "Requests answered.", ["method", "route", "status"]
        )
        self._refused = counter(
            "ratelimit_rejections_total", "Requests refused by a limiter.", ["layer"]
        )
        self._degraded = counter(
            "limiter_degraded_total", "Decisions made while the shared counter was away."
        )
        self._deliveries = counter(
            "webhook_deliveries_total", "Attempts to deliver a webhook.", ["event", "outcome"]
        )
        self._withheld = counter(
            "webhook_deliveries_withheld_total",
            "Deliveries not made, because too many of their app waited.",
        )
        self._read_last_backup = last_backup
        self._last_backup = newest(
            "last_backup_timestamp_seconds",
            "When sijill backup last took a backup from this data folder; 0 for never.",
        )
        newest("build_info", "The version that runs.", ["version"]).labels(__version__).set(1)
        self._shared = SHARED in os.environ
        self._tallies: dict[tuple[str, str, int], list[float]] = {}
        """By method, route and status: answers in each bucket, then the sum of their seconds."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        labels = (method, route, status)
        tally = self._tallies.get(labels)
        if tally is None:
            if self._shared and not self._tallies:
                asyncio.get_running_loop().call_soon(self._add_tallies)
            tally = self._tallies[labels] = [0] * (len(_BUCKETS) + 2)
        tally[bisect_left(_BUCKETS, seconds)] += 1
        tally[-1] += seconds

    def refused(self, limiter: str) -> None:
        """Count one request that a limiter refused."""
        self._refused.labels(limiter).inc()

    def degraded(self) -> None:
        """Count one decision made without the shared counter."""
        self._degraded.inc()

    def delivered(self, event: str, outcome: str) -> None:
        """Count one attempt to deliver a webhook."""
        self._deliveries.labels(event, outcome).inc()

    def withheld(self, number: int) -> None:
        """Count deliveries that were not made."""
        self._withheld.inc(number)

    @cached_property
    def mirror(self) -> MirrorMetrics:
        """The metrics of linked stores; without any, there are none to expose."""
        return MirrorMetrics(self._registry)

    @cached_property
    def replica(self) -> ReplicaMetrics:
        """The metrics of a replica; without one, there are none to expose."""
        return ReplicaMetrics(self._registry)

    def exposition(self) -> tuple[bytes, str]:
        """Return every metric as text, and its media type."""
        self._add_tallies()
        self._last_backup.set(self._read_last_backup())
        registry = self._registry
        if self._shared:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST

    def _add_tallies(self) -> None:
        tallies, self._tallies = self._tallies, {}
        for (method, route, status), (*buckets, seconds) in tallies.items():
            self._requests.labels(method, route, str(status)).inc(sum(buckets))
            histogram = self._seconds.labels(method, route)
            histogram._sum.inc(seconds)  # its public method adds one observation at a time
            for bucket, count in zip(histogram._buckets, buckets, strict=True):
                if count:
                    bucket.inc(count)
