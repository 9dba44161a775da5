"""People at the console of a namespace, each in a browser of their own."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar, cast

from console.desks import Seat
from fixtures.browsing import Browser
from fixtures.world import Answer, World
from sandbox.conftest import KEYS, SandboxWorld

from sijill.demo import OWNER
from sijill.register import Register
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.namespaces import DEFAULT
from sijill.stores.model import SHOP

T = TypeVar("T")


class NamespaceWorld:
    """The default namespace of a sandbox where a `Browser` and a `Seat` expect a world."""

    is_local = False
    store = SHOP

    def __init__(self, sandbox: SandboxWorld) -> None:
        self.sandbox = sandbox

    @property
    def namespace(self) -> Namespace:
        return self.sandbox.namespaces.find(DEFAULT)

    @property
    def register(self) -> Register:
        return self.namespace.instance.register

    @property
    def moment(self) -> datetime:
        return self.namespace.clock.now()

    def run(self, work: Awaitable[T]) -> T:
        return self.sandbox.run(work)

    def ask(self, method: str, path: str, _: None, body: bytes, **headers: str) -> Answer:
        return self.sandbox.send(method, path, body, **headers)


def world_of(sandbox: SandboxWorld) -> World:
    """Return the default namespace in the place of a world."""
    return cast(World, NamespaceWorld(sandbox))


def owner_of(sandbox: SandboxWorld) -> Seat:
    """Return the demo's owner at the console of the default namespace, signed in."""
    world = world_of(sandbox)
    browser = Browser(world)
    assert browser.sign_in(OWNER.email, KEYS.password).status == 303
    return Seat(world, browser, OWNER)
