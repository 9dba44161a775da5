"""The job of background workers: turns, pauses, faults and the end."""

import asyncio

import pytest

from sijill.errors import NotFound, Unavailable
from sijill.job import Job


class Scripted(Job):
    """A job whose turns are scripted: each is a fault to raise, or whether there is more to do."""

    EVERY = 0.001
    FAULT = "scripted_failed"

    def __init__(self, *turns: Exception | bool) -> None:
        super().__init__()
        self.left, self.taken = list(turns), 0
        self.faults: list[Exception] = []

    async def turn(self) -> bool:
        self.taken += 1
        outcome = self.left.pop(0) if self.left else False
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def failed(self, fault: Exception) -> None:
        self.faults.append(fault)


class Rare(Scripted):
    """A job that would never take a second turn without being woken."""

    EVERY = 1_000_000.0


async def taken(job: Scripted, turns: int) -> None:
    """Wait until a job has taken so many turns."""
    async with asyncio.timeout(10):
        while job.taken < turns:
            await asyncio.sleep(0)


def test_a_job_outlives_faults_and_tells_those_of_our_own() -> None:
    async def scenario() -> Scripted:
        job = Scripted(Unavailable(), ValueError(), NotFound())
        job.start()
        await taken(job, 5)
        await job.stop()
        return job

    assert [type(fault) for fault in asyncio.run(scenario()).faults] == [ValueError, NotFound]


def test_the_next_turn_comes_at_once_while_there_is_more_to_do_and_else_when_woken() -> None:
    async def scenario() -> None:
        job = Rare(True, True, False)
        job.start()
        await taken(job, 3)
        for _ in range(100):
            await asyncio.sleep(0)
        assert job.taken == 3
        job.wake()
        await taken(job, 4)
        await job.stop()
        assert job.taken == 4

    asyncio.run(scenario())


def test_a_stop_waits_for_the_turn_and_a_job_that_never_began_stops_too() -> None:
    class Slow(Rare):
        ended = False

        async def turn(self) -> bool:
            self.taken += 1
            await asyncio.sleep(0)
            self.ended = True
            return True

    async def scenario() -> None:
        job = Slow()
        job.start()
        await taken(job, 1)
        await job.stop()
        assert job.ended
        await Slow().stop()

    asyncio.run(scenario())


def test_the_line_of_a_fault_has_no_message(capfd: pytest.CaptureFixture[str]) -> None:
    class Logging(Rare):
        failed = Job.failed

    async def scenario() -> None:
        job = Logging(ValueError("a customer's name"))
        job.start()
        await taken(job, 1)
        await job.stop()

    asyncio.run(scenario())
    printed = "".join(capfd.readouterr())
    assert "scripted_failed" in printed
    assert "ValueError" in printed
    assert "a customer" not in printed
