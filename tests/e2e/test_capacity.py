"""The real process under clients that take what they can: connections, files, unread answers."""

import signal
import socket
from contextlib import ExitStack

import httpx
import pytest

from e2e.conftest import PATIENCE, Shell, shop, until
from e2e.test_process import get

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "clients that read nothing, send nothing or come in masses are cut off or told "
        "that the server is full, and hold nothing afterwards; health is answered all "
        "the same"
    ),
]

FILES = 320
"""Files that the server may open: few, so that a crowd is soon there."""

CROWD = 400


def test_a_crowd_of_idle_connections_leaves_health_reads_and_writes_unharmed(shell: Shell) -> None:
    token = shell.copy_of(shop)
    serve = shell.command(f"serve --port 0 --data-dir {shell.folder}/data")
    server = shell.begin(["sh", "-c", f'ulimit -n {FILES} && exec "$@"', "sh", *serve])
    base = server.line(r"http://\S+")[0]
    host, port = base.removeprefix("http://").split(":")
    headers = {"Authorization": f"Bearer {token}"}
    client = httpx.Client(base_url=base, headers=headers, timeout=PATIENCE, verify=False)
    with client as kept, ExitStack() as crowd:
        assert kept.get("/customers").status_code == 200
        for _ in range(CROWD):
            crowd.enter_context(socket.create_connection((host, int(port)), PATIENCE))

        def answered(path: str) -> int:
            try:
                return get(base + path, token).status_code
            except httpx.HTTPError:
                return 0  # not even a spare place; those who say nothing lose theirs soon

        until(lambda: answered("/healthz") == 200, "health")
        until(lambda: answered("/customers") == 503, "a refusal that says so")
        created = kept.post("/customers", json={"email": "sara@example.com"})
        assert created.status_code == 200
        uploaded = kept.post("/customers/import", files={"file": ("c.csv", "email\r\nb@c.de\r\n")})
        assert uploaded.status_code == 200
    assert server.end() == 0
    assert '"level":"error"' not in server.err.read_text().replace('": "', '":"')


def test_a_stop_does_not_wait_for_a_client_that_reads_nothing(shell: Shell) -> None:
    server = shell.start("serve --port 0 --data-dir d --receive-timeout 1 --shutdown-timeout 600")
    base = server.line(r"http://\S+")[0]
    host, port = base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as silent:
        silent.sendall(b"GET /_/openapi.json HTTP/1.1\r\nHost: h\r\n\r\n" * 200)
        until(lambda: silent.recv(1, socket.MSG_PEEK) != b"", "the first answer")
        server.popen.send_signal(signal.SIGTERM)
        assert server.popen.wait(PATIENCE) == 0
    assert '"level":"error"' not in server.err.read_text().replace('": "', '":"')
