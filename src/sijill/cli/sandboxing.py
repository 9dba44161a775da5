"""Serves the sandbox until a signal."""

import os
import shlex
from functools import partial
from typing import Any

import msgspec

from sijill.cli.arguments import settings_of
from sijill.cli.output import USAGE, fail, say, warn
from sijill.cli.sandbox_file import Running, telling
from sijill.cli.serving import DEMO_DEFAULTS, bound_socket, certificates_of, serve_on
from sijill.demo import APP, OWNER
from sijill.oauth.tokens import mint
from sijill.sandbox.application import open_sandbox
from sijill.sandbox.blueprint import ADMIN, keys_of
from sijill.sandbox.namespaces import DEFAULT
from sijill.sandbox.source import credentials
from sijill.server.serve import address_of
from sijill.stores.model import CUSTOMER_ID
from sijill.telemetry import logs

_UNTOLD = (
    "other commands do not find this sandbox by themselves: set SIJILL_URL and SIJILL_ADMIN_TOKEN"
)


def sandbox(flags: dict[str, Any], tls: str | None, as_json: bool) -> None:
    """Serve the sandbox until a signal."""
    settings = settings_of(flags | {"tls": tls}, defaults=DEMO_DEFAULTS)
    if settings.database_url or settings.redis_url or settings.workers > 1:
        fail(
            "the sandbox is one process in memory: no database_url, redis_url or workers",
            code=USAGE,
        )
    logs.configure(settings.log_level, settings.log_format)
    certificates = certificates_of(settings)
    keys = keys_of(settings.admin_token or mint(ADMIN))
    bound = bound_socket(settings)
    made = credentials(keys.key, DEFAULT, 0)
    ready = Running(
        pid=os.getpid(),
        url=settings.public_url or address_of(bound, tls=settings.tls),
        token=made.token,
        client_id=APP.client_id,
        client_secret=made.client_secret,
        email=OWNER.email,
        password=keys.password,
        admin_token=keys.admin_token,
    )
    with telling(settings.data_dir) as tell:

        def announce() -> None:
            told = tell(ready)
            say(msgspec.json.encode(ready).decode() if as_json else "\n".join(_lines(ready)))
            if not told:
                warn(_UNTOLD)

        serve_on(settings, bound, announce, certificates, partial(open_sandbox, keys=keys))


def _lines(ready: Running) -> list[str]:
    bearer = shlex.quote(f"Authorization: Bearer {ready.token}")
    return [
        f"Sijill sandbox on {ready.url} (API description: {ready.url}/_/docs)",
        f"Token with every scope: {ready.token}",
        f"curl -H {bearer} {ready.url}/admin/v2/customers/{CUSTOMER_ID}",
        f"OAuth: client_id {ready.client_id}, client_secret {ready.client_secret}",
        f"Owner who consents: {ready.email}, password {ready.password}",
        f"Admin token of the control API: {ready.admin_token}",
    ]
