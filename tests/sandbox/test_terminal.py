"""The terminal of a sandbox: one line per request, the reason of a refusal, no personal data."""

import asyncio
import os
import pty
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest
from sandbox.conftest import SandboxWorld

from sijill.errors import Fault, Unavailable
from sijill.oauth.refusals import NotAuthorizable, OAuthRefused
from sijill.sandbox.terminal import Terminal, reason_of

NOON = datetime(2026, 11, 25, 12, 0, 0)
CUSTOMER = "/admin/v2/customers/2075683582"


@pytest.fixture
def lines(sandbox: SandboxWorld) -> list[str]:
    """Return the lines of the sandbox, without their time; they grow with its answers."""
    written: list[str] = []
    terminal = Terminal(
        lambda text: written.extend(line[9:] for line in text.splitlines()),
        lambda: NOON,
        sandbox.token,
    )
    sandbox.app.dispatcher._terminal = terminal  # type: ignore[attr-defined]
    return written


def after_the_turn(sandbox: SandboxWorld) -> None:
    """Let the turn of the event loop end, after which the lines are written."""
    sandbox.run(asyncio.sleep(0))


ENDS = "this sandbox's ends in …{ends}"
NO_TOKEN = "no token in the header Authorization: Bearer …"


@pytest.mark.parametrize(
    ("method", "path", "headers", "line"),
    [
        ("GET", CUSTOMER, {}, "200 GET /customers/{customer}"),
        ("GET", "/admin/v2/customers?keyword=secret", {}, "200 GET /customers"),
        (
            *("GET", CUSTOMER, {"authorization": "Bearer nonsense"}),
            f"401 GET /customers/{{customer}}  unknown token; {ENDS}",
        ),
        (
            *("GET", CUSTOMER, {"authorization": ""}),
            f"401 GET /customers/{{customer}}  {NO_TOKEN}; {ENDS}",
        ),
        (
            *("GET", "/admin/v2/customers/7", {}),
            "404 GET /customers/{customer}  nothing in this store has this id",
        ),
        (
            *("GET", "/admin/v2/customer/sara@example.com", {}),
            "404 GET (none)  no such path; near to it: GET /customers/{customer}",
        ),
        ("GET", "/zzzzzzzzzz", {}, "404 GET (none)  no such path"),
        (
            *("GET", "//admin/v2/customers", {}),
            "404 GET (none)  the path has an empty segment: leave out the slash at the end of the "
            "base URL",
        ),
        (
            *("PATCH", CUSTOMER, {}),
            "405 PATCH (none)  this path has DELETE, GET, HEAD, PUT",
        ),
        (
            *("GET", "/admin/v2/customers?date_from=sara", {}),
            "422 GET /customers  date_from: date",
        ),
        (
            *("GET", "/oauth2/auth?client_id=sara@example.com", {}),
            "400 GET /oauth2/auth  unknown client",
        ),
        ("BREW", CUSTOMER, {}, "405 other (none)  this path has DELETE, GET, HEAD, PUT"),
    ],
)
def test_a_line_tells_status_route_and_reason(
    sandbox: SandboxWorld,
    lines: list[str],
    method: str,
    path: str,
    headers: dict[str, str],
    line: str,
) -> None:
    sandbox.ask(method, path, **headers)
    after_the_turn(sandbox)
    assert lines == [line.replace("{ends}", sandbox.token[-4:])]


def test_a_token_that_ended_is_told(sandbox: SandboxWorld, lines: list[str]) -> None:
    (token,) = sandbox.control("GET", "ns/default/tokens").json["tokens"]
    sandbox.control("POST", f"ns/default/tokens/{token['id']}/expire")
    sandbox.ask("GET", CUSTOMER)
    after_the_turn(sandbox)
    assert "  expired token; this sandbox's ends in" in lines[-1]


def test_a_fault_on_demand_is_told_with_the_status_that_the_client_gets(
    sandbox: SandboxWorld, lines: list[str]
) -> None:
    rule = {"op": "customers.details", "kind": "status", "status": 429, "times": 1}
    assert sandbox.control("PUT", "ns/default/faults", {"faults": [rule]}).status == 200
    assert sandbox.ask("GET", CUSTOMER).status == 429
    assert sandbox.ask("GET", CUSTOMER).status == 200
    after_the_turn(sandbox)
    assert lines == [
        "429 GET /customers/{customer}  fault rule: status",
        "200 GET /customers/{customer}",
    ]


def test_an_answer_that_is_not_sent_is_told(sandbox: SandboxWorld, lines: list[str]) -> None:
    rule = {"op": "customers.details", "kind": "empty", "times": 1}
    assert sandbox.control("PUT", "ns/default/faults", {"faults": [rule]}).status == 200
    with pytest.raises(asyncio.CancelledError):
        sandbox.ask("GET", CUSTOMER)
    after_the_turn(sandbox)
    assert lines == ["--- GET /customers/{customer}  fault rule: empty"]


def test_control_calls_have_no_line(sandbox: SandboxWorld, lines: list[str]) -> None:
    sandbox.control("GET", "ns")
    after_the_turn(sandbox)
    assert lines == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Unavailable(), "The service is not available right now"),
        (NotAuthorizable("missing_redirect"), "missing redirect"),
        (OAuthRefused("invalid_grant", "secret"), "invalid_grant"),
    ],
)
def test_every_fault_has_a_reason_without_what_a_client_sent(fault: Fault, reason: str) -> None:
    assert reason_of(fault).startswith(reason[:10])


def test_the_token_that_the_default_namespace_keeps_is_the_one_told(tmp_path: Path) -> None:
    written: list[str] = []
    world = SandboxWorld(data_dir=str(tmp_path), terminal=written.append)
    try:
        assert world.ask("GET", CUSTOMER, "another").status == 401
        after_the_turn(world)
        assert f"…{world.token[-4:]}" in written[0]
    finally:
        world.close()


@pytest.mark.e2e
@pytest.mark.parametrize("options", [(), ("--log-level", "warning"), ("--json",)])
def test_the_command_writes_to_a_terminal_unless_it_is_told_not_to(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    reading, terminal = pty.openpty()
    command = [sys.executable, "-m", "sijill", "sandbox", "--port", "0", *options]
    command += ["--data-dir", str(tmp_path), "--port-file", str(tmp_path / "port")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        assert process.stdout is not None
        process.stdout.readline()  # it is ready
        port = int((tmp_path / "port").read_text())
        url = f"http://127.0.0.1:{port}{CUSTOMER}?name=secret"
        asked = urllib.request.Request(url, headers={"authorization": "Bearer nonsense"})
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(asked, timeout=30)
        process.send_signal(signal.SIGTERM)
        written = read_all(reading)
        process.stdout.read()
    assert process.returncode == 0
    shown = [line for line in written.splitlines() if " 401 " in line]
    if options:
        assert shown == []
    else:
        (line,) = shown
        assert "401 GET /customers/{customer}  unknown token; this sandbox's ends in …" in line
    assert "secret" not in written


def read_all(descriptor: int) -> str:
    """Return what is written to a terminal until its last writer ends."""
    pieces = []
    try:
        while piece := os.read(descriptor, 65536):
            pieces.append(piece)
    except OSError:  # Linux ends the reading of a terminal in this way
        pass
    finally:
        os.close(descriptor)
    return b"".join(pieces).decode()
