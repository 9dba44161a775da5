"""The register in a file that stories work on."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fixtures.registers import opened, rekey

from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.register import Register


def on_file(folder: Path, work: Callable[[Register], Awaitable[Any]]) -> Any:
    """Return the result of some work on the register in a folder."""

    async def whole() -> Any:
        async with opened(f"sqlite://{folder}/sijill.db") as register:
            rekey(register, Sealer(b"k" * KEY_BYTES))
            return await work(register)

    return asyncio.run(whole())
