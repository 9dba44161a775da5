"""The shapes that were seen, each once for a store and an endpoint."""

from typing import NamedTuple

from msgspec import json

from sijill.database.driver import Driver
from sijill.mirror.upstream.shapes import Endpoint, Shape


class SeenShape(NamedTuple):
    """A shape, and when it came first, in microseconds of the UTC epoch."""

    endpoint: Endpoint
    shape: Shape
    first_at: int


class ShapeTable:
    """The shapes of every linked store. Every method may raise Unavailable."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def add(self, store_id: int, endpoint: Endpoint, shape: Shape, at: int) -> bool:
        """Store a shape; return False if the store has shown it before."""
        text = json.encode(shape).decode()
        row = (store_id, endpoint, shape.digest, text, at)
        return bool(await self._driver.run("add_mirror_shape", *row))

    async def all(self, store_id: int) -> list[SeenShape]:
        """Return the shapes of a store, the oldest first."""
        rows = await self._driver.all("mirror_shapes", store_id)
        return [SeenShape(name, json.decode(text, type=Shape), at) for name, text, at in rows]
