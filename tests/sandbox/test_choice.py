"""The namespace of a request that names an app alone."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fixtures.world import request_of
from sandbox.conftest import KEYS

from sijill.database.sealing import Sealer
from sijill.sandbox.blueprint import SEALING_KEY, make_blueprint
from sijill.sandbox.choice import Disagree, choose
from sijill.sandbox.namespaces import Namespaces
from sijill.sandbox.new import New
from sijill.settings import load
from sijill.telemetry.logs import RequestLog

NAMES = ("default", "one", "two")
HOLDERS = {
    "everybody": NAMES,
    "only-one": ("one",),
    "one-and-two": ("one", "two"),
    "only-the-default": ("default",),
    "nobody": (),
}
"""The namespaces that have an app, by its client_id."""

Run = Callable[[Callable[[Namespaces], Coroutine[Any, Any, None]]], None]


@pytest.fixture(scope="module")
def run() -> Run:
    def running(scenario: Callable[[Namespaces], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            settings, _ = load({}, environ={}, folder=Path("/nonexistent"))
            sealer = Sealer(SEALING_KEY)
            blueprint = await make_blueprint(settings, RequestLog(None), KEYS, sealer, str)
            namespaces = Namespaces(blueprint)
            for name in NAMES:
                held = [client_id for client_id, holders in HOLDERS.items() if name in holders]
                apps = [{"name": client_id, "client_id": client_id} for client_id in held]
                seed = msgspec.Raw(msgspec.json.encode({"apps": apps}))
                await namespaces.create(New(name, seed=seed))
            await scenario(namespaces)
            await namespaces.close()

        asyncio.run(whole())

    return running


FORM = {"content-type": "application/x-www-form-urlencoded"}


def requests(client_id: str, **headers: str) -> list[Any]:
    """Return the requests that name a client, in every way that one may."""
    basic = "Basic " + b64encode(f"{client_id}:secret".encode()).decode()
    return [
        request_of("GET", f"/oauth2/auth?client_id={client_id}", headers),
        request_of("POST", "/oauth2/token", headers | FORM, f"client_id={client_id}".encode()),
        request_of("POST", "/oauth2/token", headers | {"authorization": basic}),
        request_of("POST", "/oauth2/token", headers | {"authorization": basic}, b"{"),
    ]


@pytest.mark.parametrize(
    ("client_id", "name"),
    [
        ("everybody", "default"),
        ("only-one", "one"),
        ("one-and-two", "default"),
        ("only-the-default", "default"),
        ("nobody", "default"),
        ("", "default"),
    ],
)
def test_an_app_leads_to_the_only_namespace_that_has_it(
    run: Run, client_id: str, name: str
) -> None:
    async def scenario(namespaces: Namespaces) -> None:
        for request in requests(client_id):
            assert (await choose(namespaces, request)).identity.name == name

    run(scenario)


@pytest.mark.parametrize(
    ("client_id", "agrees"),
    [
        ("everybody", True),
        ("only-one", False),
        ("one-and-two", True),
        ("only-the-default", False),
        ("nobody", True),
    ],
)
def test_an_app_of_another_namespace_disagrees_with_a_name(
    run: Run, client_id: str, agrees: bool
) -> None:
    async def scenario(namespaces: Namespaces) -> None:
        for request in requests(client_id, **{"x-sijill-namespace": "two"}):
            if agrees:
                assert (await choose(namespaces, request)).identity.name == "two"
            else:
                with pytest.raises(Disagree):
                    await choose(namespaces, request)

    run(scenario)
