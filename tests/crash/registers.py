"""The register that stories work on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fixtures.registers import opened, rekey

from crash.places import Place
from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.register import Register


def on_register(place: Place, work: Callable[[Register], Awaitable[Any]]) -> Any:
    """Return the result of some work on the register in a place."""

    async def whole() -> Any:
        async with opened(place.url) as register:
            rekey(register, Sealer(b"k" * KEY_BYTES))
            return await work(register)

    return asyncio.run(whole())
