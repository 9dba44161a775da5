"""Serves the sandbox until a signal."""

import shlex
from functools import partial
from typing import Any

from sijill.cli.arguments import settings_of
from sijill.cli.output import USAGE, fail, say
from sijill.cli.serving import DEMO_DEFAULTS, bound_socket, certificates_of, serve_on
from sijill.demo import APP, OWNER
from sijill.oauth.tokens import mint
from sijill.sandbox.application import open_sandbox
from sijill.sandbox.blueprint import ADMIN, credentials, keys_of
from sijill.sandbox.namespaces import DEFAULT
from sijill.server.serve import address_of
from sijill.stores.model import CUSTOMER_ID
from sijill.telemetry import logs


def sandbox(flags: dict[str, Any], tls: str | None) -> None:
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
    address = settings.public_url or address_of(bound, tls=settings.tls)
    made = credentials(keys.key, DEFAULT, 0)

    def announce() -> None:
        say(f"Sijill sandbox on {address} (API description: {address}/_/docs)")
        say(f"Token with every scope: {made.token}")
        bearer = shlex.quote(f"Authorization: Bearer {made.token}")
        say(f"curl -H {bearer} {address}/admin/v2/customers/{CUSTOMER_ID}")
        say(f"OAuth: client_id {APP.client_id}, client_secret {made.client_secret}")
        say(f"Owner who consents: {OWNER.email}, password {keys.password}")
        say(f"Admin token of the control API: {keys.admin_token}")

    serve_on(settings, bound, announce, certificates, partial(open_sandbox, keys=keys))
