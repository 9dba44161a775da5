"""
Log lines: JSON or text, one per event, with a request id and no personal data.

What may appear is listed here by name. The words of an exception may hold a customer's data
(PostgreSQL quotes the row in a conflict), so only its type and where it was raised are logged.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

log = structlog.stdlib.get_logger("sijill")


def configure(level: str, form: str) -> None:
    """Send our lines, and what libraries warn of, to standard error."""
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
    """Keep of a library's record its logger and the type of its exception: never its words."""
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
    """Return where an exception went, innermost last: file, line and function of our own calls."""
    frames = traceback.extract_tb(fault.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]


class RequestLog:
    """The journal of the API: its lines hold these fields and no other."""

    def __init__(self, access_log: bool) -> None:
        self._access_log = access_log

    def answered(self, request_id: str, method: str, route: str, status: int, ms: float) -> None:
        """Log one answer, where the setting `access_log` asks for it."""
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
        """Log our own fault, or why something we need is away."""
        log.error("fault", request_id=request_id, route=route, fault=kinds(fault), at=places(fault))
