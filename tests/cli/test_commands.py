"""Commands as an operator types them: what they print, what they keep, how they end."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import apsw
import pytest
from cli.operating import Operator
from fixtures.pgbouncer import Opens

from sijill import __version__
from sijill.oauth.tokens import is_mistyped


@pytest.mark.parametrize("word", ["version", "--version"])
def test_the_version_is_printed(operator: Operator, word: str) -> None:
    assert operator.type(word).stdout == f"sijill {__version__}\n"


def test_a_store_is_kept_as_it_was_described(operator: Operator) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    words = "store create shop --id 7 --plan pro --profile observed --currency KWD"
    where = "--timezone Asia/Kuwait --customer-url https://shop.example/{id}"
    operator.type(*words.split(), *where.split())
    (row,) = operator.json("store", "list")
    created_at = datetime.fromisoformat(str(row.pop("created_at")))
    assert before <= created_at <= datetime.now(UTC)
    assert row == {
        "id": 7,
        "name": "shop",
        "plan": "pro",
        "profile": "observed",
        "timezone": "Asia/Kuwait",
        "locale": "ar",
        "currency": "KWD",
        "customer_url": "https://shop.example/{id}",
        "admin_url": "",
        "avatar_male": "",
        "avatar_female": "",
    }
    assert "shop" in operator.type("store", "list").stdout
    taken = operator.type("store", "create", "shop", code=1)
    change = "use that one, or change it with sijill store update"
    assert taken.stderr == f"sijill: another store has the name shop: {change}\n"


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--plan", "gold", "plan: write one of: plus, pro, special"),
        ("--profile", "new", "profile: write one of: documented, observed"),
        ("--timezone", "Mars/Base", "timezone: it is not a time zone"),
        ("--timezone", "../etc/passwd", "timezone: it is not a time zone"),
        ("--timezone", "America", "timezone: it is not a time zone"),
        ("--locale", "klingon", "--locale: it is not a language: write its code, for example ar"),
        ("--currency", "riyal", "currency: it is not a currency"),
    ],
)
def test_a_faulty_store_is_refused_with_a_sentence(
    operator: Operator, option: str, value: str, sentence: str
) -> None:
    assert sentence in operator.type("store", "create", "x", option, value, code=64).stderr


@pytest.mark.parametrize("name", ["5", "", "  ", "a\u202eb", "b\udcffad"])
def test_a_name_that_could_be_an_id_or_deceives_is_refused(operator: Operator, name: str) -> None:
    operator.type("migrate")
    operator.type("store", "create", name, code=64)
    operator.type("app", "create", name, code=64)
    assert operator.json("store", "list") == []


def test_a_token_is_shown_once_and_kept_as_its_hash(shop: Operator) -> None:
    words = "token create --store shop --app reader --scope customers.read --expires 14d"
    token = shop.type(*words.split()).stdout.strip()
    assert token.startswith("sjl_at_")
    assert not is_mistyped(token)
    (row,) = shop.json("token", "list", "--store", "shop")
    assert row["scopes"] == ["customers.read"]
    assert row["ends_in"] == token[-4:]
    created, expires = (str(row[name])[:10] for name in ("created_at", "expires_at"))
    assert created < expires
    for file in (shop.folder / "data").iterdir():
        assert token.encode() not in file.read_bytes()
    shop.type("token", "revoke", str(row["id"]))
    (row,) = shop.json("token", "list")
    assert row["revoked_at"] is not None
    assert "no such token" in shop.type("token", "revoke", "12345", code=1).stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("--store shop --app reader --scope orders.eat", 64, "unknown scope: orders.eat"),
        ("--store shop --app reader --scope ,", 64, "name at least one scope"),
        ("--store shop --app reader --scope customers.read --expires soon", 64, "14d"),
        ("--store shop --app reader --scope customers.read --expires 9999999w", 64, "14d"),
        ("--store none --app reader --scope customers.read", 1, "there is no store none"),
        ("--store shop --app none --scope customers.read", 1, "there is no app none"),
    ],
)
def test_a_faulty_token_is_refused_with_a_sentence(
    shop: Operator, words: str, code: int, sentence: str
) -> None:
    assert sentence in shop.type("token", "create", *words.split(), code=code).stderr
    assert shop.json("token", "list") == []


GOOD = '{"id": 5, "first_name": "سارة", "mobile": "0551234567", "email": "sara@example.com"}'
BAD = '{"id": 6, "gender": "robot", "email": "r@example.com"}'
TAKEN = '{"id": 7, "email": "SARA@example.com"}'


def test_good_rows_go_in_and_bad_ones_come_back_with_line_and_reason(shop: Operator) -> None:
    file = shop.folder / "customers.jsonl"
    file.write_text("\n".join([GOOD, BAD, TAKEN]), "utf-8")
    result = shop.type("import", str(file), code=1)
    assert "1 created, 0 updated, 2 rejected" in result.stdout
    assert re.search(r"^line 2: gender", result.stderr, re.MULTILINE)
    assert re.search(r"^line 3: .*e-?mail", result.stderr, re.MULTILINE | re.IGNORECASE)
    rejects = shop.folder / "customers.rejects.jsonl"
    assert str(rejects) in result.stderr
    rows = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    assert [row["reject_line"] for row in rows] == [2, 3]
    mended = rejects.read_text("utf-8").replace("robot", "male").replace("SARA", "noura")
    rejects.write_text(mended, "utf-8")
    again = shop.type("import", str(rejects), "--rejects", str(shop.folder / "none.jsonl"))
    assert "2 created, 0 updated, 0 rejected" in again.stdout
    assert not (shop.folder / "none.jsonl").exists()


def test_a_file_cannot_take_its_own_rejects(shop: Operator) -> None:
    file = shop.folder / "customers.jsonl"
    file.write_text(BAD, "utf-8")
    shop.type("import", str(file), "--rejects", str(file), code=64)
    assert file.read_text("utf-8") == BAD


def test_standard_input_and_other_names_of_the_file_are_told_apart_too(shop: Operator) -> None:
    file = shop.folder / "rejects.jsonl"
    file.write_text(BAD, "utf-8")
    (shop.folder / "link.jsonl").symlink_to(file)
    shop.type("import", str(file), "--rejects", str(shop.folder / "link.jsonl"), code=64)
    with file.open("rb") as stream:
        command = [sys.executable, "-m", "sijill", "import", "-", "--format", "jsonl"]
        environ = os.environ | {"SIJILL_DATA_DIR": str(shop.folder / "data")}
        done = subprocess.run(command, cwd=shop.folder, stdin=stream, env=environ, timeout=60)
    assert done.returncode == 64
    assert file.read_text("utf-8") == BAD


def test_an_export_is_its_owners_alone_whatever_lay_there_before(shop: Operator) -> None:
    shop.type("seed", "--count", "3")
    target = shop.folder / "target"
    target.write_text("mine")
    part = shop.folder / ".out.jsonl.part"
    part.symlink_to(target)
    shop.type("export", str(shop.folder / "out.jsonl"))
    assert target.read_text() == "mine"
    assert oct((shop.folder / "out.jsonl").stat().st_mode)[-3:] == "600"
    (shop.folder / "d.jsonl").mkdir()
    shop.type("export", str(shop.folder / "d.jsonl"), code=64)
    assert list(shop.folder.glob(".*part")) == [part]


def test_a_terminal_is_shown_no_control_characters(shop: Operator) -> None:
    file = shop.folder / "x.csv"
    file.write_text("email,\x1b[31mred\x07\n", "utf-8")
    assert "\x1b" not in shop.type("import", str(file), code=64).stderr


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_an_export_imported_again_changes_nothing(shop: Operator, suffix: str) -> None:
    shop.type("seed", "--count", "120")
    first, second = (shop.folder / f"{name}.{suffix}" for name in ("first", "second"))
    shop.type("export", str(first))
    assert oct(first.stat().st_mode)[-3:] == "600"
    result = shop.type("import", str(first))
    assert "0 created, 120 updated, 0 rejected" in result.stdout
    shop.type("export", str(second))
    assert first.read_bytes() == second.read_bytes()
    shop.type("store", "create", "copy")
    assert "120 created" in shop.type("import", str(first), "--store", "copy").stdout
    shop.type("export", str(second), "--store", "copy")
    assert first.read_bytes() == second.read_bytes()


def test_data_flows_through_standard_input_and_output(shop: Operator) -> None:
    shop.type("import", "-", "--format", "jsonl", data=GOOD.encode())
    table = list(csv.DictReader(io.StringIO(shop.type("export", "-", "--format", "csv").stdout)))
    assert [(row["id"], row["mobile"], row["mobile_code"]) for row in table] == [
        ("5", "551234567", "966")
    ]
    assert "say which --format" in shop.type("export", "-", code=64).stderr


def test_seeding_twice_adds_nothing(shop: Operator) -> None:
    assert "30 created, 0 were there" in shop.type("seed", "--count", "30").stdout
    assert "0 created, 30 were there" in shop.type("seed", "--count", "30").stdout
    assert "10 created, 30 were there" in shop.type("seed", "--count", "40").stdout


def test_with_several_stores_one_must_be_named(shop: Operator) -> None:
    shop.type("store", "create", "second")
    assert "there are 2 stores" in shop.type("seed", "--count", "1", code=64).stderr


def test_a_file_that_is_absent_or_unknown_is_named(shop: Operator) -> None:
    assert "none.csv" in shop.type("import", "none.csv", code=64).stderr
    assert "format" in shop.type("import", "customers.txt", code=64).stderr
    assert "sideways" in shop.type("export", "sideways/x.csv", code=64).stderr


def test_settings_say_where_each_value_came_from(operator: Operator) -> None:
    (operator.folder / "sijill.toml").write_text("workers = 3\n")
    words = ["settings", "--port", "99", "--database-url", "postgresql://u:secret@h/d"]
    rows = {row["setting"]: row for row in operator.json(*words)}
    assert rows["workers"] == {
        "setting": "workers",
        "value": 3,
        "from": str(operator.folder / "sijill.toml"),
    }
    assert rows["port"]["from"] == "--port"
    assert rows["data_dir"]["from"] == "SIJILL_DATA_DIR"
    assert rows["host"]["from"] == "default"
    assert rows["database_url"]["value"] == "postgresql://u:***@h/d"


def test_every_faulty_setting_is_named_and_nothing_starts(operator: Operator) -> None:
    result = operator.type("serve", "--port", "x", "--workers", "0", code=64)
    assert "sijill: port (--port): " in result.stderr
    assert "sijill: workers (--workers): " in result.stderr


def test_migrate_says_what_is_due_and_does_it(operator: Operator) -> None:
    (operator.folder / "data").mkdir(mode=0o700)
    (operator.folder / "data" / "sijill.db").touch(0o600)
    due = operator.type("migrate", "--check", code=1).stdout
    assert "0001_first" in due
    assert operator.type("migrate").stdout == due
    assert operator.type("migrate", "--check").stdout == "the schema is up to date\n"


@pytest.mark.parametrize(
    ("recorded", "sentence"),
    [("(1, '0001_first')", "the schema of an unreleased Sijill"), ("(99, 'x')", "has schema 99,")],
)
def test_a_schema_that_is_not_known_ends_with_its_own_code(
    operator: Operator, recorded: str, sentence: str
) -> None:
    operator.type("migrate")
    with closing(apsw.Connection(str(operator.folder / "data" / "sijill.db"))) as connection:
        connection.execute(
            f"INSERT OR REPLACE INTO schema_migrations (version, name, applied_at)"
            f" SELECT *, 0 FROM (VALUES {recorded})"
        )
    for words in (["migrate"], ["migrate", "--check"], ["store", "list"], ["serve", "--port", "0"]):
        assert sentence in operator.type(*words, code=3).stderr
    assert sentence in operator.type("doctor", code=1).stdout


def test_a_database_that_cannot_be_used_ends_with_one_line(operator: Operator) -> None:
    url = "postgresql://sara:topsecret@127.0.0.1:1/none"
    for words in (["store", "list"], ["serve", "--port", "0"], ["deliver"]):
        result = operator.type(*words, "--database-url", url, code=1)
        begin = "sijill: the database at 127.0.0.1:1 cannot be used: "
        assert result.stderr.startswith(begin)
        assert result.stderr.count("\n") == 1
        assert "topsecret" not in result.output
        assert "sara" not in result.output
    (found,) = [
        row["finding"]
        for row in json.loads(
            operator.type("doctor", "--json", "--database-url", url, code=1).stdout
        )
        if row["check"] == "database"
    ]
    assert found.startswith("127.0.0.1:1 cannot be used: ")
    result = operator.type("store", "list", "--database-url", "mysql://h/d", code=64)
    assert "no database speaks mysql" in result.stderr


@pytest.mark.postgres
def test_a_pooler_that_is_refused_ends_with_its_sentence(
    operator: Operator, open_pgbouncer: Opens
) -> None:
    url = open_pgbouncer().url("postgres")
    words = ("store", "list", "--database-url", url)
    sentence = "PgBouncer's ignore_startup_parameters"
    assert sentence in operator.type(*words, code=1).stderr
    assert sentence in operator.type("doctor", "--database-url", url, code=1).stdout


def test_a_port_that_is_taken_ends_with_one_line(operator: Operator) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = operator.type("serve", "--port", port, code=1)
    assert result.stderr == (
        f"sijill: cannot listen on 127.0.0.1 port {port}: Address already in use: "
        "end what listens there, such as a demo, or choose another with --port "
        "(make demo PORT=8500)\n"
    )


def test_the_doctor_passes_a_sound_installation(shop: Operator) -> None:
    words = "token create --store shop --app reader --scope customers.read"
    shop.type(*words.split())
    shop.type("backup", "backups")
    rows = {str(row["check"]): row for row in shop.json("doctor")}
    assert {str(row["status"]) for row in rows.values()} == {"pass"}
    assert {"sqlite", "schema", "stores", "modes", "counter"} <= rows.keys()


def test_the_doctor_finds_what_is_wrong(shop: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_CUSTOMER_LIMIT", "1/s")
    (shop.folder / "data" / "sijill.db").chmod(0o644)
    words = ["doctor", "--json", "--nodes", "2"]
    rows = {row["check"]: row for row in json.loads(shop.type(*words, code=1).stdout)}
    assert rows["variables"]["status"] == "warn"
    assert "SIJILL_CUSTOMER_LIMIT" in rows["variables"]["finding"]
    assert rows["modes"]["status"] == "fail"
    assert rows["counter"]["status"] == "fail"
    assert rows["stores"]["status"] == "warn"
    broken = ["doctor", "--json", "--database-url", "postgresql://127.0.0.1:1/none"]
    rows = {row["check"]: row for row in json.loads(shop.type(*broken, code=1).stdout)}
    assert rows["database"]["status"] == "fail"


def test_a_port_file_that_cannot_be_written_is_named(operator: Operator) -> None:
    result = operator.type("serve", "--port", "0", "--port-file", "none/port", code=1)
    assert result.stderr.startswith("sijill: port_file: none/port: ")


def test_ids_are_printed_whole_however_narrow_the_terminal(shop: Operator) -> None:
    words = "token create --store shop --app reader --scope customers.read --expires 14d"
    shop.type(*words.split())
    (row,) = shop.json("token", "list")
    assert str(row["id"]) in shop.type("token", "list").stdout
    assert str(row["expires_at"])[:10] in shop.type("token", "list").stdout
