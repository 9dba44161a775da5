"""Several worker processes on one socket, with common metrics; a dead worker is replaced."""

import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import NamedTuple

import uvloop

from sijill.server.application import OpenApplication
from sijill.server.serve import serve
from sijill.settings import Settings
from sijill.telemetry import logs
from sijill.telemetry.logs import log
from sijill.telemetry.metrics import SHARED

_SPAWN = get_context("spawn")  # a fork would copy event loops and open databases

PAUSE = 1.0
"""Seconds until the supervisor replaces a worker that ended before it was ready."""


class WorkerDied(Exception):
    """A worker ended before the server had ever served: it would end the same way again."""


class _Worker(NamedTuple):
    process: SpawnProcess
    pipe: connection.Connection


def run_workers(
    open_application: OpenApplication,
    settings: Settings,
    bound: socket.socket,
    on_ready: Callable[[], None],
    certificates: Path | None = None,
) -> None:
    """
    Serve with `settings.workers` processes until a signal.

    `on_ready` is called once all of them answer. A temporary folder adds up their metrics.
    `certificates` is the folder of the certificate for HTTPS, None for HTTP.
    The schema must be up to date, so that no worker waits for a migration.
    Raises: WorkerDied if a worker ends before all of them are ready.
    """
    folder = tempfile.mkdtemp(prefix="sijill-metrics-")
    os.environ[SHARED] = folder
    try:
        _Supervisor(open_application, settings, bound, on_ready, certificates).run()
    finally:
        del os.environ[SHARED]
        shutil.rmtree(folder, ignore_errors=True)


def _work(
    open_application: OpenApplication,
    settings: Settings,
    bound: socket.socket,
    certificates: Path | None,
    pipe: connection.Connection,
) -> None:
    """Run as a worker: report readiness to the parent, and stop when the parent has ended."""
    logs.configure(settings.log_level, settings.log_format)

    def tell() -> None:
        with suppress(BrokenPipeError):  # the parent has ended: the closed pipe stops us soon
            pipe.send("ready")

    try:
        uvloop.run(serve(open_application, settings, bound, tell, certificates, pipe.fileno()))
    except Exception as fault:
        logs.crashed(fault)  # multiprocessing would print its words
        sys.exit(1)


class _Supervisor:
    """The parent process: it serves nothing itself and runs `settings.workers` workers."""

    def __init__(
        self,
        open_application: OpenApplication,
        settings: Settings,
        bound: socket.socket,
        on_ready: Callable[[], None],
        certificates: Path | None,
    ) -> None:
        self._open_application, self._settings = open_application, settings
        self._bound, self._certificates = bound, certificates
        self._on_ready: Callable[[], None] | None = on_ready
        self._waiting: dict[connection.Connection, _Worker] = {}
        self._ready: dict[connection.Connection, _Worker] = {}
        self._due: list[float] = []
        """Monotonic times at which to start replacements."""
        self._stopping = False

    def run(self) -> None:
        woken, waker = socket.socketpair()
        waker.setblocking(False)
        before = signal.set_wakeup_fd(waker.fileno())
        handlers = {n: signal.signal(n, self._stop) for n in (signal.SIGTERM, signal.SIGINT)}
        try:
            log.info("workers_starting", workers=self._settings.workers)
            for _ in range(self._settings.workers):
                self._start()
            while not self._stopping:
                timeout = PAUSE if self._due else None
                for event in connection.wait([woken, *self._waiting, *self._ready], timeout):
                    if isinstance(event, connection.Connection):
                        self._heard(event)
                self._start_due(time.monotonic())
        finally:
            self._end()
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            woken.close()
            waker.close()

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True

    def _start(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        work = (self._open_application, self._settings, self._bound, self._certificates, theirs)
        process = _SPAWN.Process(target=_work, args=work)
        process.start()
        theirs.close()
        self._waiting[ours] = _Worker(process, ours)

    def _heard(self, pipe: connection.Connection) -> None:
        """Handle a pipe that reports readiness, or that closed because its worker ended."""
        try:
            pipe.recv()
        except EOFError:
            self._lost(pipe)
            return
        self._ready[pipe] = self._waiting.pop(pipe)
        log.info("worker_ready", ready=len(self._ready), workers=self._settings.workers)
        if self._on_ready is not None and not self._waiting:
            self._on_ready()
            self._on_ready = None

    def _lost(self, pipe: connection.Connection) -> None:
        """
        Replace a worker that ended: at once, or after a pause if it was never ready.

        Raises: WorkerDied before all workers have been ready.
        """
        pipe.close()
        early = pipe in self._waiting
        worker = self._waiting.pop(pipe) if early else self._ready.pop(pipe)
        worker.process.join()
        if self._stopping:
            return
        if self._on_ready is not None:
            raise WorkerDied
        log.error("worker_restarted", exit_code=worker.process.exitcode)
        self._due.append(time.monotonic() + (PAUSE if early else 0.0))

    def _start_due(self, now: float) -> None:
        for _ in [moment for moment in self._due if moment <= now]:
            self._start()
        self._due = [moment for moment in self._due if moment > now]

    def _end(self) -> None:
        """Accept nothing new, ask every worker to finish, and kill those that do not in time."""
        self._bound.close()  # our open socket would go on accepting connections
        workers = [*self._waiting.values(), *self._ready.values()]
        for worker in workers:
            worker.process.terminate()
        deadline = time.monotonic() + self._settings.shutdown_timeout + 5
        for worker in workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.pipe.close()
