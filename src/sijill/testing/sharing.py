"""
One sandbox for several processes: it starts when the first of them asks for it.

Each run with pytest-xdist has a `Sharing`, so this file imports the rest where it is needed: a run
whose tests do not ask must not pay for it.
"""

import json
import secrets
import socket
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sijill.testing.server import Server

Invitation = tuple[str, int, str]
"""The address and the key with which a process asks for the sandbox."""

QUESTION = 5.0
"""Seconds within which a process that has connected must ask."""


class Sharing:
    """Tells other processes where the sandbox is, which is a child of this process."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._key = secrets.token_hex(32)
        self.invitation: Invitation = (*self._listener.getsockname(), self._key)
        self._running, self._told, self._open = ExitStack(), b"", True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the sandbox, if it was started."""
        self._open = False
        socket.create_connection(self.invitation[:2]).close()  # ends the wait for the next process
        self._thread.join()
        self._listener.close()
        self._running.close()

    def _serve(self) -> None:
        while self._open:
            peer, _ = self._listener.accept()
            with peer, suppress(OSError), peer.makefile("rwb") as stream:
                peer.settimeout(QUESTION)
                asked = stream.readline().strip()
                if secrets.compare_digest(asked, self._key.encode()) and self._open:
                    stream.write(self._answer())

    def _answer(self) -> bytes:
        from sijill.testing.server import NotStarted, running

        if not self._told:
            try:
                server = self._running.enter_context(running())
                told = {"url": server.url, "admin_token": server.admin_token}
            except NotStarted as fault:
                told = {"fault": str(fault)}
            self._told = json.dumps(told).encode()
        return self._told


def shared(invitation: Invitation) -> "Server":
    """Return the sandbox of the process that sent the invitation. Raises: NotStarted."""
    from sijill.testing.server import START, NotStarted, Server

    host, port, key = invitation
    try:
        with socket.create_connection((host, port), timeout=2 * START) as peer:
            peer.sendall(f"{key}\n".encode())
            with peer.makefile("rb") as stream:
                told = json.loads(stream.read() or b"{}")
    except OSError as fault:
        raise NotStarted(f"the process that starts the sandbox is gone: {fault}") from None
    if "url" not in told:
        raise NotStarted(told.get("fault", "the process that starts the sandbox is ending"))
    return Server(told["url"], told["admin_token"])
