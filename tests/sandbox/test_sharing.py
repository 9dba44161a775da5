"""What namespaces share, and what one more of them costs: no thread, few objects."""

import asyncio
import gc
import threading
from types import FunctionType

from fixtures.uploads import MULTIPART, csv, form, part
from sandbox.conftest import SandboxWorld
from sandbox.test_oauth import agreed

from sijill.imports.turns import OF_A_STORE
from sijill.oauth.passwords import AT_ONCE
from sijill.sandbox.routing import BoundRouter, shared_router

MANY = 50


def test_each_shared_route_leads_to_a_handler_of_the_namespace(sandbox: SandboxWorld) -> None:
    sandbox.create("one")
    routers = [one.instance.router for one in sandbox.namespaces.all()]
    for route in shared_router().routes:
        found = [router.find(route.method, route.path.encode())[0] for router in routers]
        assert isinstance(routers[0], BoundRouter)
        if isinstance(route.handler, FunctionType):
            assert found == [route] * len(routers)
            continue
        owners = {id(one.handler.__self__) for one in found}  # type: ignore[attr-defined]
        assert len(owners) == len(routers)
        assert [one._replace(handler=route.handler) for one in found] == [route] * len(routers)


def test_a_namespace_costs_few_objects(sandbox: SandboxWorld) -> None:
    sandbox.create("one")
    gc.collect()
    before = len(gc.get_objects())
    for number in range(MANY):
        sandbox.create(f"n{number}")
    gc.collect()
    assert (len(gc.get_objects()) - before) / MANY < 400  # routes of its own are a thousand


def test_a_namespace_that_has_ended_leaves_nothing(sandbox: SandboxWorld) -> None:
    def passing(name: str) -> None:
        sandbox.create(name)
        sandbox.control("POST", f"ns/{name}/reset")
        sandbox.control("DELETE", f"ns/{name}")

    passing("first")
    gc.collect()
    before = len(gc.get_objects())
    for number in range(MANY):
        passing(f"n{number}")
    gc.collect()
    assert (len(gc.get_objects()) - before) / MANY < 1


def test_owners_sign_in_on_the_same_threads(sandbox: SandboxWorld) -> None:
    for name in ("one", "two", "three"):
        sandbox.create(name)
        agreed(sandbox, f"/_/ns/{name}")
    names = [thread.name for thread in threading.enumerate()]
    assert len([name for name in names if name.startswith("sijill-password")]) <= AT_ONCE


def test_uploads_of_a_namespace_are_not_counted_against_its_neighbours(
    sandbox: SandboxWorld,
) -> None:
    names = [f"n{number}" for number in range(OF_A_STORE + 1)]
    tokens = [sandbox.create(name)["token"] for name in names]
    body = form(part(csv("first_name,email", "Sara,sara@example.com"), name="customers.csv"))

    async def uploads() -> list[int]:
        headers = {"content_type": MULTIPART}
        asked = (
            sandbox.raw("POST", "/customers/import", body, authorization=f"Bearer {one}", **headers)
            for one in tokens
        )
        return [answer.status for answer in await asyncio.gather(*asked)]

    assert sandbox.run(uploads()) == [200] * len(names)
