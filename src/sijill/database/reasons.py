"""Where a database is, and why it cannot be used: in words, without a user or a password."""

import re

from sijill.database.driver import advice
from sijill.database.open import SERVERS, location_of
from sijill.database.postgres.hosts import hosts_of, ports_of

PORT = 5432
"""The port of PostgreSQL unless an address has another."""

_OWN_PORT = re.compile(":[0-9]*$")

_STATES = {
    "28": "it refuses the user or the password",
    "3D": "it has no such database",
    "53": "it has no connection, memory or disk left",
    "57": "it is starting or stopping",
}
"""The meanings of the starts of PostgreSQL's SQLSTATEs."""


def place_of(url: str) -> str:
    """Return the hosts and ports of a server, separated by commas, or the path of a file."""
    if not url.startswith(SERVERS):
        location = location_of(url)
        return "memory" if location.memory else str(location.path)
    return ", ".join(map(_with_port, hosts_of(url), ports_of(url))) or "PGHOST or a local socket"


def reason_of(fault: BaseException) -> str:
    """Return why a database cannot be used: what to change, the system's words, or the fault."""
    if told := advice(fault):
        return told
    cause = fault.__cause__ or fault
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    state = str(getattr(cause, "sqlstate", None) or "")
    return _STATES.get(state[:2], type(cause).__name__)


def _with_port(host: str, port: str) -> str:
    """Return a host with its port; `port` is that of the parameter, which wins."""
    if port:
        return f"{_OWN_PORT.sub('', host)}:{port}"
    has_port = host.startswith("/") or ":" in host.rpartition("]")[2]
    return host if has_port else f"{host}:{PORT}"
