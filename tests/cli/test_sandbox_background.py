"""A sandbox in the background: it starts, is found by every command, and ends."""

import fcntl
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cli.sandboxes import PATIENCE, Terminal

from sijill.cli.background import VARIABLES

pytestmark = pytest.mark.proves(
    "a sandbox in the background is found, waited for and stopped, and no other process for it"
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal whose sandbox runs for all tests of this module."""
    made = Terminal(tmp_path_factory.mktemp("shared"))
    made.type("sandbox", "start", "--port", "0")
    yield made
    assert "has ended" in made.type("sandbox", "stop")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def kill(terminal: Terminal) -> None:
    """Kill the sandbox, and wait until it no longer locks its file."""
    with terminal.file.open() as file:
        os.kill(json.load(file)["pid"], signal.SIGKILL)
        fcntl.flock(file, fcntl.LOCK_SH)


def test_it_is_told_of_while_it_runs(shared: Terminal) -> None:
    told = shared.json("sandbox", "status")
    assert (told["running"], shared.errors) == (True, "")
    sentence = f"The sandbox runs on {told['url']}, process {told['pid']}\n"
    assert shared.type("sandbox", "status") == sentence
    assert shared.type("sandbox", "wait") == f"The sandbox on {told['url']} answers\n"
    assert shared.json("sandbox", "wait") == {"url": told["url"]}
    assert os.getsid(told["pid"]) != os.getsid(0), "the end of the terminal would end it"


def test_what_it_leaves_is_its_owners_alone(shared: Terminal) -> None:
    shared.type("sandbox", "logs")
    files = [*shared.file.parent.iterdir()]
    assert sorted(file.name for file in files) == ["log.txt", "running.json"]
    assert {mode(file) for file in files} == {0o600}
    assert mode(shared.file.parent) == 0o700


def test_a_second_one_is_refused(shared: Terminal) -> None:
    url = shared.json("sandbox", "status")["url"]
    shared.type("sandbox", "start", "--port", "0", code=1)
    assert shared.errors.startswith(f"sijill: a sandbox runs already on {url}, process ")


def test_a_shell_takes_its_variables_up_and_drops_them(shared: Terminal) -> None:
    script = """
        eval "$(sijill sandbox env)"
        env | grep ^SIJILL_ | sort
        eval "$(sijill sandbox env --unset)"
        env | grep -c ^SIJILL_ || :
    """
    *lines, count = shared.shell(script).splitlines()
    values = dict(line.split("=", 1) for line in lines)
    assert values == shared.json("sandbox", "env")
    assert values.keys() == VARIABLES.keys()
    assert shared.json("sandbox", "env", "--unset") == dict.fromkeys(VARIABLES)
    assert count == "0"
    known = json.loads(shared.file.read_text())
    assert values == {name: known[attribute] for name, attribute in VARIABLES.items()}


def test_its_variables_lead_other_folders_to_it(shared: Terminal, tmp_path: Path) -> None:
    elsewhere = Terminal(tmp_path)
    elsewhere.type("sandbox", "wait", "--within", "0", code=69)
    assert elsewhere.errors == "sijill: no sandbox has answered within 0 seconds\n"
    elsewhere.environ |= shared.json("sandbox", "env")
    url = elsewhere.environ["SIJILL_URL"]
    assert elsewhere.json("sandbox", "wait", "--within", "0") == {"url": url}


def test_a_sandbox_in_the_foreground_is_found_too_and_a_second_one_says_that_it_is_not(
    terminal: Terminal,
) -> None:
    with terminal.begin("sandbox", "--port", "0", "--json") as first:
        assert first.stdout is not None
        ready = json.loads(first.stdout.readline())
        assert terminal.json("sandbox", "status")["pid"] == first.pid == ready["pid"]
        with terminal.begin("sandbox", "--port", "0", "--json") as second:
            assert second.stdout is not None
            assert json.loads(second.stdout.readline())["pid"] == second.pid
            assert terminal.json("sandbox", "status")["pid"] == first.pid
            second.terminate()
            assert "do not find this sandbox" in second.communicate(timeout=PATIENCE)[1]
        assert terminal.json("sandbox", "stop") == {"running": False}
        assert first.wait(PATIENCE) == 0
    assert terminal.json("sandbox", "status", code=69) == {"running": False}
    assert terminal.file.read_bytes() == b""


def test_a_sandbox_whose_folder_cannot_be_written_serves_and_says_that_it_is_not_found(
    terminal: Terminal,
) -> None:
    (terminal.folder / "file").touch()
    with terminal.begin("sandbox", "--port", "0", "--data-dir", "file/data") as sandbox:
        assert sandbox.stdout is not None
        assert sandbox.stdout.readline().startswith("Sijill demo store on http://")
        sandbox.terminate()
        assert "do not find this sandbox" in sandbox.communicate(timeout=PATIENCE)[1]
    assert sandbox.returncode == 0


def test_a_start_that_fails_shows_its_log_and_leaves_no_process(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        terminal.type("sandbox", "start", "--port", port, code=1)
    told, reason = terminal.errors.splitlines()
    assert told == "sijill: the sandbox did not start; the end of .sijill/sandbox/log.txt:"
    assert reason.startswith(f"sijill: cannot listen on 127.0.0.1 port {port}: ")
    assert terminal.json("sandbox", "status", code=69) == {"running": False}


def test_a_sandbox_that_is_not_there_is_looked_for_in_a_folder_that_is_named(
    terminal: Terminal,
) -> None:
    terminal.type("sandbox", "env", code=69)
    assert f"no sandbox runs on {terminal.folder / '.sijill'}: " in terminal.errors
    assert "--data-dir" in terminal.errors


def test_its_default_namespace_begins_with_the_rows_of_a_file(terminal: Terminal) -> None:
    file = terminal.folder / "seed.json"
    owner = {"name": "Noura", "email": "noura@example.com", "password": "a password of Noura"}
    sara = {"id": 7, "email": "sara@example.com"}
    file.write_text(json.dumps({"owners": [owner], "customers": [sara]}))
    terminal.type("sandbox", "start", "--port", "0", "--seed", "seed.json")
    with terminal.file.open() as told:
        running = json.load(told)
    assert (running["email"], running["password"]) == (owner["email"], owner["password"])
    headers = {"Authorization": f"Bearer {running['token']}"}
    (only,) = httpx.get(f"{running['url']}/customers", headers=headers).json()["data"]
    assert (only["id"], only["email"]) == (7, sara["email"])


@pytest.mark.parametrize(
    ("words", "document", "sentence"),
    [
        (("start",), '{"customers": [{"emial": "x"}]}', "seed.customers[0].emial: unknown"),
        ((), '{"customers": [{"emial": "x"}]}', "seed.customers[0].emial: unknown"),
        ((), '{"groups": [{"id": 1}, {"id": 1}]}', "seed.groups[1].id: another row"),
        ((), "{", "seed.json: it is not JSON"),
    ],
)
def test_a_faulty_seed_document_is_told_with_the_path_of_its_fault(
    terminal: Terminal, words: tuple[str, ...], document: str, sentence: str
) -> None:
    (terminal.folder / "seed.json").write_text(document)
    code = 1 if words else 64
    terminal.type("sandbox", *words, "--port", "0", "--seed", "seed.json", code=code)
    assert sentence in terminal.errors


def test_a_start_that_is_late_leaves_no_process(terminal: Terminal) -> None:
    terminal.type("sandbox", "start", "--port", "0", "--within", "0", code=1)
    assert "did not start" in terminal.errors
    assert terminal.json("sandbox", "status", code=69) == {"running": False}


def test_a_faulty_setting_is_told_before_anything_starts(terminal: Terminal) -> None:
    terminal.type("sandbox", "start", "--port", "many", code=64)
    assert terminal.errors.startswith("sijill: port (--port): ")
    assert not terminal.file.parent.exists()


def test_one_that_was_killed_is_not_told_of_and_the_next_one_starts(terminal: Terminal) -> None:
    terminal.type("sandbox", "start", "--port", "0")
    kill(terminal)
    assert terminal.type("sandbox", "stop") == "No sandbox runs on .sijill\n"
    terminal.type("sandbox", "start", "--port", "0")
    terminal.type("sandbox", "wait")


def test_a_process_with_the_id_of_one_that_was_killed_is_let_live(terminal: Terminal) -> None:
    terminal.type("sandbox", "start", "--port", "0")
    known = json.loads(terminal.file.read_text())
    kill(terminal)
    assert terminal.json("sandbox", "status", code=69) == {"running": False}
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        terminal.file.write_text(json.dumps(known | {"pid": other.pid}))
        assert terminal.type("sandbox", "stop") == "No sandbox runs on .sijill\n"
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"pid": 1}'])
def test_a_damaged_file_tells_of_no_sandbox(terminal: Terminal, content: bytes) -> None:
    terminal.file.parent.mkdir(parents=True)
    terminal.file.write_bytes(content)
    assert terminal.json("sandbox", "status", code=69) == {"running": False}


def test_a_wait_may_begin_before_the_sandbox(terminal: Terminal) -> None:
    with terminal.begin("sandbox", "wait") as waiting:
        terminal.type("sandbox", "start", "--port", "0")
        assert waiting.wait(PATIENCE) == 0, waiting.stderr


def test_a_log_is_followed_until_the_sandbox_ends(terminal: Terminal) -> None:
    terminal.type("sandbox", "logs", code=1)
    terminal.type("sandbox", "start", "--port", "0")
    log = terminal.file.with_name("log.txt")
    log.write_text("first\n")
    with terminal.begin("sandbox", "logs", "--follow") as following:
        assert following.stdout is not None
        assert following.stdout.readline() == "first\n"
        with log.open("a") as more:
            more.write("second\n")
        terminal.type("sandbox", "stop")
        assert following.communicate(timeout=PATIENCE) == ("second\n", "")
    assert following.returncode == 0
    assert terminal.type("sandbox", "logs") == "first\nsecond\n"
    lines = terminal.type("sandbox", "logs", "--json").splitlines()
    assert [json.loads(line) for line in lines] == [{"line": "first"}, {"line": "second"}]
