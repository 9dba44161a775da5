"""The metrics of reads that a replica may answer."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class ReplicaMetrics:
    """Counts who answers such reads, and shows how old the replica is."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._reads = Counter(
            "replica_reads_total",
            "Reads that a replica may answer: by it, or why the primary answered.",
            ["outcome"],
            registry=registry,
        )
        self._age = Gauge(
            "replica_age_seconds",
            "Seconds since the replica is known to have had every write.",
            registry=registry,
            multiprocess_mode="mostrecent",
        )

    def read(self, outcome: str) -> None:
        """Count one read."""
        self._reads.labels(outcome).inc()

    def aged(self, seconds: float) -> None:
        """Show how old the replica is."""
        self._age.set(seconds)
