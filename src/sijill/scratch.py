"""A register for the length of a trial: one store, and nobody in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sijill.register import Register, open_register
from sijill.stores.model import Store


@asynccontextmanager
async def open_scratch(store: Store) -> AsyncIterator[Register]:
    """
    Yield a register of its own that has one store, in a temporary file that ends with the block.

    Raises: Unavailable; OSError.
    """
    from tempfile import TemporaryDirectory  # a list of commands rehearses nothing

    with TemporaryDirectory() as folder:
        register = await open_register(f"sqlite://{folder}/scratch.db")
        try:
            await register.schema.migrate(datetime.now(UTC))
            await register.stores.create(store)
            yield register
        finally:
            await register.close()
