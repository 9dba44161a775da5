"""A store with an app that subscribes, and how it is served."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from fixtures.registers import NOW

from e2e.conftest import PATIENCE, Process, Shell, shop
from sijill.oauth.apps import Strategy
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import load
from sijill.values.ids import random_id
from sijill.webhooks.events import CREATED, UPDATED
from sijill.webhooks.model import Webhook

SECRET = "a secret of both"


@asynccontextmanager
async def register_in(data: Path) -> AsyncIterator[Register]:
    """Yield the register of a data folder, beside whoever else uses it."""
    settings, _ = load({"data_dir": str(data)}, environ={}, folder=data)
    register = await open_register(settings)
    try:
        yield register
    finally:
        await register.close()


async def subscribe(
    data: Path, urls: Sequence[str], strategy: Strategy = "signature", **headers: str
) -> None:
    """Let the app hear of customers that are created and of those that are updated."""
    async with register_in(data) as register:
        [store], [app] = await register.stores.all(), await register.apps.all()
        for url in urls:
            for event in (CREATED, UPDATED):
                hook = Webhook(
                    id=random_id(),
                    store_id=store.id,
                    app_id=app.id,
                    name="crm",
                    event=event,
                    url=url,
                    version=2,
                    rule=None,
                    headers=tuple(headers.items()),
                    strategy=strategy,
                    secret=SECRET,
                    created_at=NOW,
                )
                await register.webhooks.subscribe(hook)


class House(NamedTuple):
    """A data folder with a store and an app that may write, and how it is served."""

    shell: Shell
    data: Path
    token: str

    def serve(self, command: Sequence[str] = (), flags: str = "") -> tuple[Process, str]:
        """Start a server, by another command if one is given, and return it with its API."""
        options = f"serve --port 0 --customers-limit off --access-log off --data-dir {self.data}"
        options += f" --webhook-targets local {flags}"
        begun = [*(command or self.shell.command("")), *options.split()]
        server = self.shell.begin(begun)
        return server, server.line(r"http://\S+")[0]

    def client(self, base: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=base, headers=headers, timeout=PATIENCE, verify=False)


def house(shell: Shell, urls: Sequence[str], strategy: Strategy = "signature") -> House:
    """Make it, with webhooks at the addresses."""
    token, data = shell.copy_of(shop), shell.folder / "data"
    asyncio.run(asyncio.wait_for(subscribe(data, urls, strategy), PATIENCE))
    return House(shell, data, token)
