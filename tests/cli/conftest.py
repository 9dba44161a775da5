"""An operator whose folder is empty, and one whose folder holds a store and an app."""

from pathlib import Path

import pytest
from cli.operating import Operator


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "PORT", "SIJILL_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return Operator(tmp_path)


@pytest.fixture
def shop(operator: Operator) -> Operator:
    operator.type("store", "create", "shop")
    operator.type("app", "create", "reader")
    return operator
