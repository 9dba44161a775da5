"""`sijill tls`: the certificate to trust, and the names to point here."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from sijill.cli.arguments import command, option, settings_of
from sijill.cli.output import warn
from sijill.cli.register import ending
from sijill.server.tls.folder import folder_of

_SETTINGS = ("data_dir", "tls_names")


@command(settings=_SETTINGS)
def ca_command(flags: dict[str, Any]) -> None:
    from sijill.server.tls.authority import authority_pem

    settings = settings_of(flags)
    with ending():
        folder = folder_of(settings.data_dir)
        authority = authority_pem(folder, settings.tls_names, datetime.now(UTC))
    print(authority.text, end="")
    if authority.is_new:
        warn(
            f"this authority is new, made in {folder}: only a server with that data folder shows "
            "its certificates"
        )


@command(
    option("--address", "Where the server listens.", default="127.0.0.1", parse=ip_address),
    settings=_SETTINGS,
)
def hosts_command(flags: dict[str, Any], address: object) -> None:
    print(address, *settings_of(flags).tls_names)
