"""`sijill tls`: the certificate to trust, and the names to point here."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated, Any

import typer

from sijill.cli.arguments import checked, settings_of, with_settings
from sijill.cli.register import ending
from sijill.server.tls.folder import folder_of

tls_commands = typer.Typer(help="HTTPS for unmodified clients.", no_args_is_help=True)

_SETTINGS = ("data_dir", "tls_names")


@tls_commands.command("ca")
@with_settings(_SETTINGS)
def ca(**flags: Any) -> None:
    """Print the certificate to trust, as PEM; the authority is made if there is none."""
    from sijill.server.tls.authority import authority_pem

    settings = settings_of(flags)
    with ending():
        folder = folder_of(settings.data_dir)
        print(authority_pem(folder, settings.tls_names, datetime.now(UTC)), end="")


@tls_commands.command("hosts")
@with_settings(_SETTINGS)
def hosts(
    *,
    address: Annotated[str, typer.Option(help="Where the server listens.")] = "127.0.0.1",
    **flags: Any,
) -> None:
    """Print the line for /etc/hosts that sends the names here."""
    settings = settings_of(flags)
    print(checked("address:", ip_address, address), *settings.tls_names)
