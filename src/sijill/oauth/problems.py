"""The value at fault on the page of a problem, and the command with which an operator fixes it."""

import shlex
from typing import NamedTuple
from urllib.parse import quote

from sijill.errors import Fault
from sijill.oauth.fields import parse_client_id
from sijill.oauth.redirects import registrable
from sijill.oauth.refusals import NotAuthorizable

SHOWN = 300
"""Characters of a value at fault that a page shows."""

_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


class AtFault(NamedTuple):
    """A value that a request names wrongly. `label` and `advice` are keys of `wording.WORDS`."""

    label: str = ""
    value: str = ""
    advice: str = ""
    command: str = ""


def at_fault(fault: Fault) -> AtFault:
    """Return the value at fault; without any value for a fault that is not about one."""
    if not isinstance(fault, NotAuthorizable) or not fault.value:
        return AtFault()
    if fault.problem == "unknown_client":
        command = registering_command(fault.value)
        return AtFault("client_label", shown(fault.value), "client_add" if command else "", command)
    command = adding_command(fault.app_id, fault.value)
    advice = "redirect_add" if command else "redirect_rule"
    return AtFault("redirect_address", shown(fault.value), advice, command)


def shown(text: str) -> str:
    """Return a text that anybody may have written in visible ASCII, cut for a page."""
    quoted = quote(text, safe=_VISIBLE, errors="replace")
    return quoted if len(quoted) <= SHOWN else f"{quoted[:SHOWN]}…"


def registering_command(client_id: str) -> str:
    """Return the commands that list apps and register one, or "" for an impossible client_id."""
    try:
        given = shlex.quote(parse_client_id(client_id))
    except ValueError:
        return ""
    return (
        f'sijill app list\nsijill app create "My app" \\\n  --client-id {given} \\\n'
        "  --redirect-uri https://example.com/callback \\\n  --scope customers.read"
    )


def adding_command(app_id: int, uri: str) -> str:
    """Return the command that registers a URI for an app, or "" for one that cannot be."""
    try:
        return f"sijill app update {app_id} --add-redirect-uri {shlex.quote(registrable(uri))}"
    except ValueError:
        return ""
