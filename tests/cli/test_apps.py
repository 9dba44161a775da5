"""`sijill app create --wallets`: whether an app may move money."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from sijill.cli.main import app


def typed(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, words, env={"SIJILL_DATA_DIR": str(folder), "NO_COLOR": "1"})


def test_an_app_may_move_money_unless_it_is_made_otherwise(tmp_path: Path) -> None:
    assert typed(tmp_path, "app", "create", "free").exit_code == 0
    assert typed(tmp_path, "app", "create", "bound", "--wallets", "off").exit_code == 0
    rows = json.loads(typed(tmp_path, "app", "list", "--json").stdout)
    assert {row["name"]: row["wallets"] for row in rows} == {"free": "on", "bound": "off"}


def test_a_word_that_is_neither_on_nor_off_is_refused(tmp_path: Path) -> None:
    refused = typed(tmp_path, "app", "create", "x", "--wallets", "maybe")
    assert refused.exit_code == 64
    assert "wallets: write one of: on, off" in refused.stderr
