"""`sijill import`: a file of customers into a store, as far as its rows are good."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sijill.cli.advice import advice_of, advising
from sijill.cli.arguments import FILE, argument, command, option, settings_of
from sijill.cli.files import FORMAT, format_or_end, is_same, reading, rejects_beside, rows_of
from sijill.cli.interrupts import interruptible
from sijill.cli.output import USAGE, fail, warn
from sijill.cli.progress import progress
from sijill.cli.register import REGISTER, STORE_OR_ONLY, find_store_or_only, run
from sijill.cli.showing import Shown
from sijill.customers.fields import COLUMNS
from sijill.imports.changes import Match, Rules
from sijill.imports.days import Order
from sijill.imports.headings import Headings, column_of, nearest, quoted
from sijill.imports.importing import Report, import_customers
from sijill.imports.lines import ENCODINGS
from sijill.imports.rehearsal import rehearse
from sijill.imports.rows import Format, Reject, Row
from sijill.imports.writing import Rejects
from sijill.opening import open_scratch
from sijill.register import Register
from sijill.settings.parsers import one_of, written
from sijill.stores.model import Store
from sijill.temporary import temporary_files

_MAX_REPORTED = 20
"""Refused rows that the command prints, at most; the file of rejects has all of them."""

_COUNTS = "{created} created, {updated} updated, {rejected} rejected"


@written("HEADING=COLUMN")
def _said(text: str) -> tuple[str, str]:
    """Return a heading and its column, "" to leave it out."""
    heading, _, name = text.rpartition("=")
    if not heading.strip():
        raise ValueError("write HEADING=COLUMN, or HEADING= to leave the column out")
    column = column_of(name)
    if column is None and name.strip():
        near = nearest(name)
        more = f": the nearest is {near}" if near else f": the columns are {', '.join(COLUMNS)}"
        raise ValueError(f"there is no column {name}{more}")
    return heading, column or ""


class _Importing:
    """The rows of a file on their way into a register: the result so far, the refused rows."""

    def __init__(self, out: Rejects, rules: Rules, *, dry_run: bool) -> None:
        self.report, self.refused = Report(), list[Reject]()
        self.advice: dict[str, None] = {}
        """What to do about the refused rows."""
        self.moved: Callable[[int], None] = lambda done: None
        """Gets the number of rows done, and moves the progress bar."""
        self._out, self._rules, self.dry_run = out, rules, dry_run

    def left_off(self) -> str:
        """Return what was done before an interruption."""
        if self.dry_run:
            return "no customer has changed"
        counts = _COUNTS.format_map(self.report._asdict())
        return f"the first {sum(self.report)} rows are done: {counts}"

    async def work(self, register: Register, store: Store, rows: Iterator[Row]) -> None:
        """Import rows into a store, or rehearse it."""
        given = (store, rows, datetime.now(UTC))
        erased = await register.erasures.of_store(store.id)
        more: Any = {
            "rules": self._rules._replace(erased=erased),
            "on_progress": self._note,
            "on_reject": self._reject,
        }
        if not self.dry_run:
            await import_customers(register.customers, *given, **more)
            return
        async with open_scratch(store) as scratch:
            await rehearse(register.driver, scratch.customers, *given, **more)

    def _note(self, report: Report) -> None:
        self.report = report
        self.moved(sum(report))

    def _reject(self, row: Reject) -> None:
        self._out.write(row)
        self.advice |= dict.fromkeys(advice_of(row.reason, self._rules))
        if len(self.refused) < _MAX_REPORTED:
            self.refused.append(row)


def _tell(result: dict[str, Any]) -> None:
    prefix = "would be: " if result["dry_run"] else ""
    print(prefix + _COUNTS.format_map(result))


@command(
    argument("file", "A .jsonl, .csv or .xlsx file, or - for standard input.", parse=FILE),
    STORE_OR_ONLY,
    FORMAT,
    option(
        "--map",
        "The column that a heading means; HEADING= ignores the column. May be repeated.",
        "said",
        multiple=True,
        parse=_said,
    ),
    option("--ignore-unknown", "Ignore unknown columns.", is_flag=True),
    option(
        "--encoding",
        "Encoding of a CSV file; without it UTF-8, or UTF-16 if the file looks so.",
        default="",
        parse=one_of(*ENCODINGS),
    ),
    option(
        "--dates",
        "What comes first in dates such as 03/04/1990; without it they are refused.",
        "order",
        default="",
        parse=one_of("day-first", "month-first"),
    ),
    option(
        "--match",
        "How a row finds the customer that it changes; an id in the row counts first.",
        default="id",
        parse=one_of("id", "mobile", "email"),
    ),
    option("--rejects", "File for the rows that are refused; without it, beside FILE.", parse=FILE),
    option(
        "--dry-run",
        "Only report the result, and write the file of rejects; no customer changes.",
        is_flag=True,
    ),
    settings=REGISTER,
    shown=Shown(_tell, is_bad=lambda result: result["rejected"] > 0),
)
def import_command(
    flags: dict[str, Any],
    file: Path,
    store: str,
    form: Format | None,
    said: tuple[tuple[str, str], ...],
    ignore_unknown: bool,
    encoding: str | None,
    order: Order | None,
    match: Match,
    rejects: Path | None,
    dry_run: bool,
) -> dict[str, Any]:
    kind, settings = format_or_end(file, form), settings_of(flags)
    if encoding and kind != "csv":
        fail("--encoding: only CSV files differ in it", code=USAGE)
    headings = Headings(dict(said), ignores_unknown=ignore_unknown)
    rejects_file = rejects or rejects_beside(file, kind)
    with ExitStack() as stack:
        stack.enter_context(temporary_files(settings.data_dir, "import"))
        stream = stack.enter_context(reading(file))
        if is_same(stream, rejects_file):
            fail("--rejects: choose another file than the imported one", code=USAGE)
        out = stack.enter_context(Rejects(rejects_file, kind, written=headings.written))
        rules = Rules(match=match, dates=order or "clear")
        done = _Importing(out, rules, dry_run=dry_run)
        interrupts = stack.enter_context(interruptible(done.left_off))

        async def work(register: Register) -> None:
            into = await find_store_or_only(register, store)
            with advising():
                rows, total = await rows_of(stream, kind, headings, encoding or "")
                with progress("importing", total) as done.moved:
                    await done.work(register, into, interrupts.between(rows))

        run(settings, work)
    if headings.left_out:
        warn(f"left out: {quoted([*headings.left_out])}")
    _warn(done, rejects_file)
    return done.report._asdict() | {
        "dry_run": dry_run,
        "rejects": str(rejects_file) if done.report.rejected else None,
        "left_out": [*headings.left_out],
    }


def _warn(done: _Importing, rejects_file: Path) -> None:
    """Print the first refused rows, and where all of them are, to standard error."""
    for row in done.refused:
        print(f"line {row.line}: {row.reason}", file=sys.stderr)
    if left := done.report.rejected - len(done.refused):
        print(f"and {left} more", file=sys.stderr)
    for advice in done.advice:
        warn(advice)
    if done.report.rejected and done.dry_run:
        warn(f"the rows that would be rejected are in {rejects_file}")
    elif done.report.rejected:
        warn(f"the rejected rows are in {rejects_file}: fix them there and import that file")
