"""The look at each answer of upstream: a broken shape is a trouble of its store, told once."""

from collections.abc import Callable
from typing import Any

from sijill.mirror.model import MICROS
from sijill.mirror.table import MirrorTable
from sijill.mirror.upstream.shape_table import ShapeTable
from sijill.mirror.upstream.shapes import Endpoint, Kind, shape_of
from sijill.telemetry.logs import log

REASON = "shape"
"""The reason of the trouble `degraded`."""


def _uncounted(endpoint: Endpoint, kind: Kind) -> None:
    """Count nothing."""


class Lookout:
    """Looks at each answer: a broken shape is a trouble of its store, told once."""

    def __init__(
        self,
        shapes: ShapeTable,
        mirror: MirrorTable,
        clock: Callable[[], float],
        on_drift: Callable[[Endpoint, Kind], None] = _uncounted,
    ) -> None:
        self._shapes, self._mirror, self._clock = shapes, mirror, clock
        self._on_drift = on_drift
        self._known: set[tuple[int, Endpoint, bytes]] = set()

    async def look(self, store_id: int, endpoint: Endpoint, document: Any) -> None:
        """Note the shape of a decoded answer. Raises: Unavailable."""
        shape = shape_of(endpoint, document)
        kinds: tuple[Kind, ...] = ("unknown", "missing", "retyped")
        for kind in kinds:
            if getattr(shape, kind):
                self._on_drift(endpoint, kind)
        key = (store_id, endpoint, shape.digest)
        if key in self._known:
            return
        is_new = await self._shapes.add(store_id, endpoint, shape, int(self._clock() * MICROS))
        self._known.add(key)
        if is_new and shape.is_broken:
            await self._mirror.set_trouble(store_id, "degraded", REASON)
            faults = [*shape.missing, *shape.retyped]
            log.error("mirror_shape", store=store_id, endpoint=endpoint, keys=faults)
