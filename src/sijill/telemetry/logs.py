"""
Log lines: JSON or text, one per event, with a request id and without personal data.

This module names every field of a line. The message of an exception may contain a customer's data
(PostgreSQL quotes the row in a conflict), so a line has only its type and its place.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

log = structlog.stdlib.get_logger("sijill")


def configure(level: str, form: str) -> None:
    """Send our lines, and the warnings of libraries, to standard error."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_reduce_foreign, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("sijill").setLevel(level.upper())


def _reduce_foreign(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Reduce a library's record to its logger and the type of its exception."""
    record: logging.LogRecord = event["_record"]
    fault = record.exc_info[1] if record.exc_info else None
    record.exc_info = record.exc_text = record.stack_info = None
    reduced = {"event": "library_warning", "logger": record.name, "_record": record}
    if fault is not None:
        reduced["fault"] = kinds(fault)
    reduced["_from_structlog"] = False
    return reduced


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
    frames = traceback.extract_tb(fault.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]


class RequestLog:
    """The log lines of the API; they have these fields and no others."""

    def __init__(self, access_log: bool) -> None:
        self._access_log = access_log

    def answered(self, request_id: str, method: str, route: str, status: int, ms: float) -> None:
        """Log one answer if the setting `access_log` is on."""
        if self._access_log:
            log.info(
                "request",
                request_id=request_id,
                method=method,
                route=route,
                status=status,
                ms=round(ms, 3),
            )

    def failed(self, request_id: str, route: str, fault: BaseException) -> None:
        """Log a fault of our own, or the cause of an outage."""
        log.error("fault", request_id=request_id, route=route, fault=kinds(fault), at=places(fault))
