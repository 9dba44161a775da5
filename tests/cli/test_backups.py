"""`sijill backup` and `sijill restore`, as an operator types them: who was erased stays erased."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli.operating import Operator
from cli.test_doctor import findings

from sijill.backups.last import LastBackup, last_backup_time, note
from sijill.cli.output import SCHEMA
from sijill.register import Register
from sijill.telemetry.metrics import Metrics

pytestmark = pytest.mark.proves(
    "a restore erases those again who were erased since the backup, on another machine too, before "
    "anything is served"
)

CANARY = "zqbackup@example.com"
PEOPLE = [
    {"id": 41, "first_name": "Zqbackup", "email": CANARY},
    {"id": 42, "first_name": "Noura", "email": "noura@example.com"},
]


@pytest.fixture
def shop(shop: Operator) -> Operator:
    """A shop with two customers."""
    shop.type("import", "-", "--format", "jsonl", data="\n".join(map(json.dumps, PEOPLE)))
    return shop


def ids(shop: Operator) -> set[int]:
    lines = shop.type("export", "-", "--format", "jsonl").stdout.splitlines()
    return {json.loads(line)["id"] for line in lines}


def backup(shop: Operator, *words: str) -> Path:
    told = json.loads(shop.type("backup", str(shop.folder / "bk"), "--json", *words).stdout)
    return Path(told["backup"])


def test_a_backup_is_taken_verified_and_restored(shop: Operator) -> None:
    told = shop.type("backup", "bk")
    assert "schema" in told.stdout
    assert "secret.key are not in a backup" in told.stderr
    assert "sound, taken at" in shop.type("backup", "verify", "bk").stdout
    shop.type("customer", "erase", "41", "--yes")
    assert ids(shop) == {42}
    assert "with --replace" in shop.type("restore", "bk", code=1).stderr
    assert "is restored" in shop.type("restore", "bk", "--replace").stdout
    assert ids(shop) == {41, 42}


def test_what_a_killed_server_left_beside_the_database_is_named_after_a_restore(
    shop: Operator,
) -> None:
    shop.type("backup", "bk")
    data, left = shop.folder / "data", shop.folder / "left"

    async def killed(register: Register) -> None:
        await register.customers.delete((await register.stores.all())[0].id, 42, datetime.now(UTC))
        shutil.copytree(data, left)

    shop.ask(killed)
    shutil.rmtree(data)
    shutil.copytree(left, data)
    told = shop.type("restore", "bk", "--replace").stdout
    (kept,) = data.glob("sijill.before-restore-*.db")
    for beside in data.glob("sijill.before-restore-*.db-*"):
        assert f"delete {beside} too" in told
    assert f"delete {kept}-wal too" in told


def test_who_was_erased_since_is_erased_again(shop: Operator) -> None:
    old = backup(shop)
    shop.type("privacy", "erase", "41", "--yes")
    told = shop.json("restore", str(old), "--replace")
    assert told["erased"] == 1  # type: ignore[call-overload]
    Path(str(told["replaced"])).unlink()  # type: ignore[call-overload]
    assert ids(shop) == {42}
    assert not shop.keeps("zqbackup")


def test_on_another_machine_the_file_of_erasures_comes_from_beside_the_backups(
    shop: Operator,
) -> None:
    old = backup(shop)
    shop.type("privacy", "erase", "41", "--yes")
    backup(shop)
    key = (shop.folder / "data" / "secret.key").read_bytes()
    shutil.rmtree(shop.folder / "data")
    assert "another key" in shop.type("restore", str(old), code=1).stderr
    assert not (shop.folder / "data" / "sijill.db").exists()
    (shop.folder / "data" / "secret.key").write_bytes(key)
    assert shop.json("restore", str(old))["erased"] == 1  # type: ignore[call-overload]
    assert ids(shop) == {42}
    assert not shop.keeps("zqbackup")
    assert not shop.type("restore", str(old), "--replace", "--json").stderr


def test_a_key_that_is_missing_is_told(shop: Operator) -> None:
    shop.type("app", "create", "hears", "--webhook-url", "https://hears.example.com/hooks")
    old = backup(shop)
    shutil.rmtree(shop.folder / "data")
    told = shop.type("restore", str(old)).stderr
    assert "put secret.key of that time back" in told


def test_a_newer_backup_ends_with_the_code_of_a_newer_schema(shop: Operator) -> None:
    manifest = backup(shop) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": 9999}))
    told = shop.type("restore", "bk", "--replace", code=SCHEMA)
    assert "start the newer Sijill" in told.stderr
    assert ids(shop) == {41, 42}


def test_a_folder_without_a_backup_is_told(shop: Operator) -> None:
    (shop.folder / "empty").mkdir()
    for words in (("backup", "verify", "empty"), ("restore", "empty", "--replace")):
        assert "holds no backup" in shop.type(*words, code=1).stderr
    assert "no folder" in shop.type("backup", "verify", "absent", code=1).stderr


def test_the_doctor_and_the_metrics_tell_the_last_backup(shop: Operator) -> None:
    data = shop.folder / "data"
    status, sentence = findings(shop)["backup"]
    assert (status, sentence.startswith("no backup has been taken")) == ("warn", True)
    made = backup(shop)
    status, sentence = findings(shop)["backup"]
    assert status == "pass"
    assert str(made) in sentence
    exposed = Metrics(lambda: last_backup_time(data)).exposition()[0].decode()
    assert "last_backup_timestamp_seconds 0.0" not in exposed
    assert "last_backup_timestamp_seconds" in exposed
    note(data, LastBackup(datetime.now(UTC) - timedelta(days=3), "bk"))
    status, sentence = findings(shop)["backup"]
    assert status == "warn"
    assert "one each day" in sentence
    (data / "last_backup.json").write_text("?")
    assert last_backup_time(data) == 0.0
