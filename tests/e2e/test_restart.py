"""A restart behind one socket: clients that ask without a pause get an answer each."""

import socket
import threading
from collections import Counter
from itertools import count
from typing import Any

import httpx
import pytest

from e2e.conftest import PATIENCE, Process, Shell, shop, until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "servers that follow one another behind one socket answer every request of clients that "
        "ask without a pause, with one process and with several, and lose no acknowledged write"
    ),
]

RESTARTS = 3
READERS = WRITERS = 2

HANDED = """
import os, sys
number, *command = sys.argv[1:]
os.dup2(int(number), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(command[0], command)
"""
"""What systemd does: it puts a socket at descriptor 3, and tells the process so."""


def handed(shell: Shell, bound: socket.socket, line: str) -> Process:
    """Start a command that finds a socket of ours at descriptor 3."""
    number, command = bound.fileno(), shell.command(line)
    return shell.begin([command[0], "-c", HANDED, str(number), *command], keep=(number,))


class Client(threading.Thread):
    """Asks again and again, over a new connection each time, and counts the answers."""

    def __init__(self, base: str, token: str, name: str, *, writes: bool) -> None:
        super().__init__()
        self.base, self.token, self.client, self.writes = base, token, name, writes
        self.answers: Counter[Any] = Counter()
        self.acknowledged: list[str] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Connection": "close"}
        with httpx.Client(headers=headers, timeout=PATIENCE) as http:
            for number in count(1):
                if self.stopped.is_set():
                    return
                self._ask(http, f"{self.client}-{number}@example.com")

    def _ask(self, http: httpx.Client, email: str) -> None:
        url = f"{self.base}/customers"
        try:
            answer = http.post(url, json={"email": email}) if self.writes else http.get(url)
        except httpx.HTTPError as fault:
            self.answers[type(fault).__name__] += 1
            return
        self.answers[answer.status_code] += 1
        if self.writes and answer.status_code == 200:
            self.acknowledged.append(email)


def serve(shell: Shell, bound: socket.socket, workers: int) -> Process:
    """Start a server on a socket that is handed to it."""
    where = f"--data-dir {shell.folder}/data --customers-limit off --access-log off"
    server = handed(shell, bound, f"serve --workers {workers} {where}")
    server.line(r"http://\S+")
    return server


@pytest.mark.parametrize("workers", [1, 2])
def test_a_restart_behind_one_socket_fails_no_request(shell: Shell, workers: int) -> None:
    token = shell.copy_of(shop)
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as bound:
        base = f"http://127.0.0.1:{bound.getsockname()[1]}"
        server = serve(shell, bound, workers)
        clients = [Client(base, token, f"r{n}", writes=False) for n in range(READERS)]
        clients += [Client(base, token, f"w{n}", writes=True) for n in range(WRITERS)]
        for client in clients:
            client.start()
        try:
            for _ in range(RESTARTS):
                heard = [client.answers.total() for client in clients]
                until(
                    lambda heard=heard: all(  # type: ignore[misc]
                        client.answers.total() > count + 3
                        for client, count in zip(clients, heard, strict=True)
                    ),
                    "answers to everybody",
                )
                assert server.end() == 0
                server = serve(shell, bound, workers)
        finally:
            for client in clients:
                client.stopped.set()
            for client in clients:
                client.join(PATIENCE)
        answers = sum((client.answers for client in clients), Counter())
        assert {*answers} == {200}, answers
        sent = [email for client in clients for email in client.acknowledged]
        headers = {"Authorization": f"Bearer {token}"}
        listed = httpx.get(f"{base}/customers", headers=headers, timeout=PATIENCE, verify=False)
        assert listed.json()["pagination"]["total"] == len(sent)
        assert server.end() == 0


def test_what_is_handed_over_must_be_one_listening_socket(shell: Shell) -> None:
    with socket.socket() as unbound:
        server = handed(shell, unbound, f"serve --data-dir {shell.folder}/data")
        assert server.popen.wait(PATIENCE) == 1
        assert "no listening socket" in server.err.read_text()
