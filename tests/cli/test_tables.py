"""Tables and progress bars: columns that line up and fit, and nothing that a terminal obeys."""

import io
import json
from datetime import UTC, datetime

import pytest
from cli.operating import Operator

from sijill.cli.output import columns
from sijill.cli.progress import progress, progress_to_the_end
from sijill.cli.tables import print_record, print_table, width_of
from sijill.imports.model import Import
from sijill.register import Register
from sijill.values.ids import new_event_id
from sijill.webhooks.events import CREATED, OTP, Event
from sijill.webhooks.model import AttemptResult, Webhook
from sijill.webhooks.places import Places

NOW = datetime(2026, 11, 25, 9, 59, 58, tzinfo=UTC)


@pytest.fixture(autouse=True)
def piped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def test_columns_line_up_whatever_the_width_of_letters(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("shop", "مُتجر", "東京", "a\u200cb")
    print_table([{"name": name, "plan": "pro"} for name in names])
    assert capsys.readouterr().out.splitlines() == [
        "name  plan",
        "shop  pro",
        "مُتجر  pro",
        "東京  pro",
        "a\u200cb    pro",
    ]


def test_a_cell_shows_no_control_character_and_no_set_in_its_own_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table([{"a": "\x1b[31mred", "b": None, "c": ["z", "b"], "d": "", "e": []}])
    assert capsys.readouterr().out == "a         b  c    d  e\n\ufffd[31mred  -  b z  -  -\n"
    print_table([])
    assert capsys.readouterr().out == "none\n"


def test_a_cell_of_rows_shows_their_values_in_their_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tried = [{"at": NOW, "answer": "timeout"}, {"at": NOW, "answer": 500}]
    print_table([{"tried": tried, "one": {"b": 1, "a": None}}])
    shown = "2026-11-25 09:59:58Z timeout, 2026-11-25 09:59:58Z 500"
    assert capsys.readouterr().out.splitlines()[1] == f"{shown}  1 -"


def test_columns_take_attributes_under_their_own_or_another_name() -> None:
    assert columns([3 + 4j], "imag", "whole=real") == [{"imag": 4.0, "whole": 3.0}]


def test_a_table_of_some_columns_has_times_to_the_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = {"id": 7, "plan": "pro", "created_at": NOW}
    print_table([row], ["id", "created_at"])
    assert capsys.readouterr().out == "id  created_at\n7   2026-11-25 09:59Z\n"
    print_table([row])
    assert "2026-11-25 09:59:58Z" in capsys.readouterr().out


def test_a_record_is_a_line_for_each_value(capsys: pytest.CaptureFixture[str]) -> None:
    print_record({"id": 7, "name": "shop", "created_at": NOW})
    assert capsys.readouterr().out.splitlines() == [
        "id          7",
        "name        shop",
        "created_at  2026-11-25 09:59:58Z",
    ]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        ("25", ["id        name", "evt_12345  two words 東京"]),
        ("22", ["id        name", "evt_12345  two words", "           東京"]),
        ("9", ["id        name", "evt_12345  two", "           words", "           東京"]),
    ],
)
def test_a_wide_column_is_folded_and_an_id_is_whole(
    width: str,
    lines: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    print_table([{"id": "evt_12345", "name": "two words 東京"}])
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        line.split() for line in lines
    ]


def test_a_word_without_a_space_is_cut_where_the_column_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "16")
    print_table([{"state": "on", "url": "https://a.example/hook"}])
    assert capsys.readouterr().out.splitlines()[1:] == [
        "on     https://a",
        "       .example/",
        "       hook",
    ]


CUSTOMER = "2075683582"
NAME = "متجر العطور والبخور في شارع الأمير محمد بن عبد العزيز بالرياض وجدة والدمام"


@pytest.fixture
def full(operator: Operator) -> Operator:
    """An operator of a store with a row in every list, and with long names."""
    operator.type("store", "create", NAME, "--plan", "special")
    operator.type("app", "create", f"قارئ {NAME}", "--webhook-url", f"https://a.example/{'x' * 80}")
    (store,), (app,) = operator.json("store", "list"), operator.json("app", "list")
    scopes = ("--scope", "customers.read", "--scope", "customers.read_write")
    where = ("--store", NAME)
    operator.type("token", "create", *where, "--app", str(app["id"]), *scopes, "--expires", "9w")
    operator.type("app", "update", str(app["id"]), *scopes)
    operator.type("app", "install", str(app["id"]), *where)
    password = ("--password-file", "-")
    mail = f"{'o' * 50}@example.com"
    operator.type(
        *("owner", "create", *where, "--email", mail, "--name", NAME, *password),
        data="correct horse battery",
    )

    customer = {"id": 2_075_683_582, "first_name": NAME[:25], "email": f"{'c' * 50}@example.com"}
    operator.type("import", "-", "--format", "jsonl", data=json.dumps(customer))
    operator.type("privacy", "hold", "set", CUSTOMER, "--reason", "court", "--until", "2099-01-01")
    operator.type("privacy", "requests", "open", CUSTOMER, "--kind", "access")

    async def fill(register: Register) -> None:
        at = datetime.now(UTC)
        ids = (int(str(store["id"])), int(str(app["id"])))
        hook = Webhook(
            *(31, *ids, "mine", OTP, f"https://a.example/{'hook' * 20}", 2, None, ()),
            *("signature", "s" * 32, at),
        )
        await register.webhooks.subscribe(hook)
        for name in (OTP, CREATED):
            event = Event(new_event_id(at), ids[0], name, at, b'{"data":{}}', int(CUSTOMER))
            await register.outbox.append(event)
        await register.outbox.sequence_events(lambda hook, event: True, at, 10)
        for due in await register.deliveries.claim(at, at, Places()):
            await register.deliveries.finish(due, AttemptResult("dead", 410, None, at, "gone"), at)
        job = Import(ids[0], 7_123_456, ids[1], f"{NAME}.xlsx", "ar", "queued", *[9_000] * 5, at)
        await register.imports.add(job, [])

    operator.ask(fill)
    return operator


LISTS = [
    *("store list", "owner list", "app list", "app installs", "token list", "webhook list"),
    *("webhook deliveries", "imports list", "keys list", "settings", "doctor", "audit list"),
    *("privacy hold list", "privacy requests list", f"privacy recipients {CUSTOMER}"),
    f"customer find {NAME.split()[0]}",
]


@pytest.mark.parametrize("words", LISTS)
def test_every_list_fits_a_terminal_of_80_columns_and_shows_all_of_it_when_asked(
    full: Operator, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = words.split()
    rows = full.json(*command)
    assert rows
    monkeypatch.setenv("COLUMNS", "80")
    lines = full.type(*command).stdout.splitlines()
    assert len(lines) > len(rows)
    assert all(width_of(line) <= 80 for line in lines), lines
    for row in rows:
        for name in lines[0].split():
            if name.rpartition("_")[2] in ("id", "key") and row[name] is not None:
                assert any(str(row[name]) in line for line in lines)
    monkeypatch.delenv("COLUMNS")
    if "--wide" in full.type(*command, "--help").stdout:
        assert full.type(*command, "--wide").stdout.splitlines()[0].split() == [*rows[0]]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("total", "last"), [(3, "3/3"), (None, "3")])
def test_progress_is_drawn_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, total: int | None, last: str
) -> None:
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr("sys.stderr", stream)
        with progress("seeding", total) as on_progress:
            on_progress(1)
            on_progress(3)
        drawn = stream.getvalue()
        assert (last in drawn) == ("seeding  [" in drawn) == stream.isatty()


def test_a_bar_of_a_server_ends_with_the_total(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    on_progress = progress_to_the_end("seeding", 2)
    assert stream.getvalue() == ""
    on_progress(1)
    assert not stream.getvalue().endswith("\n")
    on_progress(2)
    assert "2/2" in stream.getvalue()
    assert stream.getvalue().endswith("\n")
