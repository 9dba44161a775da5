"""
A listening socket that the process that started this one has opened, and keeps open.

While a server ends and another begins, the connections of clients wait in the socket: a restart
refuses nobody. Source: sd_listen_fds(3) of systemd; any other parent may do the same.
"""

import os
import socket
from collections.abc import MutableMapping

FIRST = 3
"""The file descriptor of the first inherited socket."""


def inherited_socket(environ: MutableMapping[str, str]) -> socket.socket | None:
    """
    Return the socket that was handed to this process; None if there is none.

    The variables are taken out of `environ`, so that no child takes them for its own.
    Raises: ValueError with a sentence if there is not exactly one, or it is no listening socket.
    """
    pid, count = environ.pop("LISTEN_PID", ""), environ.pop("LISTEN_FDS", "")
    environ.pop("LISTEN_FDNAMES", None)
    if pid != str(os.getpid()) or not count:
        return None
    if count != "1":
        raise ValueError(f"{count} sockets were handed over: name one address in the socket unit")
    try:
        found = socket.socket(fileno=FIRST)
        listens = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as fault:
        raise ValueError("what was handed over is no socket") from fault
    if not listens or found.family not in (socket.AF_INET, socket.AF_INET6):
        found.detach()
        raise ValueError("what was handed over is no listening socket of TCP")
    found.set_inheritable(True)
    return found
