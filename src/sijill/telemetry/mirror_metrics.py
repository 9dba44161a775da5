"""The metrics of linked stores; of several, a gauge tells of the one that is worst."""

from collections.abc import Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 60.0, 300.0)


class Figures(NamedTuple):
    """The figures of every linked store together."""

    lag_seconds: float
    """Since upstream was last asked, or heard of."""
    completeness: float
    budget_remaining: int
    slices: Mapping[str, int]
    oldest_confirmed_seconds: float
    verify_queue: int
    tombstones: int
    tombstones_refused: int
    token_seconds_left: float | None
    """None if no token has a known end."""


class MirrorMetrics:
    """Counts what the mirror does, and shows how fresh and complete it is."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(name, text, labels, registry=registry, multiprocess_mode="mostrecent")

        self._lag = gauge("mirror_lag_seconds", "Seconds since upstream told the total last.")
        self._completeness = gauge(
            "mirror_completeness_ratio", "The part of upstream's customers that is here."
        )
        self._budget = gauge(
            "mirror_upstream_budget_remaining", "Requests that upstream may be asked now."
        )
        self._slices = gauge("mirror_slices", "Slices of days by state.", "state")
        self._oldest = gauge(
            "mirror_oldest_confirmed_seconds", "Seconds since the oldest confirmation of a row."
        )
        self._queue = gauge("mirror_verify_queue", "Customers that wait to be asked for.")
        self._token = gauge("mirror_token_seconds_left", "Seconds until the access token ends.")
        self._tombstones = gauge("mirror_tombstones_total", "Customers that upstream deleted.")
        self._refused = gauge(
            "mirror_tombstones_refused_total", "Missing customers who turned out to be there."
        )
        self._requests = Counter(
            "mirror_upstream_requests_total",
            "Requests to upstream.",
            ["lane", "outcome"],
            registry=registry,
        )
        self._heard = Counter(
            "webhook_received_total", "Webhooks of upstream.", ["outcome"], registry=registry
        )
        self._to_row = Histogram(
            "mirror_webhook_to_row_seconds",
            "Seconds from a webhook to the row that it changed.",
            registry=registry,
            buckets=_SECONDS,
        )
        self._drift = Counter(
            "mirror_shape_drift_total",
            "Answers of upstream with a key that is unknown, missing or retyped.",
            ["endpoint", "kind"],
            registry=registry,
        )

    def requested(self, lane: str, outcome: str) -> None:
        """Count one request to upstream."""
        self._requests.labels(lane, outcome).inc()

    def heard(self, outcome: str) -> None:
        """Count one webhook of upstream."""
        self._heard.labels(outcome).inc()

    def row_after(self, seconds: float) -> None:
        """Count one row that a webhook changed after some seconds."""
        self._to_row.observe(max(0.0, seconds))

    def drifted(self, endpoint: str, kind: str) -> None:
        """Count one answer with keys that differ in a kind."""
        self._drift.labels(endpoint, kind).inc()

    def show(self, figures: Figures) -> None:
        """Show the figures of now."""
        self._lag.set(figures.lag_seconds)
        self._completeness.set(figures.completeness)
        self._budget.set(figures.budget_remaining)
        for state, number in figures.slices.items():
            self._slices.labels(state).set(number)
        self._oldest.set(figures.oldest_confirmed_seconds)
        self._queue.set(figures.verify_queue)
        self._tombstones.set(figures.tombstones)
        self._refused.set(figures.tombstones_refused)
        if figures.token_seconds_left is not None:
            self._token.set(figures.token_seconds_left)
