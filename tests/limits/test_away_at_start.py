"""A server that starts while its shared counter is away says so at once."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from sijill.counting import open_counters
from sijill.settings import load
from sijill.telemetry.metrics import Metrics


def logged(url: str, on_error: str = "local") -> list[dict[str, object]]:
    flags = {"redis_url": url, "on_counter_error": on_error}
    settings, _ = load(flags, {}, Path("/nonexistent"))

    async def start() -> None:
        await (await open_counters(settings, Metrics())).close()

    with capture_logs() as lines:
        asyncio.run(start())
    return [dict(line) for line in lines]


@pytest.mark.parametrize(
    ("on_error", "meanwhile"),
    [
        ("local", "each process counts its share of every limit"),
        ("open", "every request passes"),
        ("closed", "every request that a limit counts is refused"),
    ],
)
def test_a_counter_that_is_away_is_named_with_what_happens_meanwhile(
    on_error: str, meanwhile: str
) -> None:
    (line,) = logged("redis://:topsecret@127.0.0.1:1/0", on_error)
    assert line == {
        "event": "counter_away_at_start",
        "log_level": "warning",
        "host": "127.0.0.1",
        "port": 1,
        "meanwhile": meanwhile,
    }


@pytest.mark.valkey
def test_a_counter_that_answers_is_not_named(valkey_url: str) -> None:
    assert logged(valkey_url) == []
