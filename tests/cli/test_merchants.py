"""`sijill import` of files as merchants have them: columns of their own, and what comes back."""

import csv
import json
from pathlib import Path

import pytest
from cli.operating import Operator
from fixtures.tables import rows
from fixtures.uploads import workbook

TABLE = [
    ("الاسم", "الجوال الأساسي", "ملاحظات", "الجنس"),
    ("سارة", "0551234567", "#N/A", "أنثى"),
    ("علي", "0557654321", "قديم", "robot"),
]
SAID = ("--map", "الجوال الأساسي=mobile", "--map", "ملاحظات=")


def written(folder: Path, kind: str) -> Path:
    """Write TABLE to a file of a kind, and return its path."""
    file = folder / f"customers.{kind}"
    if kind == "xlsx":
        file.write_bytes(workbook(*TABLE))
    elif kind == "csv":
        file.write_text("\n".join(";".join(row) for row in TABLE), "utf-8")
    else:
        objects = [dict(zip(TABLE[0], row, strict=True)) for row in TABLE[1:]]
        file.write_text("\n".join(json.dumps(one) for one in objects), "utf-8")
    return file


def cells_of(file: Path) -> list[list[str]]:
    """Return the table of a file of rejects, as a merchant sees it."""
    if file.suffix == ".xlsx":
        from python_calamine import load_workbook

        with file.open("rb") as stream:
            return load_workbook(stream).get_sheet_by_index(0).to_python()
    if file.suffix == ".csv":
        return [*csv.reader(file.read_text("utf-8-sig").splitlines())]
    objects = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [[*objects[0]], *([*one.values()] for one in objects)]


KINDS = ["csv", "xlsx", "jsonl"]


@rows("kind", KINDS)
def test_unknown_columns_refuse_the_file_and_the_options_that_help_are_told(
    shop: Operator, kind: str
) -> None:
    lines = shop.type("import", str(written(shop.folder, kind)), code=64).stderr.splitlines()
    assert lines[:4] == [
        'sijill: the file has unknown columns: "الجوال الأساسي", "ملاحظات"',
        "sijill: --map 'الجوال الأساسي=mobile' reads it as mobile",
        "sijill: --map 'ملاحظات=' leaves it out",
        "sijill: --ignore-unknown leaves out every unknown column",
    ]
    assert lines[4].startswith("sijill: the columns are id, first_name, last_name, mobile, ")
    assert shop.type("export", "-", "--format", "jsonl").stdout == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [SAID, (*SAID[:2], "--ignore-unknown")])
def test_a_column_is_renamed_or_left_out_and_comes_back_with_the_rejects(
    shop: Operator, kind: str, said: tuple[str, ...]
) -> None:
    file = written(shop.folder, kind)
    result = shop.type("import", str(file), *said, code=1)
    assert "1 created, 0 updated, 1 rejected" in result.stdout
    assert result.stderr.count("ملاحظات") == 1
    assert 'sijill: left out: "ملاحظات"\n' in result.stderr
    [kept] = map(json.loads, exported(shop))
    assert (kept["first_name"], kept["mobile"]) == ("سارة", 551234567)
    rejects = shop.folder / f"customers.rejects.{kind}"
    heading, row = cells_of(rejects)
    assert heading[:5] == [*TABLE[0], "reject_line"]
    assert row[:4] == [*TABLE[2]]
    again = shop.type("import", str(rejects), *said, code=1, data=b"")
    assert "0 created, 0 updated, 1 rejected" in again.stdout


def test_two_columns_of_one_meaning_refuse_the_file_until_one_is_left_out(shop: Operator) -> None:
    file = shop.folder / "customers.csv"
    file.write_text("الجوال,هاتف,email\n0551234567,0111234567,a@b.c\n", "utf-8")
    assert shop.type("import", str(file), code=64).stderr.splitlines() == [
        'sijill: the file has 2 columns for mobile: "الجوال", "هاتف"',
        "sijill: --map 'هاتف=' leaves it out",
    ]
    assert "1 created" in shop.type("import", str(file), "--map", "هاتف=").stdout


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ملاحظات", "--map: write HEADING=COLUMN, or HEADING= to leave the column out"),
        ("=mobile", "--map: write HEADING=COLUMN, or HEADING= to leave the column out"),
        ("الجوال=mobil", "--map: there is no column mobil: the nearest is mobile"),
        ("الجوال=xyzzy", "--map: there is no column xyzzy: the columns are id, "),
        ("رقم=mobile", 'the file has no columns "رقم"'),
    ],
)
def test_what_the_map_says_is_checked(shop: Operator, said: str, sentence: str) -> None:
    file = shop.folder / "customers.csv"
    file.write_text("email\na@b.c\n", "utf-8")
    assert sentence in shop.type("import", str(file), "--map", said, code=64).stderr


def test_a_file_without_ids_is_imported_again_by_what_it_says_of_its_customers(
    shop: Operator,
) -> None:
    file = shop.folder / "customers.csv"
    file.write_text("الاسم,الجوال,email\nسارة,0551234567,s@b.c\nعلي,0557654321,a@b.c\n", "utf-8")
    assert "2 created, 0 updated" in shop.type("import", str(file)).stdout
    again = shop.type("import", str(file), code=1)
    assert "line 2: email is taken by another customer" in again.stderr
    for match in ("mobile", "email"):
        for more in ((), ("--dry-run",)):
            result = shop.type("import", str(file), "--match", match, *more)
            assert "0 created, 2 updated, 0 rejected" in result.stdout
    assert (
        "write one of: id, mobile, email"
        in shop.type("import", str(file), "--match", "name", code=64).stderr
    )


ARABIC = "الاسم;الجوال;الجنس\nسارة;0551234567;أنثى\nعلي;0557654321;robot\n"


def test_a_file_in_another_encoding_is_refused_until_it_is_said_and_its_rejects_are_read_so_too(
    shop: Operator,
) -> None:
    file = shop.folder / "customers.csv"
    file.write_bytes(ARABIC.encode("windows-1256"))
    lines = shop.type("import", str(file), code=64).stderr.splitlines()
    assert lines[0] == "sijill: the first line is not UTF-8"
    assert "Save As, CSV UTF-8" in lines[1]
    assert "--encoding windows-1256" in lines[1]
    said = ("--encoding", "windows-1256")
    assert (
        "1 created, 0 updated, 1 rejected" in shop.type("import", str(file), *said, code=1).stdout
    )
    [kept] = map(json.loads, exported(shop))
    assert kept["first_name"] == "سارة"
    rejects = shop.folder / "customers.rejects.csv"
    rejects.write_text(rejects.read_text("utf-8").replace("robot", "ذكر"), "utf-8")
    assert "1 created" in shop.type("import", str(rejects), *said).stdout
    names = {json.loads(line)["first_name"] for line in exported(shop)}
    assert names == {"سارة", "علي"}


def exported(shop: Operator) -> list[str]:
    return shop.type("export", "-", "--format", "jsonl").stdout.splitlines()


def test_rows_that_are_not_in_the_encoding_are_refused_with_the_option_that_helps(
    shop: Operator,
) -> None:
    file = shop.folder / "customers.csv"
    file.write_bytes("email,city\na@b.c,x\nd@e.f,جدة\n".encode("windows-1256"))
    result = shop.type("import", str(file), "--dry-run", code=1)
    assert "line 3: is not UTF-8\n" in result.stderr
    assert result.stderr.count("--encoding windows-1256") == 1
    for kind, words in (("jsonl", "utf-8"), ("xlsx", "utf-16")):
        other = written(shop.folder, kind)
        assert "only CSV" in shop.type("import", str(other), "--encoding", words, code=64).stderr
    assert (
        "write one of: utf-8, utf-16, windows-1256, iso-8859-6"
        in shop.type("import", str(file), "--encoding", "cp437", code=64).stderr
    )


def test_dates_that_may_mean_two_days_are_refused_until_their_order_is_said(
    shop: Operator,
) -> None:
    file = shop.folder / "customers.csv"
    text = "email,birthday\na@b.c,12/12/1988\nb@b.c,15/03/1990\nc@b.c,03/04/1990\n"
    file.write_text(text, "utf-8")
    result = shop.type("import", str(file), code=1)
    assert "2 created, 0 updated, 1 rejected" in result.stdout
    assert result.stderr.splitlines()[:2] == [
        "line 4: birthday is ambiguous: its day or its month may come first",
        "sijill: say what comes first in dates: --dates day-first, or --dates month-first",
    ]
    rejects = str(shop.folder / "customers.rejects.csv")
    assert "1 created" in shop.type("import", rejects, "--dates", "day-first").stdout
    days = [json.loads(line)["birthday"] for line in exported(shop)]
    assert sorted(days) == ["1988-12-12", "1990-03-15", "1990-04-03"]


def test_advice_is_told_once_and_only_where_it_helps(shop: Operator) -> None:
    file = shop.folder / "customers.csv"
    people = [f"c{n}@b.c,05512345{n:02}" for n in range(40)]
    file.write_text("\n".join(["email,mobile", *people]), "utf-8")
    shop.type("import", str(file))
    assert shop.type("import", str(file), code=1).stderr.count("--match mobile") == 1
    file.write_text("email,mobile\nc1@b.c,0551234502\n", "utf-8")
    result = shop.type("import", str(file), "--match", "mobile", code=1)
    assert "email is taken" in result.stderr
    assert "--match" not in result.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_writes_the_rejects_that_the_import_then_writes(
    shop: Operator, kind: str
) -> None:
    file = written(shop.folder, kind)
    rejects = shop.folder / f"customers.rejects.{kind}"
    result = shop.type("import", str(file), *SAID, "--dry-run", code=1)
    assert f"sijill: the rows that would be rejected are in {rejects}\n" in result.stderr
    assert exported(shop) == []
    rehearsed = cells_of(rejects)
    again = shop.type("import", str(file), *SAID, "--dry-run", "--json", code=1)
    assert json.loads(again.stdout)["left_out"] == ["ملاحظات"]
    rejects.unlink()
    shop.type("import", str(file), *SAID, code=1)
    assert cells_of(rejects) == rehearsed
    assert len(rehearsed) == 2
