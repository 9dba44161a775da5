"""Capacity: connections, waiting requests and unread answers are bounded, for all and for each."""

import time
from contextlib import ExitStack

import pytest
from fixtures.serving import LARGE, LIMITS, Peer, Site, serving, wait_until

from sijill.server.budget import Budget
from sijill.server.connection import MAX_WAITING
from sijill.server.site import SPARE_FOR_EACH

pytestmark = pytest.mark.proves(
    "clients that read nothing, send nothing or come in masses are cut off or told "
    "that the server is full, and hold nothing afterwards; health is answered all "
    "the same"
)

GET = b"GET /plain HTTP/1.1\r\n\r\n"
GATE = b"GET /gate HTTP/1.1\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\n\r\n"
LARGE_GET = b"GET /large HTTP/1.1\r\n\r\n"
IDLE = LIMITS._replace(receive=60.0)


class Noted(Budget):
    """A budget that remembers the most that was taken at a time."""

    most = 0

    def take(self, client: str, amount: int = 1) -> bool:
        taken = super().take(client, amount)
        self.most = max(self.most, self.taken)
        return taken


def filled(stack: ExitStack, site: Site, count: int) -> list[Peer]:
    """Return so many connections that are there and say nothing."""
    peers = [stack.enter_context(Peer(site.port)) for _ in range(count)]
    wait_until(lambda: len(site.connections) == count)
    return peers


# Connections


def test_a_connection_beyond_the_bound_learns_that_the_server_is_full_or_healthy() -> None:
    with serving(IDLE, places=Budget(2, 2)) as site, ExitStack() as stack:
        first, second = filled(stack, site, 2)
        for request, status in [(GET, 503), (HEALTH, 200)]:
            with Peer(site.port) as third:
                third.send(request + GET)
                answer = third.answer()
                assert (answer.status, answer.headers["connection"]) == (status, "close")
                assert third.is_closed()
        first.send(GET)
        assert first.answer().status == 200
        second.socket.close()
        wait_until(lambda: len(site.connections) == 1)
        with Peer(site.port) as another:
            another.send(GET)
            assert another.answer().status == 200


def test_connections_beyond_the_spare_ones_are_closed_at_once() -> None:
    with serving(IDLE, places=Budget(1, 1)) as site, ExitStack() as stack:
        filled(stack, site, 1 + SPARE_FOR_EACH)
        with Peer(site.port) as peer:
            assert peer.is_closed()


def test_a_spare_connection_that_says_nothing_is_soon_closed() -> None:
    with serving(IDLE, places=Budget(1, 1)) as site, ExitStack() as stack:
        filled(stack, site, 2)
        wait_until(lambda: len(site.connections) == 1)


# Requests that wait


def test_so_many_requests_wait_and_the_bytes_behind_them_stay_unparsed() -> None:
    held = Budget(10_000, 10_000)
    count = MAX_WAITING + 20
    with serving(IDLE, memory=held) as site, Peer(site.port) as peer:
        peer.send(GATE * count)
        wait_until(lambda: site.seen == ["/gate"] and bool(held.taken))
        connection = site.only_connection
        assert len(connection._waiting) <= MAX_WAITING
        assert connection._paused_reading
        assert held.taken == len(connection._unparsed)
        for _ in range(count):
            site.open_gate()
            assert peer.answer().status == 200
        assert held.taken == 0
        assert not connection._paused_reading


def test_bytes_that_nobody_has_room_for_are_refused_after_the_answers_before_them() -> None:
    held = Budget(100, 100)
    with serving(IDLE, memory=held) as site, Peer(site.port) as peer:
        peer.send(GATE + GET * (MAX_WAITING + 20))
        wait_until(lambda: bool(site.refused))
        site.open_gate()
        statuses = [peer.answer().status]
        while statuses[-1] == 200:
            statuses.append(peer.answer().status)
        assert statuses[-1] == 503
        assert len(statuses) <= MAX_WAITING + 2
        assert peer.is_closed()


def place_beside_a_long_pipeline() -> int:
    """Return how many requests of a pipeline of 8,000 were answered before another peer's."""
    with serving(IDLE) as site, Peer(site.port) as greedy, Peer(site.port) as modest:
        wait_until(lambda: len(site.connections) == 2)
        greedy.send(GET * 8_000)
        modest.send(b"GET /modest HTTP/1.1\r\n\r\n")
        assert modest.answer().status == 200
        for _ in range(8_000):
            assert greedy.answer().status == 200
        return site.seen.index("/modest")


def test_a_long_pipeline_gives_others_their_turn() -> None:
    # A machine that has no time for this process may have answered all before the other is sent.
    assert any(place_beside_a_long_pipeline() < 8_000 for _ in range(5))


# Clients that do not read


def test_a_client_that_reads_nothing_is_cut_off_and_what_it_held_comes_back() -> None:
    held = Noted(2 * LARGE, 2 * LARGE)
    with serving(LIMITS, keep_alive=60.0, memory=held) as site, Peer(site.port) as peer:
        peer.send(LARGE_GET * 3)
        wait_until(lambda: held.most > 0 and not site.connections)
        assert site.seen == ["/large"]  # the next answer waits until this one is read
        assert held.taken == 0


def test_a_client_that_reads_slowly_gets_everything() -> None:
    with serving(LIMITS) as site, Peer(site.port) as peer:
        peer.send(LARGE_GET)
        begun = time.monotonic()
        while time.monotonic() - begun < 3 * LIMITS.receive:
            peer._read()
            time.sleep(LIMITS.receive / 10)
        assert len(peer.answer().body) == LARGE


def test_an_answer_that_nobody_has_room_for_ends_its_connection() -> None:
    held = Budget(LARGE // 2, LARGE // 2)
    with serving(IDLE, memory=held) as site, Peer(site.port) as peer:
        peer.send(LARGE_GET)
        wait_until(lambda: site.seen == ["/large"] and not site.connections)
        assert held.taken == 0


def test_a_stop_does_not_wait_for_a_client_that_reads_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    site = Site(LIMITS, keep_alive=60.0)
    site.patience = 60.0
    with site.running(), Peer(site.port) as peer:
        peer.send(LARGE_GET)
        wait_until(lambda: site.seen == ["/large"])
        site.loop.call_soon_threadsafe(site.stop)
        wait_until(lambda: not site.thread.is_alive())
    assert caplog.records == []
