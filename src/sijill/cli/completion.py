"""`sijill completion`: the script that completes commands in a shell."""

import click
from click.shell_completion import get_completion_class

from sijill.cli.arguments import argument, command
from sijill.cli.output import say
from sijill.settings.parsers import one_of


@command(argument("shell", "The shell.", parse=one_of("bash", "zsh", "fish")))
def completion_command(shell: str) -> None:
    script = get_completion_class(shell)
    if script is not None:
        say(script(click.Command("sijill"), {}, "sijill", "_SIJILL_COMPLETE").source())
