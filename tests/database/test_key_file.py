"""The file of the keys: made once, for its owner alone, and never half changed."""

import os
import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sijill.database.key_file import Busy, KeyFile
from sijill.database.sealing import KEY_BYTES, Sealer, Unsealable

KEY = bytes(range(KEY_BYTES))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "secret.key"


def write(path: Path, *keys: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text("".join(b64encode(key).decode() + "\n" for key in keys))


def test_the_first_secret_makes_a_key_for_its_owner_alone(path: Path) -> None:
    file = KeyFile(path)
    assert file.all() == ()
    assert not path.exists(), "asking for keys makes none"
    key = file.newest()
    assert len(key) == KEY_BYTES
    assert KeyFile(path).newest() == file.newest() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_make_the_key_at_once_all_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            path = tmp_path / str(number) / "secret.key"
            keys = set(threads.map(lambda _, path=path: KeyFile(path).newest(), range(8)))
            assert len(keys) == 1
            assert list(path.parent.iterdir()) == [path]


def test_a_new_key_joins_the_others_and_another_process_takes_it_up(path: Path) -> None:
    mine, theirs = KeyFile(path), KeyFile(path)
    old = theirs.newest()
    new = mine.add()
    assert mine.all() == theirs.all() == (old, new)
    assert theirs.newest() == new
    mine.keep_newest()
    assert theirs.all() == (new,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_value_read_before_its_key_left_the_file_still_opens(path: Path) -> None:
    file = KeyFile(path)
    server = Sealer(file)
    read = server.seal("secret", "place")
    file.add()
    file.keep_newest()
    assert server.open(read, "place") == "secret"
    with pytest.raises(Unsealable):
        Sealer(KeyFile(path)).open(read, "place")


def test_a_file_that_holds_no_key_is_refused_and_never_overwritten(path: Path) -> None:
    write(path)
    path.write_text("not a key\n")
    for use in (KeyFile(path).all, KeyFile(path).newest, KeyFile(path).add):
        with pytest.raises(ValueError, match="32 bytes"):
            use()
    assert path.read_text() == "not a key\n"


@pytest.mark.parametrize("fault", ["faulty", "gone", "half"])
def test_a_process_goes_on_with_the_keys_that_it_has_read(path: Path, fault: str) -> None:
    write(path, KEY)
    file = KeyFile(path)
    assert file.newest() == KEY
    if fault == "gone":
        path.unlink()
    else:
        path.write_text("no key" if fault == "faulty" else b64encode(KEY).decode()[:20])
    assert file.newest() == KEY
    write(path, KEY, bytes(KEY_BYTES))
    assert file.newest() == bytes(KEY_BYTES)


def test_only_one_process_changes_the_file_at_a_time(path: Path) -> None:
    write(path, KEY)
    with KeyFile(path).alone(), pytest.raises(Busy), KeyFile(path).alone():
        pass
    with KeyFile(path).alone():
        assert KeyFile(path).all() == (KEY,)


def test_a_file_behind_a_link_is_changed_where_it_lies(tmp_path: Path, path: Path) -> None:
    write(path, KEY)
    link = tmp_path / "link.key"
    link.symlink_to(path)
    new = KeyFile(link).add()
    assert link.is_symlink()
    assert KeyFile(path).all() == (KEY, new)


@pytest.mark.parametrize("point", ["fsync", "replace"])
def test_a_change_that_fails_leaves_the_old_file_and_the_next_one_works(
    path: Path, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path, KEY)

    def fail(*given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, point, fail)
        with pytest.raises(OSError, match="No space"):
            KeyFile(path).add()
    assert KeyFile(path).all() == (KEY,)
    new = KeyFile(path).add()
    assert KeyFile(path).all() == (KEY, new)
    assert list(path.parent.iterdir()) == [path]
