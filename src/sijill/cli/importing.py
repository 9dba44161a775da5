"""`sijill import`: a file of customers into a store, as far as its rows are good."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Any, BinaryIO

from sijill.cli.arguments import FILE, argument, command, option, settings_of
from sijill.cli.data import FORMAT, format_or_end, progress
from sijill.cli.output import USAGE, fail, warn
from sijill.cli.register import REGISTER, STORE_OR_ONLY, find_store_or_only, run
from sijill.customers.fields import COLUMNS
from sijill.imports.child import workbook_rows
from sijill.imports.headings import SHOWN, BadHeadings, Headings, column_of, nearest, quoted
from sijill.imports.importing import Report, import_customers
from sijill.imports.reading import read_rows
from sijill.imports.rehearsal import rehearse
from sijill.imports.rows import Format, Reject, Row
from sijill.imports.writing import Rejects
from sijill.opening import open_scratch
from sijill.register import Register
from sijill.settings import Settings
from sijill.settings.parsers import written
from sijill.stores.model import Store

_MAX_REPORTED = 20
"""Refused rows that the command prints, at most; the file of rejects has all of them."""


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


@command(
    argument("file", "A .jsonl, .csv or .xlsx file, or - for standard input.", parse=FILE),
    STORE_OR_ONLY,
    FORMAT,
    option(
        "--map",
        "The column that a heading means; HEADING= leaves it out. May be repeated.",
        "said",
        multiple=True,
        parse=_said,
    ),
    option("--ignore-unknown", "Leave out every column that is not known.", is_flag=True),
    option("--rejects", "File for the rows that are refused.", parse=FILE),
    option("--dry-run", "Only report the result; no customer changes.", is_flag=True),
    settings=REGISTER,
)
def import_command(
    flags: dict[str, Any],
    file: Path,
    store: str,
    form: Format | None,
    said: tuple[tuple[str, str], ...],
    ignore_unknown: bool,
    rejects: Path | None,
    dry_run: bool,
) -> None:
    kind, settings = format_or_end(file, form), settings_of(flags)
    headings = Headings(dict(said), ignores_unknown=ignore_unknown)
    rejects_file = rejects or _rejects_beside(file, kind)
    refused: list[Reject] = []

    with ExitStack() as stack:
        stream = stack.enter_context(_reading(file))
        if _is_same(stream, rejects_file):
            fail("rejects: choose another file than the imported one", code=USAGE)
        out = stack.enter_context(Rejects(rejects_file, kind, written=headings.written))
        on_progress = stack.enter_context(progress("importing"))

        def reject(row: Reject) -> None:
            out.write(row)
            if len(refused) < _MAX_REPORTED:
                refused.append(row)

        async def work(register: Register) -> Report:
            into = await find_store_or_only(register, store)
            with _advising():
                rows = await _rows(stream, kind, headings)
                return await _import(register, settings, into, rows, dry_run, on_progress, reject)

        report = run(settings, work)
    if headings.left_out:
        warn(f"left out: {quoted([*headings.left_out])}")
    _print(report, refused, "would be: " if dry_run else "")
    if report.rejected:
        fail(f"the rejected rows are in {rejects_file}: fix them there and import that file")


async def _import(
    register: Register,
    settings: Settings,
    into: Store,
    rows: Iterator[Row],
    dry_run: bool,
    on_progress: Callable[[int], None],
    on_reject: Callable[[Reject], None],
) -> Report:
    now = datetime.now(UTC)
    if not dry_run:
        return await import_customers(
            register.customers, into, rows, now, on_progress=on_progress, on_reject=on_reject
        )
    async with open_scratch(settings, into) as scratch:
        return await rehearse(
            *(register.driver, scratch.customers, into, rows, now),
            on_progress=on_progress,
            on_reject=on_reject,
        )


def _print(report: Report, refused: list[Reject], prefix: str) -> None:
    for row in refused:
        print(f"line {row.line}: {row.reason}", file=sys.stderr)
    if report.rejected > len(refused):
        print(f"and {report.rejected - len(refused)} more", file=sys.stderr)
    print(f"{prefix}{report.created} created, {report.updated} updated, {report.rejected} rejected")


@contextmanager
def _advising() -> Iterator[None]:
    """End the command for faulty headings, with the options that would help."""
    try:
        yield
    except BadHeadings as fault:
        fail(str(fault), *_advice(fault), code=USAGE)


def _advice(fault: BadHeadings) -> Iterator[str]:
    for heading in fault.unknown[:SHOWN]:
        near = nearest(heading) or ""
        does = f"reads it as {near}" if near else "leaves it out"
        yield f"--map {quote(f'{heading}={near}')} {does}"
    for heading in fault.repeated[:SHOWN]:
        yield f"--map {quote(f'{heading}=')} leaves it out"
    if fault.unknown:
        yield "--ignore-unknown leaves out every unknown column"
        yield f"the columns are {', '.join(COLUMNS)}"


def _rejects_beside(file: Path, kind: Format) -> Path:
    """Return the default file of rejects, beside the imported file or in the working folder."""
    if str(file) == "-":
        return Path(f"rejects.{kind}")
    return file.with_name(f"{file.stem}.rejects{file.suffix}")


async def _rows(stream: BinaryIO, kind: Format, headings: Headings) -> Iterator[Row]:
    if kind == "xlsx":
        return await workbook_rows(stream.read(), headings)
    return read_rows(stream, kind, headings)


@contextmanager
def _reading(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    with stream:
        yield stream


def _is_same(stream: BinaryIO, file: Path) -> bool:
    """Return whether a stream reads this file, perhaps by another path."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except OSError:  # the file does not exist, or the stream is not a file
        return False
