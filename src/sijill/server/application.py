"""What the server serves: an ASGI application, and what must be closed after it."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from sijill.http.health import Draining
from sijill.settings import Settings
from sijill.telemetry.logs import Lines
from sijill.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Application:
    """A built application."""

    asgi: Any
    new_id: Callable[[], str]
    """Gives ids to requests that never reach the application."""
    metrics: Metrics
    journal: Lines
    draining: Draining
    closing: AsyncExitStack

    async def close(self) -> None:
        """Finish what was begun and let go of everything; a part that fails stops no other."""
        await self.closing.aclose()


OpenApplication = Callable[[Settings, str], Awaitable[Application]]
"""From the settings, and the public URL where they name none, to the application."""
