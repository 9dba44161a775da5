"""Whatever commands write is for its owner alone, under an umask that takes nothing away."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.operating import Operator

from sijill.folders import make_private

pytestmark = pytest.mark.proves(
    "under any umask, what commands write is for its owner alone, and others can write into no "
    "folder that leads there"
)


@pytest.fixture
def _takes_nothing_away() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("_takes_nothing_away")
def test_the_files_of_commands_are_for_their_owner_alone(shop: Operator) -> None:
    before = set(shop.folder.rglob("*"))
    shop.type("seed", "--count", "2")
    for kind in ("csv", "jsonl", "xlsx"):
        shop.type("export", str(shop.folder / f"out.{kind}"))
        rejects = ("--rejects", str(shop.folder / f"bad.{kind}"))
        shop.type(
            "import", "-", "--format", "csv", *rejects, data="email,first_name\nx,A\n", code=1
        )
    shop.type("backup", str(shop.folder / "new" / "backups"))
    shop.type("tls", "ca")
    shop.type("keys", "rotate")
    made = {path for path in shop.folder.rglob("*") if path not in before}
    names = {path.name for path in made}
    assert {"out.csv", "bad.xlsx", "backups", "ca.key", "secret.key"} <= names
    shared = {path.name for path in made if mode(path) & 0o077}
    assert shared == {"new", "ca.pem"}, "the certificate is for clients to read"
    assert mode(shop.folder / "new") == 0o755


@pytest.mark.usefixtures("_takes_nothing_away")
def test_the_folders_above_a_private_one_let_others_write_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "data"
    make_private(folder)
    make_private(folder)
    assert [mode(path) for path in (folder, *folder.parents[:2])] == [0o700, 0o755, 0o755]
