"""How commands show their results: JSON as they are; for people a table, lines or a sentence."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import click

from sijill.cli.output import FAILED, plain, say, show_json
from sijill.cli.tables import print_record, print_table


class Shown(NamedTuple):
    """How people see a result."""

    show: Callable[[Any], None]
    show_wide: Callable[[Any], None] | None = None
    """Shows the result with `--wide`; a command without more columns has no such option."""
    is_bad: Callable[[Any], bool] = lambda result: False
    """Whether a result ends the command with `code`."""
    code: int = FAILED

    def __call__(self, result: Any, *, as_json: bool, wide: bool = False) -> None:
        """Print a result to standard output, and end the command if the result is bad."""
        if as_json:
            show_json(result)
        elif wide and self.show_wide is not None:
            self.show_wide(result)
        else:
            self.show(result)
        if self.is_bad(result):
            raise click.exceptions.Exit(self.code)


def table(*columns: str, to_the_second: bool = False) -> Shown:
    """Show rows as a table of these columns, or of every column if there is no name."""
    if not columns:
        return Shown(print_table)
    show = partial(print_table, columns=columns, to_the_second=to_the_second)
    return Shown(show, print_table)


RECORD = Shown(lambda rows: print_record(*rows))
"""Shows a list of one row as lines, one for each value."""


def sentence(text: str) -> Shown:
    """Show the values of a row in a sentence, for example "{name} is deleted"."""
    return Shown(lambda row: say(plain(text.format_map(row))))
