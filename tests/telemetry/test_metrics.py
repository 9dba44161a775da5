"""What is counted before an exposition is what prometheus_client itself would have counted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from sijill.telemetry.metrics import _BUCKETS, SHARED, Metrics

pytestmark = pytest.mark.proves(
    "the metrics are those that prometheus_client would have counted, over several workers too"
)

Answer = tuple[str, str, int, float]
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]

answers = st.lists(
    st.tuples(
        st.sampled_from(["GET", "POST", "other"]),
        st.sampled_from(["/customers", "/customers/{customer}", "(edge)"]),
        st.sampled_from([200, 404, 503]),
        st.sampled_from([0.0, *_BUCKETS, 9.0]) | st.floats(0.0, 5.0),
    ),
    max_size=60,
)


def plainly(counted: list[Answer]) -> Samples:
    """Return the samples of metrics to which each answer was told at once."""
    registry = CollectorRegistry()
    requests = Counter("http_requests_total", "", ["method", "route", "status"], registry=registry)
    seconds = Histogram(
        "http_request_duration_seconds",
        "",
        ["method", "route"],
        registry=registry,
        buckets=_BUCKETS,
    )
    for method, route, status, took in counted:
        requests.labels(method, route, str(status)).inc()
        seconds.labels(method, route).observe(took)
    return samples(generate_latest(registry).decode())


def samples(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        if family.name.startswith("http_")
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


@given(st.lists(answers, max_size=5))
def test_the_numbers_are_those_of_prometheus_client(rounds: list[list[Answer]]) -> None:
    metrics, told = Metrics(), []
    for counted in rounds:
        for answer in counted:
            metrics.answered(*answer)
        told += counted
        exposed = samples(metrics.exposition()[0].decode())
        assert exposed == pytest.approx(plainly(told), rel=1e-12)


WORKER = """
import asyncio, json, sys
from sijill.telemetry.metrics import Metrics
metrics = Metrics()
async def turns():
    for answers in json.loads(sys.argv[1]):
        for answer in answers:
            metrics.answered(*answer)
        await asyncio.sleep(0)
asyncio.run(turns())
print("told", flush=True)
input()
sys.stdout.write(metrics.exposition()[0].decode())
"""
"""Counts the answers of some turns of its loop, and exposes the metrics of all workers at last."""


def test_the_numbers_of_several_workers_are_added_up(tmp_path: Path) -> None:
    told = [
        [[("GET", "/customers", 200, 0.0125)] * 7, [("GET", "(edge)", 503, 9.0)] * 2],
        [[("GET", "/customers", 200, 0.25)] * 3 + [("POST", "/customers", 200, 0.001)]],
    ]
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, json.dumps(turns)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {SHARED: str(tmp_path)},
        )
        for turns in told
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "told\n"
    exposed = [worker.communicate("\n", timeout=30)[0] for worker in workers]
    plain = plainly([answer for turns in told for answers in turns for answer in answers])
    assert samples(exposed[0]) == samples(exposed[1]) == pytest.approx(plain)
