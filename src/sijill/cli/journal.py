"""`sijill requests`, `deliveries` and `operations`: what a namespace got, sent, and may get."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlencode

from sijill.cli.arguments import argument, duration, option
from sijill.cli.control_client import Ask, on_sandbox, short_moment
from sijill.cli.output import warn
from sijill.settings.parsers import one_of

WAIT = (
    option("--wait", "Wait until there are this many.", default=None, type=int),
    option("--within", "How long --wait waits at most.", default="10", parse=duration),
)


def _found(
    ask: Ask, noun: str, match: dict[str, Any], wait: int | None, within: float
) -> dict[str, Any]:
    """
    Return the entries of a journal that match; with `wait`, once there are so many.

    An entry matches if it has every value that is not None.
    """
    wanted = {name: value for name, value in match.items() if value is not None}
    if wait is None:
        answer = ask("GET", f"{noun}?{urlencode(wanted)}")
    else:
        answer = ask("POST", f"{noun}/wait", {"match": wanted, "count": wait, "within": within})
    if answer["overflowed"]:
        warn(f"the journal is full: the oldest {noun} are forgotten")
    found: dict[str, Any] = answer
    return found


def _request_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    entries = answer["requests"]
    rows = [_request_row(entry) for entry in entries]
    if any(entry.get("unread") for entry in entries):
        return [row | {"unread": entry["unread"]} for row, entry in zip(rows, entries, strict=True)]
    return rows


def _request_row(entry: dict[str, Any]) -> dict[str, Any]:
    query = f"?{unquote(entry['query'])}" if entry["query"] else ""
    return {
        "at": short_moment(entry["at"]),
        "op": entry["op"],
        "status": entry["status"] or "-",
        "fault": entry["fault"],
        "request": f"{entry['method']} {entry['path'].removeprefix('/admin/v2')}{query}",
    }


@on_sandbox(
    option("--op", "Only those of an operation: see sijill operations.", default=None),
    option("--status", "Only those with this status.", default=None, type=int),
    option("--fault", "Only those that met this kind of fault.", default=None),
    option("--unread", "Only those with fields or parameters that nothing read.", is_flag=True),
    *WAIT,
    shown=_request_rows,
)
def requests_command(
    ask: Ask, unread: bool, wait: int | None, within: float, **match: str | int | None
) -> Any:
    answer = _found(ask, "requests", match, wait, within)
    if unread:
        answer["requests"] = [entry for entry in answer["requests"] if entry.get("unread")]
    return answer


def _delivery_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "at": short_moment(attempt["at"]),
            "event": attempt["event"],
            "attempt": attempt["attempt"],
            "outcome": attempt["outcome"],
            "answer": attempt["status"] or attempt["error"],
            "fault": attempt["fault"],
        }
        for attempt in answer["deliveries"]
    ]


@on_sandbox(
    option("--event", "Only those of an event, such as customer.created.", default=None),
    option(
        "--outcome",
        "Only those with this outcome: delivered, failed, dropped or held.",
        default=None,
    ),
    *WAIT,
    shown=_delivery_rows,
)
def deliveries_command(ask: Ask, wait: int | None, within: float, **match: str | None) -> Any:
    return _found(ask, "deliveries", match, wait, within)


@on_sandbox(
    argument(
        "event",
        "Ids of events, in the order of their deliveries.",
        nargs=-1,
        default=(),
        metavar="[EVENT]...",
    ),
    option(
        "--order",
        "Without ids: first held is first sent, or last held is.",
        default="first",
        parse=one_of("first", "last"),
    ),
    shown=lambda answer: f"{answer['released']} deliveries are sent",
)
def release_command(ask: Ask, event: Sequence[str], order: str) -> Any:
    return ask("POST", "deliveries/release", {"order": list(event) or order})


@on_sandbox(
    shown=lambda answer: [{"operation": name} for name in answer["operations"]], namespaced=False
)
def operations_command(ask: Ask) -> Any:
    return ask("GET", "operations")
