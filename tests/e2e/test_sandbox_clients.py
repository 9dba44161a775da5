"""Each fault of the sandbox, as four clients meet it: the promised error, and the exact hits."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import PATIENCE, Shell
from e2e.faults import CLIENTS, Met, by_curl
from e2e.sandboxes import Running, running_sandbox
from sijill.customers.examples import AHMED

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("httpx, requests, fetch and PHP's curl meet each fault of the sandbox"),
]

BRIEF, LONG = 0.4, 30.0
"""Seconds that a client waits, and that a fault makes it wait, where the client gives up."""

ERRORS = {
    "closed": {
        "httpx": "RemoteProtocolError",
        "requests": "RemoteDisconnected",
        "fetch": "UND_ERR_SOCKET",
        "curl": "52",
    },
    "reset": {
        "httpx": "ReadError",
        "requests": "ConnectionResetError",
        "fetch": "ECONNRESET",
        "curl": "56",
    },
    "cut": {
        "httpx": "RemoteProtocolError",
        "requests": "ProtocolError",
        "fetch": "UND_ERR_SOCKET",
        "curl": "18",
    },
    "late": {
        "httpx": "ReadTimeout",
        "requests": "ReadTimeoutError",
        "fetch": "TimeoutError",
        "curl": "28",
    },
}
"""What each client calls its failure."""


def is_whole(met: Met) -> bool:
    return (met.error, met.status, met.limit, met.is_json) == ("", 200, "500", True)


def has_status(status: int) -> Callable[[Met], bool]:
    def check(met: Met) -> bool:
        return (met.error, met.status, met.limit, met.is_json) == ("", status, "500", True)

    return check


def is_page(met: Met) -> bool:
    return (met.error, met.status, met.limit) == ("", 502, None) and "502 Bad Gateway" in met.text


def is_malformed(met: Met) -> bool:
    return (met.error, met.status, met.is_json) == ("", 200, False)


def is_bare(met: Met) -> bool:
    return (met.error, met.status, met.limit, met.is_json) == ("", 200, None, True)


Promise = str | Callable[[Met], bool]
"""A row of ERRORS, or a check of the answer."""

FAULTS: list[tuple[dict[str, Any], Promise]] = [
    *[
        ({"kind": "status", "status": status}, has_status(status))
        for status in (401, 403, 404, 422, 429, 500, 503)
    ],
    ({"kind": "html-502"}, is_page),
    ({"kind": "delay", "seconds": 0.05}, is_whole),
    ({"kind": "delay", "seconds": LONG}, "late"),
    ({"kind": "stall", "seconds": 0.05}, "closed"),
    ({"kind": "stall", "seconds": LONG}, "late"),
    ({"kind": "empty"}, "closed"),
    ({"kind": "reset"}, "reset"),
    ({"kind": "truncate"}, "cut"),
    ({"kind": "malformed"}, is_malformed),
    ({"kind": "drip", "seconds": 0.1}, is_whole),
    ({"kind": "drop-headers"}, is_bare),
    ({"kind": "status", "status": 503, "phase": "after-commit"}, has_status(503)),
    ({"kind": "html-502", "phase": "after-commit"}, is_page),
    ({"kind": "empty", "phase": "after-commit"}, "closed"),
    ({"kind": "reset", "phase": "after-commit"}, "reset"),
    ({"kind": "stall", "seconds": LONG, "phase": "after-commit"}, "late"),
]


def name_of(rule: Any) -> str:
    """Return the name of a case: `stall-30.0-after-commit`."""
    if not isinstance(rule, dict):
        return ""
    return "-".join(str(value) for value in rule.values())


@pytest.fixture(scope="module")
def running(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_sandbox(Shell(installed, tmp_path_factory.mktemp("clients"))) as server:
        yield server


def hits_of(running: Running) -> int:
    """Return how often the only rule of the namespace has hit."""
    [told] = running.admin.get("/_/ns/met/faults").json()["faults"]
    hits: int = told["hits"]
    return hits


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("rule", "promise"), FAULTS, ids=name_of)
def test_a_client_meets_the_fault_once(
    running: Running, client: str, rule: dict[str, Any], promise: Promise
) -> None:
    made = running.create("met")
    try:
        put = {"faults": [{"op": "customers.details", "times": 1} | rule]}
        assert running.admin.put("/_/ns/met/faults", json=put).status_code == 200
        url, ask = f"{made['url']}/customers/{AHMED.id}", CLIENTS[client]
        seconds = BRIEF if promise == "late" else PATIENCE
        met = ask(url, made["token"], seconds)
        while promise == "late" and not hits_of(running):  # a busy machine: it gave up too early
            met = ask(url, made["token"], seconds)
        good = ask(url, made["token"], PATIENCE)
        if isinstance(promise, str):
            assert met.error == ERRORS[promise][client], met
        else:
            assert promise(met), met
        assert (good.error, good.status) == ("", 200)
        [told] = running.admin.get("/_/ns/met/faults").json()["faults"]
        assert (told["hits"], told["spent"]) == (1, True)
        entries = running.admin.get("/_/ns/met/requests").json()["requests"]
        assert [entry["fault"] for entry in entries] == [rule["kind"], None]
    finally:
        running.admin.delete("/_/ns/met")


@pytest.mark.parametrize("kind", ["empty", "reset"])
def test_curl_sends_again_what_a_used_connection_loses(running: Running, kind: str) -> None:
    made = running.create("again")
    try:
        rule = {"op": "customers.details", "kind": kind, "skip": 1}
        running.admin.put("/_/ns/again/faults", json={"faults": [rule]})
        met = by_curl(f"{made['url']}/customers/{AHMED.id}", made["token"], PATIENCE, count=2)
        assert met.error == ERRORS["closed" if kind == "empty" else kind]["curl"]
        [told] = running.admin.get("/_/ns/again/faults").json()["faults"]
        assert told["hits"] == 2
    finally:
        running.admin.delete("/_/ns/again")
