"""`sijill tls`: what to trust, and which names to send here."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated, Any

import typer

from sijill.cli.common import ending, settings_of, with_settings
from sijill.cli.typed import checked
from sijill.server.tls.folder import folder_of

tls_commands = typer.Typer(help="HTTPS for unmodified clients.", no_args_is_help=True)

_WHICH = ("data_dir", "tls_names")


@tls_commands.command("ca")
@with_settings(_WHICH)
def ca(**flags: Any) -> None:
    """Print the certificate to trust, as PEM; the authority is made if there is none."""
    from sijill.server.tls.authority import authority_pem

    settings = settings_of(flags)
    with ending():
        print(
            authority_pem(folder_of(settings.data_dir), settings.tls_names, datetime.now(UTC)),
            end="",
        )


@tls_commands.command("hosts")
@with_settings(_WHICH)
def hosts(
    *,
    address: Annotated[str, typer.Option(help="Where the server listens.")] = "127.0.0.1",
    **flags: Any,
) -> None:
    """Print the line for /etc/hosts that sends the names here."""
    settings = settings_of(flags)
    print(checked("address:", ip_address, address), *settings.tls_names)
