"""`sijill ns token`: the access tokens of a namespace, and their end."""

from typing import Any

import click

from sijill.cli.arguments import ID, argument
from sijill.cli.control_client import Ask, on_sandbox

TOKEN = argument("token_id", "Id of a token; 1 is the one that the namespace began with.", parse=ID)


@on_sandbox(shown=lambda answer: answer["tokens"])
def list_command(ask: Ask) -> Any:
    return ask("GET", "tokens")


def _ending(verb: str, told: str) -> click.Command:
    """Return a command that ends a token."""

    @on_sandbox(TOKEN, shown=lambda answer: told.format(**answer))
    def call(ask: Ask, token_id: int) -> Any:
        return {"id": token_id} | ask("POST", f"tokens/{token_id}/{verb}")

    return call


expire_command = _ending("expire", "token {id} has expired; its refresh token stays")
revoke_command = _ending("revoke", "token {id} and its refresh token are revoked")
