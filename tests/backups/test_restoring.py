"""A restored backup is the register that was backed up; or it is refused, and changes nothing."""

import json
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import msgspec
import pytest
from backups.homes import Home, everything, postgres_home, settings_of, sqlite_home
from database.first_schema import FILE

from sijill.backups.model import MANIFEST, Backup, BackupRefused, digest, find, name_of
from sijill.backups.restoring import restore
from sijill.backups.taking import take
from sijill.backups.verifying import verify
from sijill.database.migrate import NewerSchema
from sijill.database.open import location_of
from sijill.opening import NoRegister, database_url
from sijill.settings import Settings
from sijill.temporary import claimed

pytestmark = pytest.mark.proves(
    "a restored backup is the register that was backed up, to the last row, on both databases; a "
    "backup that is damaged or newer, and a register in use, are refused and left as they were"
)

NOW = datetime(2026, 11, 29, 21, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    if request.param == "sqlite":
        return sqlite_home(tmp_path)
    server = request.getfixturevalue("postgres_server")
    return postgres_home(tmp_path, server, request.getfixturevalue("postgres_url"))


@pytest.fixture
def file_home(tmp_path: Path) -> Home:
    return sqlite_home(tmp_path)


def path_of(settings: Settings) -> Path:
    return location_of(database_url(settings)).path


def test_a_restored_register_is_the_one_that_was_backed_up(home: Home, tmp_path: Path) -> None:
    before = everything(home.settings)
    backup = take(home.settings, tmp_path / "bk", None, NOW, home.pg_bin)
    assert everything(home.settings) == before
    verify(find(tmp_path / "bk"), home.pg_bin)
    target = home.elsewhere("restored")
    restored = restore(target, tmp_path / "bk", NOW, pg_bin=home.pg_bin)
    assert (restored.migrated, restored.erased, restored.replaced) == ([], 0, "")
    assert everything(target) == before
    assert backup.manifest.taken_at == NOW
    assert backup.manifest.sha256 == digest(backup.copy)


def test_only_the_owner_can_read_a_backup_and_no_key_is_in_it(home: Home, tmp_path: Path) -> None:
    key = b"A" * 43 + b"=\n"
    data = Path(home.settings.data_dir)
    data.mkdir(exist_ok=True)
    (data / "secret.key").write_bytes(key)
    take(home.settings, tmp_path / "bk", None, NOW, home.pg_bin)
    files = [tmp_path / "bk", *(tmp_path / "bk").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files if path.is_dir()} == {0o700}
    assert not any(key.strip() in path.read_bytes() for path in files if path.is_file())


def test_two_restores_of_one_backup_are_equal_to_the_byte(file_home: Home, tmp_path: Path) -> None:
    take(file_home.settings, tmp_path / "bk", None, NOW)
    made = [file_home.elsewhere(name) for name in ("one", "two")]
    for target in made:
        restore(target, tmp_path / "bk", NOW)
    one, two = (path_of(target).read_bytes() for target in made)
    assert one == two
    with closing(apsw.Connection(str(path_of(made[0])))) as file:
        assert file.execute("PRAGMA integrity_check").get == "ok"
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_register_makes_way_only_when_it_is_told_to_and_stays_beside(
    file_home: Home, tmp_path: Path
) -> None:
    take(file_home.settings, tmp_path / "bk", None, NOW)
    path = path_of(file_home.settings)
    with closing(apsw.Connection(str(path))) as file:
        file.execute("UPDATE stores SET name = 'later' WHERE id = 1")
    later = everything(file_home.settings)
    with pytest.raises(BackupRefused, match="--replace"):
        restore(file_home.settings, tmp_path / "bk", NOW)
    assert everything(file_home.settings) == later
    restored = restore(file_home.settings, tmp_path / "bk", NOW, may_replace=True)
    assert everything(file_home.settings) != later
    old = Path(restored.replaced)
    assert old.parent == path.parent
    assert old.name == "sijill.before-restore-20261129T213000Z.db"
    old.replace(path)
    assert everything(file_home.settings) == later


def test_a_damaged_register_makes_way_too(file_home: Home, tmp_path: Path) -> None:
    take(file_home.settings, tmp_path / "bk", None, NOW)
    before, path = everything(file_home.settings), path_of(file_home.settings)
    path.write_bytes(b"\x7f" * 4096)
    path.with_name(f"{path.name}-wal").write_bytes(b"of another life")
    restore(file_home.settings, tmp_path / "bk", NOW, may_replace=True)
    assert everything(file_home.settings) == before


def changed(backup: Backup) -> None:
    with backup.copy.open("r+b") as file:
        file.seek(5000)
        file.write(b"?")


def cut(backup: Backup) -> None:
    with backup.copy.open("r+b") as file:
        file.truncate(4096)


def gone(backup: Backup) -> None:
    backup.copy.unlink()


def rewrite(backup: Backup, **changes: object) -> None:
    """Let the manifest say something else, as one that somebody edited."""
    path = backup.folder / MANIFEST
    path.write_bytes(json.dumps(json.loads(path.read_bytes()) | changes).encode())


def damaged_before(backup: Backup) -> None:
    """Damage a page, and let the manifest agree: the copy was damaged when it was taken."""
    with closing(apsw.Connection(str(backup.copy), apsw.SQLITE_OPEN_READONLY)) as file:
        page = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'customers'").get
        size = file.execute("PRAGMA page_size").get
    with backup.copy.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\x7f" * size)
    rewrite(backup, sha256=digest(backup.copy))


def not_a_manifest(backup: Backup) -> None:
    (backup.folder / MANIFEST).write_text("{}")


def another_schema(backup: Backup) -> None:
    rewrite(backup, schema=1)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (changed, "not as it was written"),
        (cut, "not as it was written"),
        (gone, "is missing"),
        (damaged_before, "is damaged"),
        (not_a_manifest, "is not the manifest"),
        (another_schema, "another schema"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_spoilt_backup_is_refused_and_nothing_is_put_in_place(
    file_home: Home, tmp_path: Path, spoil: Callable[[Backup], None], words: str
) -> None:
    backup = take(file_home.settings, tmp_path / "bk", None, NOW)
    spoil(backup)
    target = file_home.elsewhere("restored")
    with pytest.raises(BackupRefused, match=words):
        verify(find(tmp_path / "bk"))
    with pytest.raises(BackupRefused, match=words):
        restore(target, tmp_path / "bk", NOW)
    assert not path_of(target).exists()


@pytest.mark.postgres
def test_a_spoilt_copy_of_a_server_is_refused(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres_server")
    home = postgres_home(tmp_path, server, request.getfixturevalue("postgres_url"))
    backup = take(home.settings, tmp_path / "bk", None, NOW, home.pg_bin)
    with pytest.raises(BackupRefused, match="name an empty database"):
        restore(home.settings, tmp_path / "bk", NOW, pg_bin=home.pg_bin)
    changed(backup)
    target = home.elsewhere("restored")
    with pytest.raises(BackupRefused, match="not as it was written"):
        restore(target, tmp_path / "bk", NOW, pg_bin=home.pg_bin)
    assert everything(target) == ""


def test_a_backup_of_a_newer_sijill_is_refused(home: Home, tmp_path: Path) -> None:
    backup = take(home.settings, tmp_path / "bk", None, NOW, home.pg_bin)
    rewrite(backup, schema=9999)
    target = home.elsewhere("restored")
    with pytest.raises(NewerSchema):
        restore(target, tmp_path / "bk", NOW, pg_bin=home.pg_bin)


def test_a_register_in_use_is_refused(file_home: Home, tmp_path: Path) -> None:
    take(file_home.settings, tmp_path / "bk", None, NOW)
    before, settings = everything(file_home.settings), file_home.settings
    with claimed(settings.data_dir, "server-memory"), pytest.raises(BackupRefused, match="in use"):
        restore(settings, tmp_path / "bk", NOW, may_replace=True)
    with closing(apsw.Connection(str(path_of(settings)))) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM stores").fetchall()
        with pytest.raises(BackupRefused, match="in use"):
            restore(settings, tmp_path / "bk", NOW, may_replace=True)
    assert everything(settings) == before


def test_a_backup_of_one_database_is_not_for_the_other(file_home: Home, tmp_path: Path) -> None:
    take(file_home.settings, tmp_path / "bk", None, NOW)
    target = settings_of(tmp_path / "restored", "postgresql://127.0.0.1:1/none")
    with pytest.raises(BackupRefused, match="is of sqlite"):
        restore(target, tmp_path / "bk", NOW)


def test_a_bare_file_is_restored_and_brought_to_the_schema_of_today(tmp_path: Path) -> None:
    target = settings_of(tmp_path / "restored")
    restored = restore(target, FILE, NOW)
    assert restored.migrated[0].startswith("0002_")
    assert '"table": "customers"' in everything(target)
    assert [*Path(target.data_dir).glob("*.db")] == [path_of(target)]


def test_a_folder_keeps_the_newest_backups(file_home: Home, tmp_path: Path) -> None:
    moments = [NOW + timedelta(days=day) for day in range(4)]
    for moment in moments:
        take(file_home.settings, tmp_path / "bk", 2, moment)
    kept = sorted(path.parent.name for path in (tmp_path / "bk").glob(f"*/{MANIFEST}"))
    assert kept == [name_of(moment) for moment in moments[2:]]
    assert find(tmp_path / "bk").manifest.taken_at == moments[-1]
    assert [*(tmp_path / "bk" / "tmp").iterdir()] == []


def test_a_manifest_is_read_as_it_was_written(file_home: Home, tmp_path: Path) -> None:
    backup = take(file_home.settings, tmp_path / "bk", None, NOW)
    text = (backup.folder / MANIFEST).read_bytes()
    assert msgspec.json.decode(text)["schema"] == backup.manifest.db_schema
    assert find(backup.folder) == backup


def test_a_folder_in_the_data_folder_is_refused(file_home: Home, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="lies in the data folder"):
        take(file_home.settings, Path(file_home.settings.data_dir) / "bk", None, NOW)


def test_a_register_that_is_not_there_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(NoRegister):
        take(settings_of(tmp_path / "data"), tmp_path / "bk", None, NOW)
    assert [*tmp_path.rglob("*")] == []
