"""The block for nginx of the page about one machine, served by nginx itself."""

import re
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fixtures.documents import ROOT
from fixtures.require import program

from e2e.conftest import Process, Shell, until
from e2e.oauth import Served, agree, copied, person, prepared, query_of, serve
from sijill.server.tls.authority import prepare
from sijill.server.tls.folder import folder_of

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("apps and owners reach what they need through the proxy of the page"),
]

PAGE = (ROOT / "docs/howto/run-on-one-machine.md").read_text("utf-8")
AROUND = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
access_log off;
{temporary}
{block}
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
REDIRECT = "http://127.0.0.1/callback"

PUBLIC = ("/_/login", "/_/assets/sijill.css", "/_/setup?link=x", "/oauth2/auth", "/_/console")
PRIVATE = (
    *("/", "/metrics", "/healthz", "/readyz", "/_/docs", "/_/openapi.json", "/_/", "/customers"),
    *("/_/changes", "/_/deliveries", "/_/mirror/1/webhooks", "/_/consoles", "/oauth2x"),
)


def configured(folder: Path, certificates: Path, port: int, upstream: int) -> str:
    """Return the block of the page on ports of a test, and what nginx needs around it."""
    (block,) = re.findall(r"```nginx\n(.*?)```", PAGE, re.DOTALL)
    for words, own in (
        ("127.0.0.1:8466", f"127.0.0.1:{upstream}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("server_name customers.example.com", "server_name 127.0.0.1"),
        ("/etc/ssl/customers.pem", f"{certificates}/server.pem"),
        ("/etc/ssl/customers.key", f"{certificates}/server.key"),
    ):
        assert words in block
        block = block.replace(words, own)
    temporary = "\n".join(f"{one}_temp_path {folder}/{one};" for one in TEMPORARY)
    return AROUND.format(folder=folder, temporary=temporary, block=block)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def proxied(shell: Shell) -> Iterator[Served]:
    """A server, as its clients find it behind nginx."""
    nginx, port = program("nginx"), free_port()
    made = prepared(shell.site)
    data, public = copied(shell, made), f"https://127.0.0.1:{port}"
    prepare(folder_of(str(data)), ["customers.example.com"], datetime.now(UTC))
    flags = f"--public-url {public} --trusted-proxies 127.0.0.1"
    behind = serve(shell, made, data, flags)
    folder = shell.folder / "nginx"
    folder.mkdir()
    upstream = int(re.findall(r":(\d+)", behind.process.line(r"http://127\S+")[0])[0])
    (folder / "nginx.conf").write_text(configured(folder, folder_of(str(data)), port, upstream))
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    running: Process = shell.begin(command)
    served = Served(running, public, data, made)
    until(lambda: _answers(served), "an answer of nginx")
    yield served
    running.end()


def _answers(served: Served) -> bool:
    try:
        with served.client() as http:
            return http.get("/").status_code == 404
    except httpx.ConnectError:
        return False


def test_owners_and_apps_pass_and_everything_else_stays_private(proxied: Served) -> None:
    with proxied.client() as http:
        for path in PUBLIC:
            assert http.get(path).headers.get("x-request-id"), path
        for path in PRIVATE:
            answer = http.get(path)
            assert (answer.status_code, answer.headers.get("x-request-id")) == (404, None), path

    asked = f"response_type=code&client_id=crm&redirect_uri={REDIRECT}&state=s"
    with person(proxied) as browser:
        url = f"{proxied.base}/oauth2/auth?{asked}&scope=customers.read_write"
        code = query_of(agree(browser, proxied, url))["code"]
        home = browser.get(f"/_/console/{proxied.made.store_id}")
        assert home.status == 200
    with proxied.client() as http:
        answer = http.post(
            "/oauth2/token",
            data={
                "grant_type": "authorization_code",
                "client_id": "crm",
                "client_secret": proxied.made.secret,
                "redirect_uri": REDIRECT,
                "code": code,
            },
        )
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        listed = http.get("/admin/v2/customers", headers=token)
        assert listed.json()["data"][0]["first_name"] == "Sara"
        big = {"file": ("customers.csv", b"first_name,email\n" + b"Sara,s@example.com\n" * 100_000)}
        assert http.post("/admin/v2/customers/import", headers=token, files=big).status_code == 200
