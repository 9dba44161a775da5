"""HTTPS as an unmodified client meets it: the real process, trusted by its own authority alone."""

import json
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fixtures.require import program

from e2e.conftest import PATIENCE, Process, Shell, shop

pytestmark = [pytest.mark.e2e, pytest.mark.proves("HTTPS answers under its names and no other")]

NAMES = ("accounts.salla.sa", "api.salla.dev")
AHMED = 2075683582
GET = b"GET /healthz HTTP/1.1\r\nHost: api.salla.dev\r\n\r\n"
TOKEN = "0123456789abcdef"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")


class Site:
    """A sandbox over TLS, or another command that serves."""

    def __init__(self, shell: Shell, command: str = "sandbox", **environ: str) -> None:
        self.shell = shell
        where = f"--tls --port 0 --data-dir {shell.folder}/data"
        self.process: Process = shell.start(f"{command} {where}", **environ)
        self.base = self.process.line(r"https://127\.0\.0\.1:\d+")[0]
        self.port = int(self.base.rsplit(":", 1)[1])
        self.ca = shell.folder / "data" / "tls" / "ca.pem"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def secure(self, name: str = "api.salla.dev") -> ssl.SSLSocket:
        """Connect as a client would that was sent here by its resolver."""
        context = ssl.create_default_context(cafile=str(self.ca))
        return context.wrap_socket(self.connect(), server_hostname=name)

    def http(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.ca))
        return httpx.Client(
            base_url=self.base, verify=context, timeout=PATIENCE, headers=AUTHORIZED
        )


def of_workers(shell: Shell, options: str = "") -> Site:
    """Return a site of two processes."""
    shell.copy_of(shop)
    return Site(shell, f"serve --workers 2 --access-log off {options}")


STARTED = ["workers_starting", "worker_ready", "worker_ready"]
"""The log of a site of two processes that has no fault."""


def events(site: Site) -> list[str]:
    """Return what the log of a site tells, line by line."""
    return [line["event"] for line in site.process.log()]


def statuses(peer: socket.socket, count: int) -> list[bytes]:
    """Read until so many answers have begun, or the connection ends."""
    data = b""
    while len(found := re.findall(rb"HTTP/1\.1 (\d+)", data)) < count:
        piece = peer.recv(65536)
        if not piece:
            break
        data += piece
    return found


@pytest.fixture(scope="module")
def site(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a site for every test that leaves it running; it logs no fault."""
    shell = Shell(installed, tmp_path_factory.mktemp("tls"))
    try:
        shared = Site(shell, SIJILL_DEMO_TOKEN=TOKEN, SIJILL_DEMO_CUSTOMERS="3")
        yield shared
        assert shared.process.err.read_text() == ""
        assert shared.process.end() == 0
    finally:
        for process in shell.started:
            process.destroy()


def test_it_answers_under_its_names_and_no_other(site: Site) -> None:
    assert_names(site)


def test_a_site_of_two_processes_answers_so_too(shell: Shell) -> None:
    site = of_workers(shell)
    assert_names(site)
    assert events(site) == STARTED
    assert site.process.end() == 0


def assert_names(site: Site) -> None:
    for name in (*NAMES, "localhost", "127.0.0.1"):
        with site.secure(name) as peer:
            peer.sendall(GET)
            assert statuses(peer, 1) == [b"200"]
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        site.secure("example.com")
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{site.base}/healthz", timeout=PATIENCE)


def test_links_say_https(site: Site) -> None:
    with site.http() as http:
        page = http.get("/admin/v2/customers?per_page=1").json()
    assert page["pagination"]["links"]["next"].startswith(f"{site.base}/admin/v2/customers?")


def test_a_body_of_64_kilobytes_arrives_and_one_byte_more_is_refused(site: Site) -> None:
    body = json.dumps({"first_name": "Sara", "email": "sara@example.com"}).ljust(65_536).encode()
    with site.http() as http:
        headers = {"Content-Type": "application/json"}
        assert http.post("/admin/v2/customers", content=body, headers=headers).is_success
    with site.http() as http:
        refused = http.post("/admin/v2/customers", content=body + b" ", headers=headers)
        assert (refused.status_code, refused.headers["connection"]) == (413, "close")


def test_a_hundred_pipelined_requests_get_a_hundred_answers(site: Site) -> None:
    with site.secure() as peer:
        peer.sendall(GET * 100)
        assert statuses(peer, 100) == [b"200"] * 100


def test_slow_handshakes_and_slow_requests_are_dropped_and_hold_up_nobody(shell: Shell) -> None:
    site = of_workers(shell, "--receive-timeout 1")
    silent, half, plain = site.connect(), site.connect(), site.connect()
    half.sendall(b"\x16\x03\x01\x02\x00\x01")  # the head of a ClientHello of 512 bytes
    plain.sendall(GET)
    with site.secure() as slow, site.http() as http:
        slow.sendall(GET[:20])
        for _ in range(8):
            assert http.get("/healthz").status_code == 200
        assert statuses(slow, 1) == [b"408"]
    for peer in (silent, half, plain):
        with peer:
            assert is_over(peer)
    assert events(site) == STARTED


def is_over(peer: socket.socket) -> bool:
    """Wait until the server ends a connection, gently or not; an alert may come before."""
    try:
        while peer.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def test_a_stop_waits_for_no_idle_client(shell: Shell) -> None:
    site = of_workers(shell)
    peers = [site.secure() for _ in range(4)]
    for peer in peers:
        peer.sendall(GET)
        assert statuses(peer, 1) == [b"200"]
    begun = time.monotonic()
    assert site.process.end() == 0
    assert time.monotonic() - begun < 15  # TLS would wait thirty seconds for their farewell
    for peer in peers:
        peer.close()


def test_a_second_start_keeps_what_clients_trust(shell: Shell) -> None:
    first = Site(shell)
    before = {path.name: path.read_bytes() for path in first.ca.parent.iterdir()}
    modes = {path.name: oct(path.stat().st_mode)[-3:] for path in first.ca.parent.iterdir()}
    assert modes == {"ca.pem": "644", "ca.key": "600", "server.pem": "644", "server.key": "600"}
    assert oct(first.ca.parent.stat().st_mode)[-3:] == "700"
    first.process.end()
    second = Site(shell)
    assert {path.name: path.read_bytes() for path in first.ca.parent.iterdir()} == before
    with second.http() as http:
        assert http.get("/healthz").status_code == 200
    assert shell.run(f"tls ca --data-dir {shell.folder}/data") == second.ca.read_text()


def test_servers_that_start_at_once_on_one_folder_share_an_authority(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    shell.run(f"migrate {where}")
    servers = [shell.start(f"serve --port 0 {where}", SIJILL_TLS="on") for _ in range(3)]
    ca = shell.folder / "data" / "tls" / "ca.pem"
    for server in servers:
        base = server.line(r"https://127\.0\.0\.1:\d+")[0]
        context = ssl.create_default_context(cafile=str(ca))
        assert httpx.get(f"{base}/healthz", verify=context, timeout=PATIENCE).status_code == 200


def test_names_the_authority_may_not_vouch_for_end_the_start(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    shell.run(f"tls ca {where}")
    shell.run(f"serve --tls --port 0 --tls-names example.com {where}", code=64)
    assert re.fullmatch(r"sijill: the authority in .+ cannot vouch for .+\n", shell.errors)


@needs_curl
def test_the_demo_s_line_works_as_it_was_pasted(site: Site) -> None:
    line = site.process.line(r"(?m)^curl --cacert .*$")[0]
    done = subprocess.run(shlex.split(line), capture_output=True, check=True, timeout=PATIENCE)
    assert json.loads(done.stdout)["data"]["id"] == AHMED


def test_node_trusts_what_its_variable_names(site: Site) -> None:
    said = "answer => console.log(answer.status), fault => console.log(fault.cause.code)"
    command = [program("node"), "-e", f"fetch('{site.base}/healthz').then({said})"]
    environ = site.shell.environ
    assert output(command, environ) == "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
    assert output(command, environ | {"NODE_EXTRA_CA_CERTS": str(site.ca)}) == "200"


def test_python_trusts_what_its_variable_names(site: Site) -> None:
    script = "import httpx, sys; print(httpx.get(sys.argv[1]).status_code)"
    command = [*site.shell.command("")[:1], "-c", script, f"{site.base}/healthz"]
    assert output(command, site.shell.environ | {"SSL_CERT_FILE": str(site.ca)}) == "200"


def output(command: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
