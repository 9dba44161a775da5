"""A built application, and the resources to close after it."""

import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from sijill.http.health import Draining
from sijill.server.site import Application as Answering
from sijill.settings import Settings


@dataclass(frozen=True, slots=True)
class Application:
    """A built application."""

    dispatcher: Answering
    draining: Draining
    eager: bool
    """Whether answers may begin without a task: see `stepping.step`."""
    closing: AsyncExitStack
    uploads: re.Pattern[bytes] | None = None
    """More paths whose bodies are as long as those of uploads may be."""

    async def close(self) -> None:
        """Finish work in progress and release every resource, even if closing one of them fails."""
        await self.closing.aclose()


OpenApplication = Callable[[Settings, str], Awaitable[Application]]
"""From the settings, and a public URL in case the setting is empty, to the application."""
