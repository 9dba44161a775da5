"""Serves the sandbox until a signal."""

import os
import shlex
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from sijill.cli.arguments import settings_of
from sijill.cli.output import USAGE, fail, say, warn
from sijill.cli.running import DEMO_DEFAULTS
from sijill.cli.sandbox_file import Running, telling
from sijill.cli.seed_file import read_seed_file
from sijill.cli.serving import bound_socket, certificates_of, serve_on
from sijill.demo import APP, OWNER, demo_store
from sijill.oauth.tokens import mint
from sijill.sandbox.application import open_sandbox
from sijill.sandbox.blueprint import ADMIN, keys_of
from sijill.sandbox.namespaces import DEFAULT
from sijill.sandbox.seeds.document import read_seed
from sijill.sandbox.seeds.faults import SeedRefused
from sijill.sandbox.seeds.sections import NewOwner
from sijill.sandbox.source import credentials
from sijill.server.serve import address_of
from sijill.settings import Settings
from sijill.stores.model import CUSTOMER_ID
from sijill.telemetry import logs

_UNTOLD = (
    "other commands do not find this sandbox by themselves: set SIJILL_URL and SIJILL_ADMIN_TOKEN"
)


def sandbox(flags: dict[str, Any], tls: str | None, seed: str, as_json: bool) -> None:
    """Serve the sandbox until a signal; `seed` names a seed document, "" stands for the demo."""
    settings = settings_of(flags | {"tls": tls}, defaults=DEMO_DEFAULTS)
    if settings.database_url or settings.redis_url or settings.workers > 1:
        fail(
            "the sandbox is one process in memory: no database_url, redis_url or workers",
            code=USAGE,
        )
    logs.configure(settings.log_level, settings.log_format)
    certificates = certificates_of(settings)
    keys = keys_of(settings.admin_token or mint(ADMIN))
    document = read_seed_file(seed) if seed else None
    owner, password = OWNER, keys.password
    if seed and (owners := _owners(document, settings)):
        owner, password = owners[0].owner, owners[0].password or keys.password
    bound = bound_socket(settings)
    made = credentials(keys.key, DEFAULT, 0)
    ready = Running(
        pid=os.getpid(),
        url=settings.public_url or address_of(bound, tls=settings.tls),
        token=made.token,
        client_id=APP.client_id,
        client_secret=made.client_secret,
        email=owner.email,
        password=password,
        admin_token=keys.admin_token,
    )
    with telling(settings.data_dir) as tell:

        def announce() -> None:
            told = tell(ready)
            path = f"/customers/{CUSTOMER_ID}" if not seed else "/customers"
            lines = "\n".join(_lines(ready, path))
            say(msgspec.json.encode(ready).decode() if as_json else lines)
            if not told:
                warn(_UNTOLD)

        encoded = msgspec.json.encode(document) if seed else None
        open_it = partial(open_sandbox, keys=keys, document=encoded)
        serve_on(settings, bound, announce, certificates, open_it)


def _owners(document: Any, settings: Settings) -> list[NewOwner]:
    """Return the owners of a document, or end the command with its faults."""
    local, base = settings.webhook_targets == "local", demo_store(settings.demo_profile)
    try:
        return read_seed(document, base, today=datetime.now(UTC), local=local).owners
    except SeedRefused as refused:
        fail(*(f"{path}: {sentence}" for path, sentence in refused.faults), code=USAGE)


def _lines(ready: Running, path: str) -> list[str]:
    bearer = shlex.quote(f"Authorization: Bearer {ready.token}")
    return [
        f"Sijill sandbox on {ready.url} (API description: {ready.url}/_/docs)",
        f"Token with every scope: {ready.token}",
        f"curl -H {bearer} {ready.url}/admin/v2{path}",
        f"OAuth: client_id {ready.client_id}, client_secret {ready.client_secret}",
        f"Owner who consents: {ready.email}, password {ready.password}",
        f"Admin token of the control API: {ready.admin_token}",
    ]
