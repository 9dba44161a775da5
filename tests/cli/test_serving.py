"""The lines of `sijill serve` when it is ready, and the addresses it offers."""

import re
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli.operating import Operator
from structlog.testing import capture_logs

from sijill import temporary
from sijill.cli import serving
from sijill.cli.output import AWAY
from sijill.oauth.tokens import digest
from sijill.settings import Settings

OFFER = re.compile(
    r"^No owner yet: create the first one within 30 minutes at "
    r"(?P<base>\S+)/_/setup\?link=(?P<link>sjl_su_\w+)$"
)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers are ready and stop without serving anybody."""

    def run(
        open_application: object,
        settings: Settings,
        bound: socket.socket,
        on_ready: Callable[[], None],
        *more: object,
    ) -> None:
        on_ready()

    monkeypatch.setattr(serving.logs, "configure", lambda *_: None)
    monkeypatch.setattr(serving, "run", run)
    monkeypatch.setattr(serving, "run_workers", run)


def good(operator: Operator, link: str, later: timedelta = timedelta()) -> bool:
    at = datetime.now(UTC) + later
    return not operator.ask(lambda register: register.people.is_set_up(digest(link), at))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_without_an_owner_a_link_is_offered_that_makes_the_first(
    operator: Operator, workers: str
) -> None:
    said = operator.type("serve", "--port", "0", "--workers", workers).stdout
    ready, offer, where = said.splitlines()
    assert where == f"Data: {operator.folder / 'data'}"
    match = OFFER.match(offer)
    assert match is not None
    assert ready == f"Sijill listens on {match['base']}"
    assert good(operator, match["link"], timedelta(minutes=29))
    assert not good(operator, match["link"], timedelta(minutes=31))
    assert not operator.keeps(match["link"])


def test_a_link_is_under_the_address_people_use_and_ends_with_the_next_start(
    operator: Operator,
) -> None:
    words = ("serve", "--port", "0", "--public-url", "https://sijill.example")
    first, second = (OFFER.search(operator.type(*words).stdout.splitlines()[1]) for _ in "12")
    assert first is not None
    assert second is not None
    assert second["base"] == "https://sijill.example"
    assert not good(operator, first["link"])
    assert good(operator, second["link"])


def test_with_an_owner_nothing_is_offered(operator: Operator) -> None:
    operator.type("store", "create", "shop")
    words = "owner create --store shop --email o@example.com --name O --password-file -"
    operator.type(*words.split(), data="correct horse battery")
    assert "setup" not in operator.type("serve", "--port", "0").stdout


def test_a_start_that_cannot_listen_leaves_the_link_of_another_alone(operator: Operator) -> None:
    offer = OFFER.search(operator.type("serve", "--port", "0").stdout.splitlines()[1])
    assert offer is not None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        operator.type("serve", "--port", str(taken.getsockname()[1]), code=1)
    assert good(operator, offer["link"])


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_the_sandbox_says_what_it_takes_to_use_it(
    operator: Operator, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # as `make demo` calls it: no terminal finds the command
    said = operator.type(command, "--port", "0")
    former = "sijill: sijill demo is now sijill sandbox\n"
    assert said.stderr == (former if command == "demo" else "")
    lines = said.stdout.splitlines()
    assert len(lines) <= 12
    assert re.fullmatch(
        r"OAuth: client_id demo, client_secret sjl_cs_\w{49}, "
        r"redirect_uri http://127\.0\.0\.1:<any port>/callback",
        lines[3],
    )
    assert re.fullmatch(r"Owner who consents: owner@demo\.test, password [\w-]{24}", lines[4])
    link = r"http://127\.0\.0\.1:\d+/_/enter\?link=sjl_se_\w{49}"
    assert re.fullmatch(rf"Console, opened once by this link: {link}", lines.pop(5))
    told = re.fullmatch(r"Admin token of the control API: (sjl_sa_\w{49})", lines[5])
    assert told is not None
    variables = rf"SIJILL_URL=http://127\.0\.0\.1:\d+ SIJILL_ADMIN_TOKEN={told[1]}"
    assert re.fullmatch(rf"Tests with the fixture salla: {variables} pytest", lines[6])
    assert re.fullmatch(r"Data: \S+/demo-documented", lines[7])
    assert lines[8].startswith("Commands, in another terminal: . ")
    assert Path(lines[8].partition(": . ")[2]).samefile(Path(sys.prefix, "bin", "activate"))
    assert lines[9:] == ["Stop: Ctrl+C"]


def test_a_command_that_terminals_find_is_not_explained(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sijill").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "activate" not in operator.type("sandbox", "--port", "0").stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("workers", "2"),
        ("redis_url", "redis://127.0.0.1:1"),
        ("database_url", "postgresql://127.0.0.1:1/real"),
    ],
)
def test_the_sandbox_is_one_process_with_rows_of_its_own(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SIJILL_{name.upper()}", value)
    said = operator.type("sandbox", "--port", "0", code=64)
    assert said.stderr == f"sijill: the sandbox is one process with rows of its own: no {name}\n"


@pytest.mark.parametrize(
    "words", ["serve --port 0", "deliver", "store create shop", "doctor", "backup b.db"]
)
def test_rows_in_memory_are_the_sandbox_s_alone(operator: Operator, words: str) -> None:
    said = operator.type(*words.split(), "--database-url", "sqlite://:memory:", code=64)
    assert said.stderr == (
        "sijill: database_url: rows in memory end with the process: use sijill sandbox\n"
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("sandbox status", AWAY),
        ("sandbox wait --within 0", AWAY),
        ("sandbox stop", 0),
        ("tls hosts", 0),
        ("store list --demo", 1),
        ("doctor --demo", 1),
    ],
)
def test_commands_that_do_not_open_a_database_in_memory_let_its_address_be(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, words: str, code: int
) -> None:
    without = operator.type(*words.split(), code=code)
    monkeypatch.setenv("SIJILL_DATABASE_URL", "sqlite://:memory:")
    said = operator.type(*words.split(), code=code)
    assert (said.stdout, said.stderr) == (without.stdout, without.stderr)


@pytest.mark.parametrize("words", ["doctor", "serve --port 0", "deliver", "store list"])
def test_an_address_with_an_unescaped_password_ends_a_command_with_one_sentence(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("SIJILL_DATABASE_URL", "postgresql://user:sec/ret@host/d")
    said = operator.type(*words.split(), code=64)
    assert said.stderr.startswith("sijill: database_url (SIJILL_DATABASE_URL): write ports in ")
    assert (said.stdout, said.stderr.count("\n"), "sec" in said.stderr) == ("", 1, False)


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("memory", "memory", True),
        ("memory", "sqlite", True),
        ("sqlite", "memory", True),
        ("sqlite", "sqlite", False),
    ],
)
def test_a_second_server_that_counts_apart_is_told_at_its_start_and_by_the_doctor(
    operator: Operator, first: str, second: str, apart: bool
) -> None:
    folder = operator.folder / "data"
    with temporary.claimed(folder, f"server-{first}"), capture_logs() as lines:
        operator.type("serve", "--port", "0", "--counters", second)
        assert ("limits_counted_apart" in [line["event"] for line in lines]) is apart
        with temporary.claimed(folder, f"server-{second}"):
            assert ("another server uses this" in operator.type("doctor").stdout) is apart
        assert "another server uses this" not in operator.type("doctor").stdout
