"""`sijill tls`: the certificate to trust, and the names to point here."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from sijill.cli.arguments import command, option, settings_of
from sijill.cli.output import say, warn
from sijill.cli.register import ending
from sijill.cli.showing import Shown
from sijill.server.tls.folder import folder_of

_SETTINGS = ("data_dir", "tls_names")


@command(settings=_SETTINGS, shown=Shown(lambda made: print(made["certificate"], end="")))
def ca_command(flags: dict[str, Any]) -> dict[str, Any]:
    from sijill.server.tls.authority import authority_pem

    settings = settings_of(flags)
    with ending():
        folder = folder_of(settings.data_dir)
        authority = authority_pem(folder, settings.tls_names, datetime.now(UTC))
    if authority.is_new:
        warn(
            f"this authority is new, made in {folder}: only a server with that data folder shows "
            "its certificates"
        )
    return {"certificate": authority.text, "is_new": authority.is_new}


@command(
    option("--address", "Where the server listens.", default="127.0.0.1", parse=ip_address),
    settings=_SETTINGS,
    shown=Shown(lambda hosts: say(" ".join([hosts["address"], *hosts["names"]]))),
)
def hosts_command(flags: dict[str, Any], address: object) -> dict[str, Any]:
    return {"address": str(address), "names": settings_of(flags).tls_names}
