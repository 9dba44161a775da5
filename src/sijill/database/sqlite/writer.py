"""
The one thread that writes to SQLite, and commits what is waiting as one transaction.

A commit of any size costs one wait for the disk, so writers that wait at the same time
share one commit. A job that fails is undone alone, and no job reports success before the commit.

Hardly any job fails once it has written. So the jobs of a commit run without savepoints: each of
those would copy the pages that its job writes. If a job does fail then, all jobs of the commit run
again, with savepoints.
"""

import asyncio
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from sijill.database.driver import T, Work, advice
from sijill.database.sqlite.connection import Connection
from sijill.database.sqlite.transaction import SQLiteTransaction
from sijill.errors import Unavailable

MAX_BATCH = 256
"""Jobs in one commit at most: the first of them waits for the last."""


class _Job:
    """A piece of work, and the promise of its result to the caller, on the caller's loop."""

    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.promise: asyncio.Future[Any] = self.loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def resolve(self) -> None:
        """Give the result, or the error, to the caller, unless the caller has given up."""
        if self.promise.done():
            return
        if self.error is None:
            self.promise.set_result(self.result)
        else:
            self.promise.set_exception(self.error)


class WriterThread:
    """A thread with a queue of jobs. The connection is used by this thread alone."""

    def __init__(self, connection: Connection, transaction: SQLiteTransaction) -> None:
        self._connection = connection
        self._transaction = transaction
        self.failed = False
        """Whether a commit failed because the file could not be used; the reader resets it."""
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="sijill-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> "asyncio.Future[T]":
        """Return a promise of the result of `work`; it resolves once the result is durable."""
        job = _Job(work)
        self._queue.put(job)
        return job.promise

    def close(self) -> None:
        """Finish the queue, then end the thread; this call waits."""
        self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        more = True
        while more:
            more, batch = self._gather()
            batch = [job for job in batch if not job.promise.done()]
            if batch:
                self._commit(batch)
        self._connection.close()

    def _gather(self) -> tuple[bool, list[_Job]]:
        """Wait for a job and take every waiting one with it; False at the end of the queue."""
        batch: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            batch.append(job)
            if len(batch) == MAX_BATCH:
                return True, batch
            try:
                job = self._queue.get_nowait()
            except Empty:
                return True, batch
        return False, batch

    def _commit(self, batch: list[_Job]) -> None:
        try:
            try:
                self._run(batch, self._run_job)
            except _HalfDone:
                self._connection.roll_back()
                self._run(batch, self._run_job_apart)
        except Exception as error:
            self._connection.roll_back()
            self.failed = self.failed or advice(error) is not None
            for job in batch:
                job.error = _of_its_own(error)
        resolve(batch)

    def _run(self, batch: list[_Job], run_job: Callable[[_Job], None]) -> None:
        """Commit the jobs; an exception means that none of them was."""
        self._transaction.begin()
        for job in batch:
            job.result = job.error = None
            run_job(job)
        self._transaction.commit()

    def _run_job(self, job: _Job) -> None:
        """Run one job. Raises: _HalfDone if it fails and has written."""
        before = self._transaction.written
        try:
            job.result = drive(job.work(self._transaction).__await__())
        except Exception as error:
            if advice(error) is not None:  # the file cannot be used: nobody's work is kept
                raise
            if self._transaction.written != before:
                raise _HalfDone from error
            job.error = error

    def _run_job_apart(self, job: _Job) -> None:
        """Run one job, undone alone if it fails."""
        begun = self._transaction.begin_part()
        try:
            self._run_job(job)
        except _HalfDone as half:
            job.error = half.__cause__
            self._transaction.undo(begun)
        self._transaction.end_part()


class _HalfDone(Exception):
    """A job failed after it had written; its error is the cause."""


def resolve(batch: Sequence[_Job]) -> None:
    """Wake each event loop once, for all of its jobs."""
    for loop in {job.loop for job in batch}:
        with suppress(RuntimeError):  # the loop is closed, and with it every caller
            loop.call_soon_threadsafe(_resolve_jobs, [job for job in batch if job.loop is loop])


def _resolve_jobs(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.resolve()


def drive(steps: Generator[Any, None, T]) -> T:
    """
    Run a coroutine to its end, on the calling thread.

    Raises: RuntimeError if it waits for anything but its transaction.
    """
    try:
        next(steps)
    except StopIteration as end:
        result: T = end.value
        return result
    steps.close()
    raise RuntimeError("work in a transaction may await nothing but its transaction")


def _of_its_own(error: Exception) -> Exception:
    """Return an exception for one job alone: a shared exception would mix their tracebacks."""
    own = Unavailable()
    own.__cause__ = error
    return own
