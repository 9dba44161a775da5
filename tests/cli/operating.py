"""An operator at a terminal, and what they find in the database afterwards."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from click.testing import CliRunner, Result

from sijill.cli.tree import sijill
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import load

T = TypeVar("T")


class Operator:
    """Types commands on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def type(self, *words: str, code: int = 0, data: bytes | str | None = None) -> Result:
        environ = {"SIJILL_DATA_DIR": str(self.folder / "data"), "NO_COLOR": "1"}
        result = CliRunner().invoke(sijill(), words, env=environ, input=data)
        assert result.exit_code == code, result.output
        return result

    def json(self, *words: str) -> list[dict[str, object]]:
        answer: list[dict[str, object]] = json.loads(self.type(*words, "--json").stdout)
        return answer

    def ask(self, question: Callable[[Register], Awaitable[T]]) -> T:
        """Return what the register says."""

        async def whole() -> T:
            settings, _ = load({"data_dir": str(self.folder / "data")}, None, self.folder)
            register = await open_register(settings, migrated=False, quiet=True)
            try:
                return await question(register)
            finally:
                await register.close()

        return asyncio.run(whole())

    def keeps(self, text: str) -> bool:
        """Return whether a text stands anywhere in the data folder as it is."""
        files = [file for file in (self.folder / "data").rglob("*") if file.is_file()]
        return any(text.encode() in file.read_bytes() for file in files)
