"""An operator whose folder is empty, and one whose folder holds a store and an app."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.operating import Operator
from cli.sandboxes import Terminal
from fixtures.logs import log_as_it_was


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    _settle(tmp_path, monkeypatch)
    return Operator(tmp_path)


def _settle(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Go to a folder, and take no settings from the environment."""
    patch.chdir(folder)
    for name in ("DATABASE_URL", "PORT", "SIJILL_CONFIG", "SIJILL_URL", "SIJILL_NAMESPACE"):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a store and an app, to be copied."""
    made = Operator(tmp_path_factory.mktemp("shop"))
    with pytest.MonkeyPatch.context() as patch, log_as_it_was():
        _settle(made.folder, patch)
        made.type("store", "create", "shop")
        made.type("app", "create", "reader")
    return made.folder / "data"


@pytest.fixture
def shop(operator: Operator, stocked: Path) -> Operator:
    shutil.copytree(stocked, operator.folder / "data")
    return operator


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in an empty folder, whose sandbox ends with the test."""
    made = Terminal(tmp_path)
    yield made
    made.type("sandbox", "stop")
