"""The demo's folder, its token, and its customer."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sijill.config import Settings, load
from sijill.demo import Ready, demo_folder, prepare
from sijill.domain.sample import AHMED

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def settings(folder: Path, **changes: str) -> Settings:
    return load({"data_dir": str(folder), **changes}, {}, folder)[0]


def start(folder: Path, *, keep: bool = False, **changes: str) -> Ready:
    wanted = settings(folder, **changes)
    with demo_folder(wanted, keep=keep) as place:
        return asyncio.run(prepare(wanted, place, NOW, lambda _: None))


def test_the_folder_is_emptied_unless_it_is_kept(tmp_path: Path) -> None:
    wanted = settings(tmp_path)
    with demo_folder(wanted, keep=False) as place:
        (place / "file").touch()
    with demo_folder(wanted, keep=True) as place:
        assert (place / "file").exists()
    with demo_folder(wanted, keep=False) as place:
        assert list(place.iterdir()) == []
        assert oct(place.stat().st_mode)[-3:] == "700"


def test_a_second_demo_at_the_same_time_has_a_folder_that_goes(tmp_path: Path) -> None:
    wanted = settings(tmp_path)
    with demo_folder(wanted, keep=True) as first:
        with demo_folder(wanted, keep=True) as second:
            assert second != first
            assert second.is_dir()
        assert not second.exists()


def test_profiles_are_kept_apart(tmp_path: Path) -> None:
    with (
        demo_folder(settings(tmp_path), keep=True) as first,
        demo_folder(settings(tmp_path, demo_profile="observed"), keep=True) as second,
    ):
        assert first.parent == second.parent == tmp_path
        assert first != second


def test_a_chosen_token_may_be_any_sixteen_visible_characters(tmp_path: Path) -> None:
    assert start(tmp_path, demo_token="!\"#$%&'()*+,-./:").token == "!\"#$%&'()*+,-./:"
    with pytest.raises(ValueError, match="begins with sjl_at_"):
        start(tmp_path, demo_token="sjl_at_0123456789")


def test_a_kept_demo_gets_a_new_token_and_a_revoked_one_stays_so(tmp_path: Path) -> None:
    chosen = "a" * 16
    start(tmp_path, demo_token=chosen)
    assert start(tmp_path, keep=True, demo_token=chosen).token == chosen
    minted = start(tmp_path, keep=True).token
    assert minted != start(tmp_path, keep=True).token
    with pytest.raises(ValueError, match="revoked"):
        start(tmp_path, keep=True, demo_token=chosen)


def test_the_demo_ignores_the_real_database(tmp_path: Path) -> None:
    ready = start(tmp_path, database_url="postgresql://127.0.0.1:1/real")
    assert ready.settings.database_url == ""
    assert AHMED.id == 2075683582
