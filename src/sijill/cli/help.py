"""Parameters and commands whose help says types, permitted values and defaults, in sections."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem
from click.types import OptionHelpExtra

from sijill.cli.output import USAGE, fail
from sijill.settings import SECTIONS, SETTINGS
from sijill.settings.parsers import Parser

FEW = 10
"""Settings that stand under one heading; more have the sections of their table."""

SETTINGS_COME_FROM = (
    "A setting comes from its option, the environment (SIJILL_ and its name in capitals), "
    "sijill.toml, or its default."
)

Parse = Parser[Any] | Callable[[str], Any]


class Noted(click.ParamType[Any]):
    """A text whose help says what is permitted."""

    name = "text"

    def __init__(self, parse: Parse) -> None:
        self.parser = parse if isinstance(parse, Parser) else Parser(parse, "")

    @property
    def bounds(self) -> str:
        """Return the permitted numbers, "" for any."""
        return self.parser.bounds

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return the permitted values, or a word for them; None lets click choose one."""
        names = self.parser.names
        return f"[{'|'.join(names)}]" if names else self.parser.notation or None

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the permitted values that begin so."""
        names = self.parser.names
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class Parsed(Noted):
    """
    A text that `parse` reads; its ValueError ends the command with a sentence.

    Where the default is an empty text, an empty text is None.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value of a text."""
        if not isinstance(value, str):
            return value
        if param is not None and value == param.default == "":
            return None
        try:
            return self.parser(value)
        except ValueError as fault:
            if ctx is not None and ctx.resilient_parsing:  # a shell completes
                raise
            fail(f"{param.opts[0] if param else 'value'}: {fault}", code=USAGE)


class Option(click.Option):
    """An option whose help has its bounds, and the default of its setting if it is one."""

    def __init__(self, *declarations: Any, setting: str | None = None, **more: Any) -> None:
        """`setting` is the default of the setting that the option is, if it is one."""
        super().__init__(*declarations, **more)
        self.setting = setting

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        """Return what stands in brackets behind the help."""
        extra = super().get_help_extra(ctx)
        if self.setting:
            extra["default"] = self.setting
        if isinstance(self.type, Noted) and self.type.bounds:
            extra["range"] = self.type.bounds
        return extra


class Described(click.Command):
    """A command whose own options and settings stand under headings of their own."""

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """Return the options that show the help."""
        return ["-h", "--help"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then its settings."""
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        _write(ctx, formatter, "Options", own_of(options))
        if settings := settings_of(options):
            formatter.write_paragraph()
            formatter.write_text(SETTINGS_COME_FROM)
            for heading, some in _sections(settings).items():
                _write(ctx, formatter, heading, some)


def own_of(options: Iterable[click.Option]) -> list[click.Option]:
    """Return the options of a command that are not settings."""
    return [option for option in options if not _is_setting(option)]


def settings_of(options: Iterable[click.Option]) -> list[click.Option]:
    """Return the options of a command that are settings, in the order of the table."""
    by_name = {option.name: option for option in options if _is_setting(option)}
    return [by_name[name] for name in SETTINGS if name in by_name]


def _is_setting(option: click.Option) -> bool:
    return isinstance(option, Option) and option.setting is not None


def _sections(settings: Sequence[click.Option]) -> dict[str, list[click.Option]]:
    """Return settings under one heading, or, if they are many, under those of the table."""
    if len(settings) <= FEW:
        return {"Settings": [*settings]}
    found = {
        f"{heading} (settings)": [o for o in settings if o.name in names]
        for heading, names in SECTIONS.items()
    }
    return {heading: some for heading, some in found.items() if some}


def _write(
    ctx: click.Context, formatter: click.HelpFormatter, heading: str, options: list[click.Option]
) -> None:
    records = [record for option in options if (record := option.get_help_record(ctx))]
    with formatter.section(heading):
        formatter.write_dl(records)
