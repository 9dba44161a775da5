"""Addresses in raw UTF-8, as clients send them that do not encode, through a real socket."""

import json
import socket
from typing import BinaryIO

import pytest

from e2e.conftest import PATIENCE, Shell, shop

pytestmark = pytest.mark.e2e

AHMED = '{"id": 77, "first_name": "أحمد", "email": "ahmed@example.com"}\n'


def test_a_keyword_in_raw_utf_8_is_found_wherever_its_bytes_are_cut(shell: Shell) -> None:
    token = shell.copy_of(shop)
    where = f"--data-dir {shell.folder}/data"
    shell.run(f"import - --format jsonl {where}", stdin=AHMED.encode())
    server = shell.start(f"serve --port 0 {where}")
    host, port = server.line(r"http://(\S+):(\d+)").groups()
    head = (
        f"GET /customers?keyword=أحمد HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    data = head.encode()
    connected = socket.create_connection((host, int(port)), PATIENCE)
    with connected as client, client.makefile("rb") as reader:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for cut in range(1, data.index(b"\r\n") + 2):
            client.sendall(data[:cut])
            client.sendall(data[cut:])
            assert reader.readline().split()[1] == b"200"
            assert [one["id"] for one in read(reader)["data"]] == [77]


def read(reader: BinaryIO) -> dict[str, list[dict[str, int]]]:
    """Return the body of an answer whose first line was read."""
    headers = iter(reader.readline, b"\r\n")
    lengths = [
        int(line.split()[1]) for line in headers if line.lower().startswith(b"content-length")
    ]
    body: dict[str, list[dict[str, int]]] = json.loads(reader.read(lengths[0]))
    return body
