"""Commands that delete: they say what goes, and ask first."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import click

from sijill.cli.arguments import command, option, settings_of
from sijill.cli.output import FAILED, USAGE, fail, plain
from sijill.cli.register import REGISTER, Register, run
from sijill.cli.showing import sentence

YES = option("--yes", "Do not ask.", is_flag=True)

Row = dict[str, Any]


def ask(question: str, *, yes: bool) -> None:
    """
    Ask a person before something is deleted, unless they said yes already.

    A "no" ends the command, and so does standard input that is no terminal: nobody is there to ask.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        fail(f"{question} Add --yes: no terminal is there to ask", code=USAGE)
    # On standard error: standard output is for the result.
    if not click.confirm(plain(question), err=True):
        fail("nothing is deleted", code=FAILED)


def deleting(
    *parameters: click.Parameter,
    look: Callable[..., Awaitable[Row]],
    question: str,
    delete: Callable[[Register, Row], Awaitable[None]],
    told: str,
) -> click.Command:
    """
    Return a command that deletes one record, after a question.

    `look` gets the register and the arguments of the command, and returns the record, which fills
    the question and the sentence at the end. The question is asked while no database is open.
    """

    @command(*parameters, YES, settings=REGISTER, shown=sentence(told))
    def call(flags: dict[str, Any], yes: bool, **given: Any) -> Row:
        settings = settings_of(flags)
        row = run(settings, lambda register: look(register, **given))
        ask(question.format_map(row), yes=yes)

        async def work(register: Register) -> None:
            await delete(register, row)
            await register.driver.empty_log()  # it still holds what was deleted

        run(settings, work)
        return row

    return call
