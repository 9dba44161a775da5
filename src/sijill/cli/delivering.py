"""`sijill deliver`: the worker of webhooks alone, beside servers or without them."""

from typing import Any

import uvloop

from sijill.app import deliverer, open_register
from sijill.cli.common import WHERE, ending, settings_of, with_settings
from sijill.cli.serving import say
from sijill.cli.signals import stopping
from sijill.settings import Settings
from sijill.telemetry import logs
from sijill.webhooks.worker import DeliveryObserver

_SETTINGS = (
    *WHERE,
    "database_connections",
    "webhooks",
    "webhook_schedule",
    "webhook_targets",
    "webhook_headers",
    "event_retention",
    "log_level",
    "log_format",
)


@with_settings(_SETTINGS)
def deliver(**flags: Any) -> None:
    """
    Deliver webhooks until a signal. Several may run at once, on several machines too.

    It delivers where webhooks is off as well: that leaves deliveries to this command.
    """
    settings = settings_of(flags)
    logs.configure(settings.log_level, settings.log_format)
    with ending():
        uvloop.run(_deliver(settings))


async def _deliver(settings: Settings) -> None:
    with stopping() as stop:
        register = await open_register(settings)
        try:
            worker = deliverer(settings, register, DeliveryObserver(_uncounted))
            worker.start()
            say("Sijill delivers webhooks")
            await stop.wait()
            await worker.stop()
        finally:
            await register.close()


def _uncounted(event: str, outcome: str) -> None:
    """Count nothing: there is no server that would tell."""
