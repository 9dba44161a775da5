"""`sijill imports`, and workbooks in and out, as an operator types them."""

import asyncio
import contextlib
import fcntl
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
from cli.operating import Operator
from fixtures.uploads import workbook

from sijill.imports.job import Importer
from sijill.imports.model import Import
from sijill.imports.uploads import batches, rows_of
from sijill.register import open_register
from sijill.temporary import HOME

SHEET = workbook(
    ("الاسم الأول", "رقم الجوال", "الجنس"),
    ("سارة", "0551234567", "أنثى"),
    ("علي", "0557654321", "robot"),
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "PORT", "SIJILL_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    operator = Operator(tmp_path)
    operator.type("store", "create", "shop", "--id", "5")
    operator.type("app", "create", "reader")
    return operator


def upload(shop: Operator, *, work: bool = True) -> None:
    """Keep SHEET as an app would have uploaded it, and work it off."""

    async def whole() -> None:
        register = await open_register(f"sqlite://{shop.folder}/data/sijill.db")
        now = datetime.now(UTC)
        (app,) = await register.apps.all()
        job = Import(5, 7, app.id, "عملاء.xlsx", "ar", "queued", 2, 0, 0, 0, 0, now)
        await register.imports.add(job, [text.decode() for _, text in batches(SHEET)])
        if work:
            await Importer(register.imports, register.stores, lambda: now.timestamp()).turn()
        await register.close()

    asyncio.run(whole())


def count(shop: Operator) -> int:
    return shop.type("export", "-", "--format", "jsonl").stdout.count("\n")


def test_imports_are_listed_shown_and_their_refused_rows_written(shop: Operator) -> None:
    assert shop.json("imports", "list") == []
    upload(shop)
    (row,) = shop.json("imports", "list")
    assert row == shop.json("imports", "show", "7")[0]
    assert {name: row[name] for name in ("id", "file", "state", "rows", "created", "rejected")} == {
        "id": 7,
        "file": "عملاء.xlsx",
        "state": "done",
        "rows": 2,
        "created": 1,
        "rejected": 1,
    }
    rejects = shop.folder / "rejects.xlsx"
    result = shop.type("imports", "show", "7", "--rejects", str(rejects))
    assert "1 of 1 refused rows written" in result.stderr
    [refused] = [row for _, b in batches(rejects.read_bytes()) for row in rows_of(b)]
    assert refused.cells["first_name"] == "علي"
    assert refused.cells["reject_reason"] == "الجنس: ليس ذكرًا ولا أنثى"
    shop.type("imports", "show", "7", "--rejects", "rejects.txt", code=64)
    assert (
        "there is no import 8: see sijill imports list"
        in shop.type("imports", "show", "8", code=1).stderr
    )


def test_an_import_is_undone_once_it_is_finished(shop: Operator) -> None:
    upload(shop, work=False)
    assert "not finished" in shop.type("imports", "undo", "7", code=1).stderr
    upload_again(shop)
    assert count(shop) == 1
    assert "1 removed, 0 were changed" in shop.type("imports", "undo", "7").stdout
    assert count(shop) == 0
    assert shop.json("imports", "list")[0]["state"] == "undone"
    assert (
        "there is no import 8: see sijill imports list"
        in shop.type("imports", "undo", "8", code=1).stderr
    )


def upload_again(shop: Operator) -> None:
    """Work off what waits."""

    async def whole() -> None:
        register = await open_register(f"sqlite://{shop.folder}/data/sijill.db")
        await Importer(
            register.imports, register.stores, lambda: datetime.now(UTC).timestamp()
        ).turn()
        await register.close()

    asyncio.run(whole())


def test_a_workbook_is_imported_and_its_refused_rows_come_back_as_one(shop: Operator) -> None:
    file = shop.folder / "customers.xlsx"
    file.write_bytes(SHEET)
    result = shop.type("import", str(file), code=1)
    assert "1 created, 0 updated, 1 rejected" in result.stdout
    assert "line 3: gender is neither male nor female" in result.stderr
    rejects = (shop.folder / "customers.rejects.xlsx").read_bytes()
    [row] = [row for _, batch in batches(rejects) for row in rows_of(batch)]
    assert (row.cells["mobile"], row.cells["reject_line"]) == ("0557654321", "3")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "holds no rows"),
        (b"email\n\xff", "not an .xlsx workbook"),
        (
            workbook(("email", "nobody knows"), ("a@b.c", "x")),
            'has unknown columns: "nobody knows"',
        ),
    ],
)
def test_a_workbook_that_cannot_be_imported_ends_with_a_sentence(
    shop: Operator, data: bytes, sentence: str
) -> None:
    file = shop.folder / "customers.xlsx"
    file.write_bytes(data)
    assert sentence in shop.type("import", str(file), code=64).stderr
    assert count(shop) == 0


def test_an_exported_workbook_imported_again_changes_nothing(shop: Operator) -> None:
    shop.type("seed", "--count", "60")
    first, sheet = shop.folder / "first.jsonl", shop.folder / "first.xlsx"
    shop.type("export", str(first))
    shop.type("export", str(sheet))
    assert oct(sheet.stat().st_mode)[-3:] == "600"
    assert "0 created, 60 updated, 0 rejected" in shop.type("import", str(sheet)).stdout
    again = shop.type("export", "-", "--format", "jsonl").stdout
    assert again == first.read_text("utf-8")


def test_a_dry_run_waits_for_no_writer_and_leaves_no_copy(shop: Operator) -> None:
    file = shop.folder / "customers.jsonl"
    file.write_text('{"email": "a@example.com"}')
    with contextlib.closing(apsw.Connection(str(shop.folder / "data" / "sijill.db"))) as writer:
        writer.execute("BEGIN IMMEDIATE")  # whoever else wanted to write would wait now
        result = shop.type("import", str(file), "--dry-run")
        writer.execute("ROLLBACK")
    assert result.stdout == "would be: 1 created, 0 updated, 0 rejected\n"
    assert [*(shop.folder / "data" / HOME).iterdir()] == []


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_an_export_leaves_no_file_of_its_own_and_removes_those_of_a_killed_one(
    shop: Operator, name: str
) -> None:
    shop.type("seed", "--count", "3")
    left, held = (shop.folder / f".{name}.{word}.part" for word in ("left", "held"))
    left.touch()
    claimed = shop.folder / "data" / HOME / "export-1"
    claimed.mkdir(parents=True)
    (claimed / "people").touch()
    with held.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        shop.type("export", str(shop.folder / name))
        assert [*shop.folder.glob(".*.part")] == [held]
    assert [*claimed.parent.iterdir()] == []


def test_a_dry_run_tells_what_would_be_and_changes_no_customer(shop: Operator) -> None:
    shop.type("seed", "--count", "1")
    kept = json.loads(shop.type("export", "-", "--format", "jsonl").stdout)
    rows = [
        {"email": "a@example.com"},
        {"email": "A@example.com"},
        {"id": kept["id"], "city": "أبها"},
        {"email": "b@example.com", "gender": "robot"},
    ]
    file = shop.folder / "customers.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    result = shop.type("import", str(file), "--dry-run", code=1)
    assert "would be: 1 created, 1 updated, 2 rejected" in result.stdout
    assert "line 2: email is taken" in result.stderr
    assert json.loads(shop.type("export", "-", "--format", "jsonl").stdout) == kept
    assert "1 created, 1 updated, 2 rejected" in shop.type("import", str(file), code=1).stdout


def test_temporary_files_lie_in_the_data_folder_and_none_is_left(
    shop: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere they may be kept after a kill, and backed up, with people's data in them."""
    upload(shop)
    file = shop.folder / "customers.xlsx"
    file.write_bytes(SHEET)
    monkeypatch.setattr(tempfile, "tempdir", str(shop.folder / "nowhere"))
    shop.type("import", str(file), "--dry-run", code=1)
    shop.type("import", str(file), code=1)
    shop.type("imports", "show", "7", "--rejects", str(shop.folder / "rejects.xlsx"))
    shop.type("export", str(shop.folder / "all.xlsx"))
    assert [*(shop.folder / "data" / HOME).iterdir()] == []
