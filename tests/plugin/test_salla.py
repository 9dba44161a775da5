"""What the fixture `salla` gives to a test: a store, a clock, faults, and a journal."""

import asyncio
import http.client
import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from plugin.conftest import AHMED
from sijill.pytest_plugin import Salla, Server
from sijill.testing.client import Client
from sijill.testing.control import ControlRefused

pytestmark = pytest.mark.proves("with the plugin of pytest, each test has a store of its own")


def names(server: Server) -> set[str]:
    told = Client(server.url, server.admin_token).get("/_/ns").json()
    return {one["name"] for one in told["namespaces"]}


def test_the_app_gets_an_address_and_a_token(salla: Salla) -> None:
    assert salla.url.endswith("/admin/v2")
    answer = Client(salla.url, salla.token).get(AHMED)
    assert (answer.status_code, answer.json()["data"]["first_name"]) == (200, "Ahmed")
    assert answer.headers["X-RateLimit-Remaining"] == "499"
    assert Client(salla.url, "not the token").get(AHMED).status_code == 401


def test_an_app_logs_in_by_its_id_and_secret(salla: Salla) -> None:
    base = salla.url.removesuffix("/admin/v2")
    body = f"client_id={salla.client_id}&client_secret={salla.client_secret}"
    body += f"&grant_type=refresh_token&refresh_token={salla.refresh_token}"
    answers = []
    for secret in (salla.client_secret, "another"):
        connection = http.client.HTTPConnection(urlsplit(base).netloc)
        connection.request(
            "POST",
            f"{urlsplit(base).path}/oauth2/token",
            body.replace(salla.client_secret, secret),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        with connection.getresponse() as answer:
            answers.append(answer.read())
        connection.close()
    assert b"access_token" in answers[0]
    assert b"invalid_client" in answers[1]


def test_a_token_expires_when_a_test_says_so(salla: Salla) -> None:
    assert salla.client.get(AHMED).status_code == 200
    salla.expire_token()
    assert salla.client.get(AHMED).status_code == 401


def test_the_client_sends_json_and_parameters(salla: Salla) -> None:
    made = salla.client.post("/customers", json={"first_name": "Sara", "email": "s@example.com"})
    path = f"/customers/{made.json()['data']['id']}"
    assert salla.client.put(path, json={"first_name": "Salma"}).status_code == 200
    found = salla.client.get("/customers?per_page=5", params={"keyword": "Salma"}).json()
    assert [one["first_name"] for one in found["data"]] == ["Salma"]
    assert salla.client.delete(path, headers={"Accept-Language": "en"}).status_code == 200
    assert "Ahmed" in salla.client.get(AHMED).text
    kept = [one.op for one in salla.requests]
    assert kept == [
        f"customers.{verb}" for verb in ("create", "update", "list", "delete", "details")
    ]


def test_a_namespace_is_gone_with_its_block(salla_server: Server) -> None:
    with salla_server.namespace("mine", settings={"customers_limit": "2/10m"}) as mine:
        assert mine.name == "mine"
        assert mine.client.get(AHMED).headers["X-RateLimit-Limit"] == "2"
        with salla_server.namespace("mine") as other:
            assert other.name.startswith("mine-")
            assert other.token != mine.token
            assert {mine.name, other.name} <= names(salla_server)
    assert not {mine.name, other.name} & names(salla_server)


def test_a_namespace_without_a_name_gets_one(salla_server: Server) -> None:
    with salla_server.namespace() as one, salla_server.namespace() as other:
        assert one.name != other.name


def test_a_refused_call_says_which_and_why(salla_server: Server, salla: Salla) -> None:
    with (
        pytest.raises(ControlRefused, match=r"POST http://\S+/ns: 422 no_such is not a setting"),
        salla_server.namespace(settings={"no_such": "1"}),
    ):
        pass
    with pytest.raises(ControlRefused, match="404 there is no such snapshot"):
        salla.restore("never")
    nowhere = Server(salla.dead_url, "token")
    with pytest.raises(ControlRefused, match=r"no sandbox answers there: .*refused") as refused:
        nowhere.check("customers.list")
    assert refused.value.status == 0


def test_a_dead_url_refuses_connections_for_the_whole_test(salla: Salla) -> None:
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            Client(salla.dead_url, salla.token).get("/customers")
    port = urlsplit(salla.dead_url).port
    with socket.socket() as taken, pytest.raises(OSError):
        taken.bind(("127.0.0.1", port))


# Time


def test_a_limit_ends_when_the_clock_moves(salla: Salla) -> None:
    salla.clock.freeze()
    before = salla.clock.now()
    salla.client.get(AHMED)
    assert salla.client.get(AHMED).headers["X-RateLimit-Remaining"] == "498"
    moved = salla.clock.advance(timedelta(minutes=10))
    assert (moved.begin, moved.end) == (before, before + timedelta(minutes=10))
    assert (moved.did, moved.next_due) == ([], None)
    assert salla.clock.now() == moved.end
    assert salla.client.get(AHMED).headers["X-RateLimit-Remaining"] == "499"


def test_a_clock_is_set_frozen_and_resumed(salla: Salla) -> None:
    at = datetime(2090, 3, 1, tzinfo=UTC)
    assert salla.clock.set("2090-02-01T00:00:00Z").end >= datetime(2090, 2, 1, tzinfo=UTC)
    salla.clock.freeze()
    salla.clock.set(at)
    assert salla.clock.now() == at
    salla.clock.resume()
    assert salla.clock.now() > at
    with pytest.raises(ControlRefused, match="goes back only with a snapshot"):
        salla.clock.set(at - timedelta(days=1))
    with pytest.raises(ControlRefused, match="seconds"):
        salla.clock.advance(-1)


def test_a_sleep_moves_the_clock_and_returns(salla: Salla) -> None:
    salla.clock.freeze()
    before = salla.clock.now()
    salla.clock.sleep(3600)
    asyncio.run(salla.clock.asleep(60.5))
    salla.clock.sleep(-1)  # as time.sleep does after a deadline has passed meanwhile
    assert salla.clock.now() - before == timedelta(seconds=3660.5)


def test_a_snapshot_brings_back_rows_and_time(salla: Salla) -> None:
    salla.clock.freeze()
    before = salla.clock.now()
    salla.snapshot()
    salla.snapshot("another")
    salla.client.delete(AHMED)
    salla.clock.advance(60)
    assert salla.client.get(AHMED).status_code == 404
    salla.restore()
    assert salla.client.get(AHMED).status_code == 200
    assert salla.clock.now() == before
    salla.restore("another")


# Faults


def test_faults_come_in_order_and_keep_their_hits(salla: Salla) -> None:
    salla.faults.add("customers.details", status=503, times=1, wait=4)
    first = salla.client.get(AHMED)
    assert (first.status_code, first.headers["Retry-After"]) == (503, "4")
    salla.faults.add("customers.details", kind="empty", times=1, match={"customer": 2075683582})
    with pytest.raises(http.client.RemoteDisconnected):
        salla.client.get(AHMED)
    assert salla.client.get(AHMED).status_code == 200
    assert [(one["kind"], one["hits"], one["spent"]) for one in salla.faults.report()] == [
        ("status", 1, True),
        ("empty", 1, True),
    ]


def test_cleared_faults_are_met_no_more(salla: Salla) -> None:
    salla.faults.add("customers.list", status=500)
    assert salla.client.get("/customers").status_code == 500
    salla.faults.clear()
    assert salla.client.get("/customers").status_code == 200
    assert salla.faults.report() == []


@pytest.mark.parametrize(
    ("op", "rule", "kind", "sentence"),
    [
        ("customers.detail", {"status": 500}, ValueError, "is it customers.details"),
        ("nothing", {"status": 500}, ValueError, r"bans\.create or .* or webhooks\.update"),
        ("customers.list", {"status": 418}, ControlRefused, "status is one of"),
        ("customers.list", {}, ControlRefused, "kind"),
        ("customers.list", {"kind": "empty", "tiems": 1}, ControlRefused, "tiems"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    salla: Salla, op: str, rule: dict[str, object], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        salla.faults.add(op, **rule)  # type: ignore[arg-type]
    assert salla.faults.report() == []


# The journal


def test_requests_are_told_in_order(salla: Salla) -> None:
    salla.faults.add("customers.list", status=429, times=1)
    salla.client.get("/customers", params={"page": 2})
    salla.client.get("/nothing")
    first, second = salla.requests
    assert (first.op, first.method, first.path) == ("customers.list", "GET", "/customers")
    assert (first.query, first.status, first.fault) == ("page=2", 429, "status")
    assert (second.op, second.path, second.status, second.fault) == ("", "/nothing", 404, None)
    assert first.entry["at"] == first.at


def test_calls_are_counted_and_matched(salla: Salla) -> None:
    salla.assert_never("customers.details")
    salla.client.get(AHMED)
    salla.client.get("/customers/1")
    salla.assert_called("customers.details")
    salla.assert_called("customers.details", times=2, method="GET")
    salla.assert_called("customers.details", times=1, status=404)
    salla.assert_called("customers.details", 1, path=AHMED)
    salla.assert_called("customers.details", 1, path=f"/admin/v2{AHMED}", fault=None)
    salla.assert_never("customers.details", fault="status")
    salla.assert_called("customers.create", times=0)


def test_a_call_is_waited_for(salla: Salla) -> None:
    async def later() -> None:
        waiting = asyncio.create_task(
            asyncio.to_thread(salla.assert_called, "customers.details", 1, within=10, path=AHMED)
        )
        await asyncio.to_thread(salla.client.get, AHMED)
        await waiting

    asyncio.run(later())
    salla.assert_called("customers.create", times=0, within=0.01)
