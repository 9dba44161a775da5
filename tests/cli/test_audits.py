"""`sijill audit`: what commands did is listed, verified and exported."""

import apsw
import pytest
from cli.operating import Operator

PEOPLE = "id,first_name,email\n101,Canary,canary@example.com\n102,Other,other@example.com\n"


@pytest.fixture
def imported(shop: Operator) -> Operator:
    shop.type("import", "-", "--format", "csv", data=PEOPLE)
    return shop


def test_commands_are_told_with_their_words_and_no_value(imported: Operator) -> None:
    why = ("--reason", "law", "--ticket", "CASE-12")
    imported.type("export", "-", "--format", "csv", *why)
    listed = imported.json("audit", "list")
    assert [(row["action"], row["actor"], row["through"]) for row in listed] == [
        ("audit.view", "operator", "cli: audit list"),
        ("customer.export", "operator", "cli: export"),
        ("customer.create", "operator", "cli: import"),
        ("app.create", "operator", "cli: app create"),
    ]
    export, create = listed[1:3]
    assert (export["about"], export["reason"], export["ticket"]) == (
        *("every customer", "law", "CASE-12"),
    )
    assert create["ids"] == [101, 102]
    assert create["fields"] == ["first_name", "email"]
    said = imported.type("audit", "list", "--json").stdout
    assert "canary" not in said.lower()


@pytest.mark.parametrize(
    ("filters", "actions"),
    [
        ("--customer 101", ["customer.create"]),
        ("--customer 103", []),
        ("--store shop --action customer.create", ["customer.create"]),
        ("--actor app:7", []),
        ("--actor operator --limit 1", ["audit.view"]),
        ("--since 2020-01-01 --until 2020-01-02", []),
        ("--since 2020-01-01 --actor operator --customer 102", ["customer.create"]),
    ],
)
def test_a_list_is_narrowed(imported: Operator, filters: str, actions: list[str]) -> None:
    rows = imported.json("audit", "list", *filters.split())
    assert [row["action"] for row in rows] == actions


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("audit list --actor nobody", "--actor: it write app:ID"),
        ("audit list --action look", "--action: write one of"),
        ("audit list --customer x", "--customer"),
        ("export - --format csv --ticket sara", "--ticket"),
        ("export - --format csv --reason sara", "--reason: write one of"),
        ("audit export - --heads-only --customer 5", "--heads-only: it takes no filter"),
    ],
)
def test_a_faulty_option_ends_the_command(imported: Operator, words: str, said: str) -> None:
    assert said in imported.type(*words.split(), code=64).output


def test_a_log_verifies_until_it_is_changed(imported: Operator) -> None:
    copy = imported.folder / "copy.jsonl"
    heads = imported.folder / "heads.jsonl"
    assert "no fault(s)" in imported.type("audit", "verify").stdout
    imported.type("audit", "export", str(copy))
    imported.type("audit", "export", str(heads), "--heads-only")
    for words in ([], ["--heads", str(heads)], ["--heads", str(copy)], [str(copy)]):
        assert "no fault(s)" in imported.type("audit", "verify", *words).stdout
    database = apsw.Connection(str(imported.folder / "data" / "sijill.db"))
    changed = "CAST(replace(CAST(body AS TEXT), '101', '103') AS BLOB)"
    database.execute(f"UPDATE audit_blocks SET body = {changed}")
    database.close()
    said = imported.type("audit", "verify", code=1).output
    assert "its content does not give its hash" in said
    copy.write_bytes(copy.read_bytes().replace(b"101", b"103"))
    assert "does not give its hash" in imported.type("audit", "verify", str(copy), code=1).output


def test_a_log_that_was_made_anew_is_found_by_heads_that_were_kept(imported: Operator) -> None:
    heads = imported.folder / "heads.jsonl"
    imported.type("audit", "export", str(heads), "--heads-only")
    database = apsw.Connection(str(imported.folder / "data" / "sijill.db"))
    database.execute("DELETE FROM audit_blocks; DELETE FROM audit_chains")
    database.close()
    assert "no fault(s)" in imported.type("audit", "verify").stdout
    said = imported.type("audit", "verify", "--heads", str(heads), code=1).output
    assert "it is not there, though a head says so" in said
    imported.type("audit", "verify", str(imported.folder / "none"), code=64)
    other = imported.folder / "other"
    other.write_text("no copy\n")
    assert (
        "line 1 is no line of a copy"
        in imported.type("audit", "verify", str(other), code=64).output
    )


def test_an_export_with_a_filter_has_the_entries_alone(imported: Operator) -> None:
    file = imported.folder / "entries.jsonl"
    imported.type("audit", "export", str(file), "--customer", "101")
    (line,) = file.read_text().splitlines()
    assert '"action":"customer.create"' in line


def test_nothing_is_recorded_where_a_setting_says_so(
    shop: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIJILL_AUDIT", "off")
    before = len(shop.json("audit", "list"))
    shop.type("import", "-", "--format", "csv", data=PEOPLE)
    assert len(shop.json("audit", "list")) == before
