"""
The tree of commands, made of their table.

A command imports its function when it is called. A list of commands imports none of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.shell_completion import CompletionItem

from sijill import __version__
from sijill.cli.commands import ALIASES, COMMANDS, GROUPS, WITH_COMMANDS
from sijill.cli.loading import load
from sijill.cli.output import INTERRUPTED, USAGE, fail


class Command(click.Command):
    """A command that imports its function when it is called."""

    def __init__(self, module: str, name: str, help: str) -> None:
        super().__init__(name, help=help, short_help=help.partition("\n\n")[0])
        self._module = module

    def load(self) -> click.Command:
        """Return the command with its options."""
        command: click.Command = load(self._module, f"{self.name}_command")
        command.name, command.help = self.name, self.help
        return command

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Return the context of the command with its options."""
        return self.load().make_context(*args, **more)


class Group(click.Group):
    """A group that lists its commands in the order of the table; wrong calls end with USAGE."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Return the context of the group."""
        with _ending():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the context names."""
        with _ending():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return [*self.commands]


class CommandGroup(Group):
    """A group whose name alone calls a command."""

    def __init__(self, own: Command) -> None:
        super().__init__(own.name, help=own.help, short_help=own.short_help)
        self._own = own

    def make_context(
        self, info_name: str | None, args: list[str], *more: Any, **others: Any
    ) -> click.Context:
        """Return the context of the group, or of its own command."""
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, *more, **others)
        own = self._own.load()
        own.format_epilog = self.format_commands  # type: ignore[method-assign]
        own.shell_complete = self._completions(own)  # type: ignore[method-assign]
        return own.make_context(info_name, args, *more, **others)

    def _completions(self, own: click.Command) -> Callable[..., list[CompletionItem]]:
        """Return the function that completes names of commands, and options of the own one."""

        def complete(ctx: click.Context, begin: str) -> list[CompletionItem]:
            names = [CompletionItem(name) for name in self.commands if name.startswith(begin)]
            return [*names, *click.Command.shell_complete(own, ctx, begin)]

        return complete


@contextmanager
def _ending() -> Iterator[None]:
    """End the command with the code of wrong calls or of Ctrl-C, or for a file out of reach."""
    try:
        yield
    except OSError as fault:
        if fault.filename is None:  # a pipe or a connection
            raise
        fail(f"{fault.filename} cannot be used: {fault.strerror}")
    except (KeyboardInterrupt, click.Abort):
        fail("interrupted", code=INTERRUPTED)
    except click.UsageError as fault:
        fault.exit_code = USAGE  # type: ignore[misc]  # click reads it from the instance
        raise


def commands() -> dict[str, Command]:
    """Return every command by its words."""
    return {
        words: Command(module, words.split()[-1], help)
        for module, rows in COMMANDS.items()
        for words, help in rows.items()
    }


def sijill() -> click.Group:
    """Return the command `sijill`."""
    groups: dict[str, click.Group] = {
        name: Group(name.rpartition(" ")[2], help=text) for name, text in GROUPS.items()
    }
    root = groups[""]
    root.context_settings["help_option_names"] = ["-h", "--help"]
    click.version_option(__version__, message="sijill %(version)s")(root)
    for words, command in commands().items():
        *first, last = words.split()
        group = root
        for number, word in enumerate(first, 1):
            inner = groups[" ".join(first[:number])]
            group.commands.setdefault(word, inner)
            group = inner
        if words in WITH_COMMANDS:
            groups[words] = CommandGroup(command)
        group.commands[last] = groups.get(words, command)
    for alias, name in ALIASES.items():
        other = Group(alias, help=f"The same as {name}.", hidden=True)
        other.commands = groups[name].commands
        root.commands[alias] = other
    return root
