"""
The documents that follow from the code: settings.md, commands.md, retention.md, the proofs in
limits.md.

`python docs/reference/generate.py` writes them; with `--check` it writes nothing and ends with 1
if one of them is stale.
"""

import ast
import itertools
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click

from sijill.cli.help import Noted, own_of, settings_of
from sijill.cli.tree import commands as all_commands
from sijill.retention import CLASSES, Retention
from sijill.settings import SECTIONS, SETTINGS
from sijill.settings.loading import ALIASES, FILE, PREFIX
from sijill.settings.parsers import Parser

HERE = Path(__file__).parent
LIMITS = HERE.parent / "limits.md"
TESTS = HERE.parents[1] / "tests"

_NOTE = "<!-- Written by generate.py: change the code, not this page. -->\n"

_SETTINGS_HEAD = f"""# Settings

{_NOTE}
Every number and address that Sijill uses is a setting.

Sijill looks for a setting in this order, and the first one that it finds wins:

1. the option of the command, for example `--port 9000`;
2. the environment: `{PREFIX}` and the name in capitals, for example `{PREFIX}PORT=9000`;
3. the file `{FILE}` in the working folder, or the one that `{PREFIX}CONFIG` names: `port = 9000`;
4. the default.

A secret can also be in a file of its own, named by its variable and `_FILE`.
Do not give a secret as an option: every user of the machine can see it in the list of processes.
`DURATION` is a number and s, m, h, d or w: `30s`, `12h`, `14d`.
`N/PERIOD` is a number of requests and a duration: `500/10m`, `60/m`.
{{aliases}}
Errors are reported all at once, each with its place.
`sijill settings` prints every value in force and where it came from, with secrets masked.
`sijill sandbox` has three defaults of its own: `access_log` is `off`, `log_format` is `text`, and
`webhook_targets` is `local`.
"""

_SETTINGS_TABLE = """
## {heading}

| setting | option | variable | values | default | what it is |
| --- | --- | --- | --- | --- | --- |
"""

_COMMANDS_HEAD = f"""# Commands

{_NOTE}
The command `sijill` does everything that is not done over HTTP.

Data goes to standard output, everything else to standard error.
Exit codes: 0 done, 1 failed, 3 the schema of the database is not known here, 64 wrong usage,
69 no server answers, 130 interrupted by Ctrl-C.
With `--json` a command prints its result as JSON: an array of what is listed, shown, created or
changed, or an object.
Options that are [settings](settings.md) are only named here; that page says what they are.
"""


_RETENTION_HEAD = f"""# How long data is kept

{_NOTE}
Data that is kept longer than needed can only do harm, so each class of data has a time limit.

Every {Retention.EVERY:.0f} seconds every server clears older rows, under any setting of webhooks.
On SQLite it then empties the write-ahead log.
Deleted rows are overwritten there, so that no byte of them is left in the files.
PostgreSQL overwrites them later: [what is not proven](../limits.md) has the limits.

| class | is kept for | from | then it is |
| --- | --- | --- | --- |
"""

_RETENTION_TAIL = """
All other data is kept until somebody deletes it.
The deletion of a customer takes effect at once, without the table.
Memberships, ledgers, reasons, bodies of events and waiting deliveries are deleted too.
The id stays, so that no other customer gets it.
The rows of a file, also refused ones, belong to no customer: the table applies to them.
The [erasure of a person](../howto/answer-a-persons-request.md) deletes the person's rows at once.
Events of a customer on hold stay, and as long as events are kept after the end of the hold.
"""


class Proof(NamedTuple):
    """A promise, and the file below the folder of tests, or the test in it, that proves it."""

    promise: str
    path: str
    test: str = ""


def settings_page() -> str:
    """Return settings.md."""
    aliases = " and ".join(f"`{alias}`" for alias in ALIASES.values())
    head = _SETTINGS_HEAD.format(
        aliases=f"{aliases} are read too, as platforms set them; ours win."
    )
    tables = [
        _SETTINGS_TABLE.format(heading=heading) + "".join(map(_setting, names))
        for heading, names in SECTIONS.items()
    ]
    return head + "".join(tables)


def _setting(name: str) -> str:
    setting, variable = SETTINGS[name], PREFIX + name.upper()
    variables = f"`{variable}`" + (f", `{variable}_FILE`" if setting.secret else "")
    default = f"`{setting.default}`" if setting.default else ""
    cells = (f"`{name}`", f"`{_option(name)}`", variables, _permitted(setting.parse), default)
    return _row(*cells, setting.sentence)


def commands_page() -> str:
    """Return commands.md."""
    return _COMMANDS_HEAD + "".join(_section(names, command) for names, command in commands())


def retention_page() -> str:
    """Return retention.md."""
    rows = (_row(data.name, _kept(data.lifetime), data.since, data.cleared) for data in CLASSES)
    return _RETENTION_HEAD + "".join(rows) + _RETENTION_TAIL


def _kept(lifetime: timedelta | str) -> str:
    if isinstance(lifetime, str):
        default = SETTINGS[lifetime].default
        return f"[`{lifetime}`](settings.md), {default} unless said"
    hours = int(lifetime.total_seconds()) // 3600
    if not hours:
        return "no longer"
    return f"{hours} hours" if hours <= 24 else f"{hours // 24} days"


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command that can be run: its words, and the command with its options."""
    for words, command in all_commands().items():
        yield f"sijill {words}", command.load()


def _section(names: str, command: Any) -> str:
    context = click.Context(command)
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    own = own_of(options)
    settings = [f"`{_option(p.name)}`" for p in settings_of(options)]
    usage = [names, *(p.make_metavar(context) for p in arguments)] + (
        ["[OPTIONS]"] if options else []
    )
    parts = [f"\n## {names}\n\n{command.help}\n\n```text\n{' '.join(usage)}\n```\n"]
    if arguments:
        parts.append(_table("argument", arguments, lambda p: p.name.upper(), context))
    if own:
        parts.append(_table("option", own, lambda p: ", ".join(p.opts), context))
    if settings:
        parts.append(f"\nSettings: {', '.join(settings)}.\n")
    return "".join(parts)


def _table(
    kind: str, parameters: list[Any], called: Callable[[Any], str], context: click.Context
) -> str:
    rows = (
        _row(f"`{called(p)}`", _values(p, context), _default(p), p.help or "") for p in parameters
    )
    head = f"\n| {kind} | values | default | what it is |\n| --- | --- | --- | --- |\n"
    return head + "".join(rows)


def _values(parameter: Any, context: click.Context) -> str:
    if isinstance(parameter.type, Noted) and parameter.type.parser.notation:
        return _permitted(parameter.type.parser)
    is_named = isinstance(parameter, click.Argument) or parameter.is_flag
    return "" if is_named else f"`{parameter.make_metavar(context)}`"


def _permitted(parse: Parser[Any]) -> str:
    names = ", ".join(f"`{text}`" for text in parse.names)
    return names or parse.bounds or f"`{parse.notation}`"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    default = parameter.to_info_dict()["default"]
    return "" if default in (None, "") or default is False else f"`{default}`"


def limits_page() -> str:
    """Return limits.md, its tables of promises and proofs written again."""
    text = _between("promises", _promises(), LIMITS.read_text("utf-8"))
    rows = [(p.promise, f"{_link(p.path)} `{p.test}`") for p in proofs() if p.test]
    return _between("proofs", _linked("documented", rows), text)


def _promises() -> str:
    files: dict[str, list[str]] = {}
    for proof in proofs():
        if not proof.test:
            files.setdefault(proof.promise, []).append(_link(proof.path))
    return _linked("promise", [(promise, ", ".join(links)) for promise, links in files.items()])


def _linked(head: str, rows: list[tuple[str, str]]) -> str:
    table = [(head, "where it is proven"), ("---", "---"), *rows]
    return "".join(_row(*row) for row in table)


def _between(name: str, table: str, text: str) -> str:
    """Return a page with a table between the two comments of that name."""
    begin, end = f"<!-- {name}, written by generate.py -->\n", f"<!-- end of {name} -->"
    head, rest = text.split(begin)
    return head + begin + table + end + rest.split(end)[1]


def _link(path: str) -> str:
    return f"[{path}](../tests/{path})"


def proofs() -> list[Proof]:
    """Return what every file and test is marked to prove, in the order of files and lines."""
    files = sorted(path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py"))
    return [proof for path in files for proof in _proofs_of(path)]


def _proofs_of(path: str) -> Iterator[Proof]:
    for node in ast.parse((TESTS / path).read_text("utf-8")).body:
        match node:
            case ast.FunctionDef(name=name, decorator_list=marks):
                yield from (Proof(promise, path, name) for promise in _marked(*marks))
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=marks):
                yield from (Proof(promise, path) for promise in _marked(marks))


def _marked(*marks: ast.AST) -> Iterator[str]:
    for node in itertools.chain.from_iterable(map(ast.walk, marks)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.proves":
            yield ", ".join(map(ast.literal_eval, node.args))


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |\n"


PAGES = {
    HERE / "settings.md": settings_page,
    HERE / "commands.md": commands_page,
    HERE / "retention.md": retention_page,
    LIMITS: limits_page,
}


def stale() -> list[str]:
    """Return the names of the pages that are not as they would be written now."""
    return [
        path.name
        for path, page in PAGES.items()
        if not path.exists() or path.read_text("utf-8") != page()
    ]


def main() -> None:
    """Write the pages, or only check them."""
    if "--check" not in sys.argv[1:]:
        for path, page in PAGES.items():
            path.write_text(page(), "utf-8")
    elif names := stale():
        sys.exit(f"stale: {', '.join(names)}; run python docs/reference/generate.py")


if __name__ == "__main__":
    main()
