"""What commands of the mirror share: the linked store, and the way to its upstream."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sijill.cli.output import fail, warn
from sijill.cli.register import Register, find_store_or_only
from sijill.mirror.model import MirrorStore, NeedsAuthorisation, NoBudget, UpstreamAway
from sijill.settings import Settings

if TYPE_CHECKING:
    from sijill.mirroring import Upstreams as Upstreams
else:  # help asks nobody
    Upstreams = Any

T = TypeVar("T")

TARGETS = ("upstream_targets",)
"""The settings of commands that ask upstream."""

LONG = 5.0
"""Seconds of waiting that a command tells of."""


async def find_linked(register: Register, id_or_name: str) -> MirrorStore:
    """Return the named linked store, or for "" the only one; else end the command."""
    if not id_or_name:
        linked = await register.mirror.all()
        if len(linked) == 1:
            return linked[0]
    store = await find_store_or_only(register, id_or_name)
    found = await register.mirror.find(store.id)
    return found or fail(f"{store.name} is not linked: see sijill mirror link --help")


@asynccontextmanager
async def upstreams(register: Register, settings: Settings) -> AsyncIterator[Upstreams]:
    """Yield the way to upstream; a fault of it ends the command."""
    from sijill.http.health import Draining
    from sijill.mirroring import Upstreams
    from sijill.runtime import Runtime
    from sijill.telemetry.metrics import Metrics

    clocks = (time.time, time.monotonic)
    way = Upstreams(Runtime(settings, Metrics(), Draining(), lambda: "", *clocks), register)
    try:
        yield way
    except UpstreamAway as fault:
        fail(f"upstream gave no answer: {fault.reason}")
    except NeedsAuthorisation:
        fail("upstream takes no token of this store: link it again with sijill mirror link")
    finally:
        await way.close()


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Return what `ask` returns, after as many waits for the budget as it takes."""
    import asyncio  # help waits for nothing

    while True:
        try:
            return await ask()
        except NoBudget as refused:
            if refused.wait > LONG:
                warn(f"waiting {refused.wait:.0f} s for the budget of requests")
            await asyncio.sleep(refused.wait)
