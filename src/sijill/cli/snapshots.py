"""`sijill snapshot`: the saved states of a namespace."""

from typing import Any

import click

from sijill.cli.arguments import argument
from sijill.cli.control_client import Ask, encoded, on_sandbox, short_moment

NAME = argument("name", "Name of a snapshot.")


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [row | {"at": short_moment(row["at"])} for row in answer["snapshots"]]


@on_sandbox(shown=_rows)
def list_command(ask: Ask) -> Any:
    return ask("GET", "snapshots")


def _calling(method: str, told: str) -> click.Command:
    """Return a command that makes one call about a snapshot."""

    @on_sandbox(NAME, shown=lambda answer: told.format(**answer))
    def call(ask: Ask, name: str) -> Any:
        return {"name": name} | ask(method, f"snapshots/{encoded(name)}")

    return call


save_command = _calling("PUT", "{name} is saved: {customers} customer(s), {at}")
load_command = _calling("POST", "{name} is loaded: {customers} customer(s), {at}")
rm_command = _calling("DELETE", "{name} is gone")
