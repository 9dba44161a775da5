"""A built ASGI application, and the resources to close after it."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from sijill.http.health import Draining
from sijill.settings import Settings
from sijill.telemetry.logs import RequestLog
from sijill.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Application:
    """A built application."""

    asgi: Any
    new_id: Callable[[], str]
    """Makes ids for requests that never reach the application."""
    metrics: Metrics
    journal: RequestLog
    draining: Draining
    closing: AsyncExitStack

    async def close(self) -> None:
        """Finish work in progress and release every resource, even if closing one of them fails."""
        await self.closing.aclose()


OpenApplication = Callable[[Settings, str], Awaitable[Application]]
"""From the settings, and the public URL where they name none, to the application."""
