"""Requests that come during one look-up of a grant share it, and harm each other in no way."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sijill.errors import InvalidToken, Unavailable
from sijill.oauth.bearer import REMEMBERED, GrantCache
from sijill.oauth.tokens import Grant, digest
from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "requests at once share one look-up of their token, and none is harmed by "
    "another that fails or leaves"
)

HEADER = "Bearer " + "a" * 16
GRANT = Grant(1, 2, Store(3, "s"), frozenset({"customers.read"}), None, False)
REVOKED = Grant(1, 2, Store(3, "s"), frozenset({"customers.read"}), None, True)


class Database:
    """Questions that wait until the test answers them."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[Grant | None]] = []

    async def grant(self, key: bytes) -> Grant | None:
        assert key == digest(HEADER.split()[1])
        self.asked.append(asyncio.get_running_loop().create_future())
        return await self.asked[-1]


class Scene:
    """A cache before a slow database, on a clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.database = Database()
        self.cache = GrantCache(self.database, lambda: self.now)  # type: ignore[arg-type]

    async def ask(self, count: int = 1) -> list[asyncio.Task[Grant]]:
        """Return requests, each of them come as far as it can."""
        made = [asyncio.create_task(self.cache.grant(HEADER, 0.0)) for _ in range(count)]
        await settle()
        return made


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def play(steps: Callable[[Scene], Awaitable[None]]) -> None:
    async def within() -> None:
        faults: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
        await steps(Scene())
        assert faults == []

    asyncio.run(asyncio.wait_for(within(), 30))


async def refusals(requests: list[asyncio.Task[Grant]]) -> list[str]:
    results = await asyncio.gather(*requests, return_exceptions=True)
    return [type(result).__name__ for result in results]


def test_requests_at_once_share_one_look_up() -> None:
    async def steps(scene: Scene) -> None:
        requests = await scene.ask(50)
        assert len(scene.database.asked) == 1
        scene.database.asked[0].set_result(GRANT)
        assert await asyncio.gather(*requests) == [GRANT] * 50

    play(steps)


def test_requests_at_the_moment_of_expiry_share_one_look_up() -> None:
    async def steps(scene: Scene) -> None:
        (first,) = await scene.ask()
        scene.database.asked[0].set_result(GRANT)
        assert await first == GRANT
        scene.now += REMEMBERED
        requests = await scene.ask(50)
        assert len(scene.database.asked) == 2
        scene.database.asked[1].set_result(REVOKED)
        assert await refusals(requests) == ["InvalidToken"] * 50

    play(steps)


@pytest.mark.parametrize("number", [0, 7])
def test_a_request_that_is_cancelled_ends_no_others_look_up(number: int) -> None:
    async def steps(scene: Scene) -> None:
        requests = await scene.ask(20)
        requests[number].cancel()
        await settle()
        scene.database.asked[0].set_result(GRANT)
        assert await refusals(requests[number : number + 1]) == ["CancelledError"]
        del requests[number]
        assert await asyncio.gather(*requests) == [GRANT] * 19
        assert len(scene.database.asked) == 1

    play(steps)


def test_a_look_up_that_nobody_waits_for_any_more_serves_those_who_come_later() -> None:
    async def steps(scene: Scene) -> None:
        (first,) = await scene.ask()
        first.cancel()
        scene.database.asked[0].set_result(GRANT)
        (second,) = await scene.ask()
        assert await second == GRANT
        assert len(scene.database.asked) == 1

    play(steps)


def test_a_failure_is_told_to_those_who_wait_and_not_remembered() -> None:
    async def steps(scene: Scene) -> None:
        requests = await scene.ask(20)
        scene.database.asked[0].set_exception(Unavailable())
        assert await refusals(requests) == ["Unavailable"] * 20
        (later,) = await scene.ask()
        scene.database.asked[1].set_result(GRANT)
        assert await later == GRANT

    play(steps)


def test_a_failure_that_nobody_waits_for_is_let_go() -> None:
    async def steps(scene: Scene) -> None:
        (first,) = await scene.ask()
        first.cancel()
        scene.database.asked[0].set_exception(Unavailable())
        await settle()
        assert scene.cache._look_ups == {}

    play(steps)


def test_an_unknown_token_is_asked_for_once_by_many_and_again_by_the_next() -> None:
    async def steps(scene: Scene) -> None:
        requests = await scene.ask(20)
        scene.database.asked[0].set_result(None)
        assert await refusals(requests) == ["InvalidToken"] * 20
        (later,) = await scene.ask()
        scene.database.asked[1].set_result(GRANT)
        assert await later == GRANT

    play(steps)


def test_a_slow_look_up_is_not_shared_for_longer_than_its_answer_would_be_kept() -> None:
    """A look-up may read as of its start: a token revoked since must not be let in."""

    async def steps(scene: Scene) -> None:
        (early,) = await scene.ask()
        scene.now += REMEMBERED
        (late,) = await scene.ask()
        assert len(scene.database.asked) == 2
        scene.database.asked[1].set_result(REVOKED)
        with pytest.raises(InvalidToken):
            await late
        scene.database.asked[0].set_result(GRANT)
        assert await early == GRANT
        (after,) = await scene.ask()
        with pytest.raises(InvalidToken):
            await after
        assert len(scene.database.asked) == 2

    play(steps)


def test_a_late_failure_of_an_old_look_up_does_not_end_the_new_one() -> None:
    async def steps(scene: Scene) -> None:
        (early,) = await scene.ask()
        scene.now += REMEMBERED
        (late,) = await scene.ask()
        scene.database.asked[0].set_exception(Unavailable())
        assert await refusals([early]) == ["Unavailable"]
        scene.database.asked[1].set_result(GRANT)
        (after,) = await scene.ask()
        assert await asyncio.gather(late, after) == [GRANT, GRANT]
        assert len(scene.database.asked) == 2

    play(steps)
