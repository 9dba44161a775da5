"""`sijill healthcheck`: whether a server is ready, for containers without curl."""

from typing import Any

from sijill.cli.arguments import argument, command, duration, option, settings_of
from sijill.cli.fetching import Away, is_ready
from sijill.cli.output import fail
from sijill.cli.running import TLS
from sijill.cli.showing import Shown
from sijill.settings import Settings
from sijill.settings.parsers import address

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not a bind
"""Where this machine reaches a server that listens on all of its addresses."""


@command(
    argument("url", "Base URL of the server; by default the server of the settings.", default=""),
    option("--within", "How long an answer may take.", default="5", parse=duration),
    TLS,
    settings=("host", "port", "data_dir"),
    shown=Shown(lambda server: None),
)
def healthcheck_command(
    flags: dict[str, Any], url: str, within: float, tls: str | None
) -> dict[str, Any]:
    settings = settings_of(flags | {"tls": tls})
    try:
        base = address(url) or _own(settings)
        if not is_ready(base, data_dir=settings.data_dir, seconds=within):
            fail(f"{base} is not ready")
    except (Away, ValueError) as fault:
        fail(str(fault))
    return {"url": base, "ready": True}


def _own(settings: Settings) -> str:
    host = ANY.get(settings.host, settings.host)
    scheme = "https" if settings.tls else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"
