"""The sandbox of a run: started when a test needs it, once, and ended with the run."""

import signal
import subprocess
import sys

import pytest
from e2e.conftest import until

from plugin.conftest import AHMED, Alone, Run
from sijill.pytest_plugin import Salla
from sijill.testing.client import Client
from sijill.testing.control import Control, ControlRefused
from sijill.testing.server import NotStarted, Server, running
from sijill.testing.sharing import Sharing, shared

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("a run of pytest has one sandbox at most, and leaves none behind"),
]

USES = f"""
import os, pathlib, signal, pytest

@pytest.mark.parametrize("number", range(4))
def test_it(salla, salla_server, number):
    with open("servers", "a") as file:
        print(salla_server.url, salla_server.admin_token, file=file)
    assert salla.client.get("{AHMED}").status_code == 200
    {{then}}
"""


def servers(alone: Alone) -> list[Server]:
    """Return the sandboxes that tests have met."""
    return [Server(*line.split()) for line in alone.file("servers").read_text().splitlines()]


def is_gone(server: Server) -> bool:
    try:
        Control(f"{server.url}/_", server.admin_token).call("GET", "/operations")
    except ControlRefused as refusal:
        return refusal.status == 0
    return False


@pytest.mark.parametrize("words", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_run_starts_one_and_ends_it(alone: Alone, words: tuple[str, ...]) -> None:
    alone.run(USES.format(then=""), *words).assert_outcomes(passed=4)
    met = servers(alone)
    assert len(met) == 4
    assert {server.url for server in met} == {met[0].url}
    assert alone.sandboxes == 1
    assert is_gone(met[0])


UNUSED = """
import sys

def pytest_sessionfinish(session):
    names = sorted(name for name in sys.modules if name.split(".")[0] == "sijill")
    worker = getattr(session.config, "workerinput", {"workerid": "main"})["workerid"]
    with open(worker, "w") as file:
        file.write(" ".join(names))
"""

PLUGIN = "sijill sijill.pytest_plugin"


@pytest.mark.parametrize(
    ("words", "imported"),
    [
        ((), {"main": PLUGIN}),
        (("-n", "1"), {"main": f"{PLUGIN} sijill.testing sijill.testing.sharing", "gw0": PLUGIN}),
    ],
    ids=["one process", "a worker"],
)
def test_a_run_that_does_not_need_it_imports_and_starts_nothing(
    alone: Alone, words: tuple[str, ...], imported: dict[str, str]
) -> None:
    alone.run("def test_it(): pass", *words, conftest=UNUSED).assert_outcomes(passed=1)
    assert {name: alone.file(name).read_text() for name in imported} == imported
    assert alone.sandboxes == 0


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ((), "os.kill(os.getpid(), signal.SIGINT)"),
        (("-n", "2"), "os.kill(os.getppid(), signal.SIGINT)"),
        ((), "os.kill(os.getpid(), signal.SIGKILL)"),
        (("-n", "2"), "os.kill(os.getppid(), signal.SIGKILL)"),
        (("-n", "2"), "os._exit(1)"),
    ],
    ids=["ctrl-c", "ctrl-c of two workers", "killed", "two workers killed", "a worker dies"],
)
def test_no_end_of_a_run_leaves_one_behind(alone: Alone, words: tuple[str, ...], then: str) -> None:
    result = alone.run(USES.format(then=then), *words)
    assert result.ret != 0
    assert alone.sandboxes == 1
    until(lambda: is_gone(servers(alone)[0]), "the end of the sandbox")
    until(lambda: not list(alone.temporary.glob("sijill*")), "the end of its folder")


def test_one_that_runs_is_used(run: Run, salla_server: Server) -> None:
    text = f'def test_it(salla_server): assert salla_server.url == "{salla_server.url}"'
    run(text).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("url", "token", "line"),
    [
        ("{dead}", "a", "POST *: no sandbox answers there: *refused* (SIJILL_URL names it: *)"),
        ("{url}", "a", "POST */_/ns: 401 a control call needs * (SIJILL_URL names it: *)"),
        ("{url}/admin/v2", "a", "POST */_/ns: 404 no sandbox * (SIJILL_URL names it: *)"),
    ],
)
def test_one_that_cannot_be_used_is_told_in_one_line(
    run: Run,
    salla_server: Server,
    salla: Salla,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    token: str,
    line: str,
) -> None:
    dead = salla.dead_url.removesuffix("/admin/v2")
    monkeypatch.setenv("SIJILL_URL", url.format(url=salla_server.url, dead=dead))
    monkeypatch.setenv("SIJILL_ADMIN_TOKEN", token)
    result = run("def test_it(salla): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])


def test_settings_of_the_user_do_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_WORKERS", "4")
    monkeypatch.setenv("SIJILL_PORT", "1")
    with running() as server:
        assert "customers.list" in server.operations


def test_one_that_does_not_start_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "no number")
    with pytest.raises(NotStarted, match=r"did not start\n.*PYTHONHASHSEED"), running():
        pass


def test_processes_share_one_until_it_is_closed() -> None:
    sharing = Sharing()
    try:
        with pytest.raises(NotStarted, match="is ending"):
            shared((*sharing.invitation[:2], "another key"))
        one, other = (shared(sharing.invitation) for _ in range(2))
        assert one.url == other.url
        assert Client(one.url, one.admin_token).get("/_/operations").status_code == 200
    finally:
        sharing.close()
    assert is_gone(one)
    with pytest.raises(NotStarted, match="is gone"):
        shared(sharing.invitation)


def test_a_sandbox_that_does_not_start_is_told_to_every_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "no number")
    sharing = Sharing()
    try:
        for _ in range(2):
            with pytest.raises(NotStarted, match="PYTHONHASHSEED"):
                shared(sharing.invitation)
    finally:
        sharing.close()


def test_the_child_ends_with_its_input() -> None:
    command = [sys.executable, "-m", "sijill.testing.child", "sandbox", "--port", "0"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdin, child.stdout:
        assert b"Sijill demo store on" in child.stdout.readline()
        child.stdin.write(b"anything")
        child.stdin.close()
        assert child.wait(30) in (0, -signal.SIGTERM)
