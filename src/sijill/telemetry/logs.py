"""
Log lines: JSON or text, one per event, with a request id and without personal data.

This module names every field of a line. The message of an exception may contain a customer's data
(PostgreSQL quotes the row in a conflict), so a line has only its type and its place.
"""

import logging
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from traceback import walk_tb
from types import TracebackType
from typing import Any

from sijill.database.driver import advice
from sijill.telemetry.access_log import AccessLine, AccessLog, json_lines
from sijill.telemetry.repeats import Kind, Repeats
from sijill.telemetry.structured import structlog

log = structlog.stdlib.get_logger("sijill")


def configure(level: str, form: str) -> None:
    """Send our lines, and the warnings of libraries, to standard error."""
    renderer: Any = (
        structlog.processors.JSONRenderer(separators=(",", ":"))
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr is not None and sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            Repeats(_tell_of_repeats),
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    ours = logging.getLogger("sijill")
    ours.handlers[:] = [logging.StreamHandler(sys.stderr)]
    ours.propagate = False
    ours.setLevel(level.upper())
    root = logging.getLogger()
    root.handlers[:] = [_LibraryHandler()]
    root.setLevel(logging.WARNING)
    sys.excepthook = _ended
    threading.excepthook = lambda end: _ended(end.exc_type, end.exc_value, end.exc_traceback)


def is_configured() -> bool:
    """Return whether `configure` was called."""
    return structlog.is_configured()


class _LibraryHandler(logging.Handler):
    """Reduces a library's record to its logger and the type of its exception."""

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        say = log.error if record.levelno >= logging.ERROR else log.warning
        fields = {"fault": kinds(fault)} if fault is not None else {}
        say("library_warning", logger=record.name, **fields)


def _ended(
    kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None
) -> None:
    """Log what ends a process or a thread, without the words that Python would print of it."""
    if kind is not SystemExit:  # a thread may end so
        crashed(fault if fault is not None else kind())


def crashed(fault: BaseException) -> None:
    """Log the fault that ends a process or a thread."""
    log.error("crashed", fault=kinds(fault), at=places(fault))


def _tell_of_repeats(kind: Kind, more: int) -> None:
    getattr(log, kind.method)(kind.event, **kind.fields, more=more)


def kinds(fault: BaseException) -> str:
    """Return the types of an exception and of its causes, outermost first."""
    names = []
    link: BaseException | None = fault
    while link is not None:
        names.append(f"{type(link).__module__}.{type(link).__qualname__}")
        link = link.__cause__ or link.__context__
    return " < ".join(names)


def places(fault: BaseException) -> list[str]:
    """Return the last eight frames of an exception, innermost last: file, line, function."""
    frames = list(walk_tb(fault.__traceback__))[-8:]
    codes = [(frame.f_code, line) for frame, line in frames]
    return [f"{code.co_filename}:{line} {code.co_name}" for code, line in codes]


def access_log(level: str, form: str) -> AccessLog[AccessLine] | None:
    """Return the log of answers; None if nothing reads it or `level` leaves it out."""
    if level in ("warning", "error"):
        return None
    if form == "text":
        return AccessLog(_text_lines)
    if sys.stderr is None:  # closed: the descriptor may be a file of the database by now
        return None
    return AccessLog(json_lines(sys.stderr.fileno(), lambda: datetime.now(UTC)))


def _text_lines(lines: Sequence[AccessLine]) -> None:
    for line in lines:
        log.info(
            line.event,
            request_id=line.request_id,
            method=line.method,
            route=line.route,
            status=line.status,
            ms=line.ms,
        )


class RequestLog:
    """The log lines of the API; they have these fields and no others."""

    def __init__(self, access_log: AccessLog[AccessLine] | None) -> None:
        """`access_log` gets a line for each answer; None leaves them out."""
        self._access_log = access_log

    def answered(self, request_id: str, method: str, route: str, status: int, ms: float) -> None:
        """Log one answer."""
        if self._access_log is not None:
            line = AccessLine(request_id, method, route, status, round(ms, 3))
            self._access_log.add(line)

    def refused(self, request_id: str, status: int) -> None:
        """Log the refusal of what is no request, or not yet; repeated ones are counted."""
        if self._access_log is not None:
            log.info("refused", request_id=request_id, status=status)

    def failed(self, request_id: str, route: str, fault: BaseException) -> None:
        """Log a fault of our own, or the cause of an outage."""
        what_to_do = advice(fault)
        fields = {} if what_to_do is None else {"advice": what_to_do}
        where = {"request_id": request_id, "route": route}
        log.error("fault", **where, fault=kinds(fault), at=places(fault), **fields)

    def flush(self) -> None:
        """Write the lines that wait for the end of this turn of the event loop."""
        if self._access_log is not None:
            self._access_log.flush()
