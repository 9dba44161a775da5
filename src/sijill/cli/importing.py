"""`sijill import`: a file of customers into a store, as far as its rows are good."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from sijill.cli.advice import advice_of, advising
from sijill.cli.arguments import settings_of
from sijill.cli.files import format_or_end, is_same, reading, rejects_beside, rows_of
from sijill.cli.interrupts import interruptible
from sijill.cli.moving import COUNTS
from sijill.cli.output import USAGE, fail, warn
from sijill.cli.progress import progress
from sijill.cli.register import Register, find_store_or_only, run
from sijill.imports.changes import Match, Rules
from sijill.imports.days import Order
from sijill.imports.headings import Headings, quoted
from sijill.imports.importing import Report, import_customers
from sijill.imports.rehearsal import rehearse
from sijill.imports.rows import Format, Reject, Row
from sijill.imports.writing import Rejects, try_to_write
from sijill.scratch import open_scratch
from sijill.stores.model import Store
from sijill.temporary import temporary_files

_MAX_REPORTED = 20
"""Refused rows that the command prints, at most; the file of rejects has all of them."""


class _Importing:
    """
    The rows of a file on their way into a register: the result so far, the refused rows.

    Rows are written whatever happens to the file of rejects: `fault` has its first fault, and from
    then on every refused row is kept, to be printed.
    """

    def __init__(self, out: Rejects, rules: Rules, *, dry_run: bool) -> None:
        self.report, self.refused = Report(), list[Reject]()
        self.fault: Exception | None = None
        self.advice: dict[str, None] = {}
        """Advice about the refused rows."""
        self.moved: Callable[[int], None] = lambda done: None
        """Gets the number of rows done, and moves the progress bar."""
        self._out, self._rules, self.dry_run = out, rules, dry_run

    def left_off(self) -> str:
        """Return what was done before an interruption."""
        if self.dry_run:
            return "no customer has changed"
        counts = COUNTS.format_map(self.report._asdict())
        return f"the first {sum(self.report)} rows are done: {counts}"

    def close(self) -> None:
        """Finish the file of rejects."""
        self._keep(self._out.close)

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
        if self.fault is None:
            self._keep(lambda: self._out.write(row))
        self.advice |= dict.fromkeys(advice_of(row.reason, self._rules))
        if len(self.refused) < _MAX_REPORTED or self.fault:
            self.refused.append(row)

    def _keep(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (OSError, ValueError) as fault:  # a full disk, a full sheet
            self.fault = self.fault or fault


def import_file(
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
    """Import a file; see the command."""
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
        _insist(rejects_file)
        rules = Rules(match=match, dates=order or "clear")
        out = Rejects(rejects_file, kind, written=headings.written)
        done = _Importing(out, rules, dry_run=dry_run)
        stack.callback(_tell, done, headings, rejects_file)
        interrupts = stack.enter_context(interruptible(done.left_off))

        async def work(register: Register) -> None:
            into = await find_store_or_only(register, store)
            with advising():
                rows, total = await rows_of(stream, kind, headings, encoding or "")
                with progress("importing", total) as done.moved:
                    await done.work(register, into, interrupts.between(rows))

        try:
            run(settings, work)
        except click.exceptions.Exit:
            if sum(done.report):
                warn(done.left_off())
            raise
    return done.report._asdict() | {
        "dry_run": dry_run,
        "rejects": str(rejects_file) if done.report.rejected and not done.fault else None,
        "left_out": [*headings.left_out],
    }


def _insist(rejects_file: Path) -> None:
    """End the command before its first row if the file of rejects could not be written."""
    try:
        try_to_write(rejects_file)
    except OSError as fault:
        fail(f"--rejects: {rejects_file}: {fault.strerror}; name another file", code=USAGE)


def _tell(done: _Importing, headings: Headings, rejects_file: Path) -> None:
    """Finish the file of rejects; print what was left out, and which rows were refused."""
    done.close()
    if headings.left_out:
        warn(f"left out: {quoted([*headings.left_out])}")
    _warn(done, rejects_file)


def _warn(done: _Importing, rejects_file: Path) -> None:
    """Print the first refused rows, and where all of them are, to standard error."""
    for row in done.refused:
        print(f"line {row.line}: {row.reason}", file=sys.stderr)
    if left := done.report.rejected - len(done.refused):
        print(f"and {left} more", file=sys.stderr)
    for advice in done.advice:
        warn(advice)
    if done.fault:
        why = getattr(done.fault, "strerror", None) or done.fault
        warn(f"{rejects_file} does not have every rejected row: {why}")
    elif done.report.rejected and done.dry_run:
        warn(f"the rows that would be rejected are in {rejects_file}")
    elif done.report.rejected:
        warn(f"the rejected rows are in {rejects_file}: fix them there and import that file")
