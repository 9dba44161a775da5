"""Requests and deliveries as lines for a terminal, without personal data and secrets."""

import re
from collections.abc import Iterable, Mapping
from json import loads
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sijill.sandbox.operations import OPERATIONS

MASK = "…"
SHOWN = 50
"""Lines of a list at most: the last ones."""

BASE = "/admin/v2"

_SEGMENTS = {""} | {
    segment for _, path in OPERATIONS for segment in path.split("/") if "{" not in segment
}
_NAME = re.compile(r"\??[A-Za-z_][A-Za-z_\[\].-]{0,40}")
_SMALL = re.compile(r"[0-9]{1,3}")


def path_line(path: str) -> str:
    """Return a path; a segment that may say who a customer is keeps its last two characters."""
    parts = path.removeprefix(BASE).split("/")
    return "/".join(part if part in _SEGMENTS else MASK + part[-2:] for part in parts)


def query_line(query: str) -> str:
    """Return a query with its names and small numbers; every other value is masked."""
    pairs = parse_qsl(query, keep_blank_values=True)
    line = "&".join(f"{name_of(k)}={v if _SMALL.fullmatch(v) else MASK}" for k, v in pairs)
    return f"?{line}" if line else ""


def name_of(key: object) -> str:
    """Return the name of a field, a mask for what looks like no name."""
    return str(key) if _NAME.fullmatch(str(key)) else MASK


def names_line(body: object) -> str:
    """Return the names of the fields of a body, as JSON or decoded; no value."""
    if isinstance(body, str | bytes):
        try:
            body = loads(body)
        except ValueError:
            return ""
    return ", ".join(map(name_of, body)) if isinstance(body, dict) else ""


def request_line(entry: Mapping[str, Any]) -> str:
    """Return the line of a request in the journal."""
    where = f"{entry['method']} {path_line(entry['path'])}{query_line(entry['query'])}"
    parts = [entry["at"], entry["op"], where, str(entry["status"] or "no answer")]
    names = names_line(entry.get("body"))
    near = dict(entry.get("nearest", {}))
    unread = ", ".join(_near(name_of(one), near.pop(one, None)) for one in entry.get("unread", ()))
    parts += [f"sent {names}"] if names else []
    parts += [f"never read {unread}"] if unread else []
    parts += [f"nearest {one}" for one in near.values()]
    parts += [f"fault {entry['fault']}"] if entry["fault"] else []
    return "  ".join(filter(None, parts))


def _near(name: str, known: str | None) -> str:
    return name if known is None else f"{name} (is it {known}?)"


def delivery_line(entry: Mapping[str, Any]) -> str:
    """Return the line of one attempt to deliver; of its URL the host and the port."""
    host = urlsplit(entry["url"]).netloc.rpartition("@")[2]
    parts = [entry["at"], entry["event"], f"to {host}", f"attempt {entry['attempt']}"]
    parts += [entry["outcome"], str(entry["status"] or "no answer")]
    parts += [f"fault {entry['fault']}"] if entry["fault"] else []
    return "  ".join(parts)


def listed(lines: Iterable[str], overflowed: bool) -> str:
    """Return the last lines, and say what is missing before them."""
    every = list(lines)
    left_out = len(every) - SHOWN
    missing = ["(older ones were forgotten)"] if overflowed else []
    missing += [f"({left_out} more before these)"] if left_out > 0 else []
    return "\n".join([*missing, *every[-SHOWN:]])
