"""From an address to a database."""

import asyncio
import os
import stat
from pathlib import Path

import pytest
from fixtures.registers import STORE, opened
from msgspec.structs import replace

from sijill.database.open import location_of
from sijill.register import open_register


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/lib/x.db", "/var/lib/x.db"),
        ("sqlite:////var/lib/x.db", "/var/lib/x.db"),
        ("/var/lib/x.db", "/var/lib/x.db"),
        ("sqlite://data/x.db", "HERE/data/x.db"),
        ("x.db", "HERE/x.db"),
        ("sqlite:///var/بيانات/#1%20.db", "/var/بيانات/#1%20.db"),
    ],
)
def test_an_address_of_sqlite_is_a_path(url: str, path: str) -> None:
    assert location_of(url).name == path.replace("HERE", str(Path.cwd()))


@pytest.mark.parametrize("url", ["sqlite://:memory:", ":memory:"])
def test_each_database_in_memory_is_another(url: str) -> None:
    async def scenario() -> None:
        async with opened(url) as one, opened(url) as two:
            await one.stores.create(replace(STORE, id=2, name="other"))
            assert [store.id for store in await two.stores.all()] == [STORE.id]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root:secret@db/x", "no database speaks mysql://"),
        ("sqlite://", "names no file"),
        ("", "names no file"),
        ("sqlite:///var/lib/", "names no file"),
        ("sqlite:///x.db?mode=ro", "without"),
        ("sqlite:///x\0.db", "without"),
    ],
)
def test_another_address_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refusal:
        asyncio.run(open_register(url))
    assert "secret" not in str(refusal.value)


def test_a_new_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    async def scenario() -> None:
        await (await open_register(f"sqlite://{tmp_path}/data/x.db")).close()

    before = os.umask(0)
    try:
        asyncio.run(scenario())
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*")]
    assert modes == [0o600]
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_file_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        asyncio.run(open_register(str(tmp_path / "file" / "x.db")))


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/x", "postgres://127.0.0.1:1/x"])
def test_a_server_is_reached_when_it_is_needed(url: str) -> None:
    async def scenario() -> None:
        await (await open_register(url)).close()

    asyncio.run(scenario())
