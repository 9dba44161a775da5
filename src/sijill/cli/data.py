"""`sijill import`, `sijill export` and `sijill seed`, with a progress bar on a terminal."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

import typer

from sijill.app import Register
from sijill.cli.arguments import with_settings
from sijill.cli.output import USAGE, fail
from sijill.cli.register import StoreOption, find_store_or_only, on_register
from sijill.customers.fields import COLUMNS
from sijill.imports.exporting import export_customers
from sijill.imports.importing import Report, import_customers, rehearsal
from sijill.imports.reading import read_rows
from sijill.imports.rows import FORMATS, Format, Reject, Row, format_of
from sijill.imports.seed import Seeded, seed_customers
from sijill.imports.workbooks import workbook_rows
from sijill.imports.writing import Rejects, writer

_MAX_REPORTED = 20
"""Refused rows on the terminal at most; the file of rejects has all of them."""

FormatOption = Annotated[
    str, typer.Option("--format", help="jsonl, csv or xlsx; else the file's name decides.")
]


@with_settings()
def import_command(
    file: Annotated[
        Path, typer.Argument(help="A .jsonl, .csv or .xlsx file, or - for standard input.")
    ],
    *,
    store: StoreOption = "",
    form: FormatOption = "",
    rejects: Annotated[
        Path | None, typer.Option(help="File for the rows that are refused.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report the result; no customer changes.")
    ] = False,
    **flags: Any,
) -> None:
    """Import customers. Good rows go in; bad rows are printed and written to a file of rejects."""
    kind = _format(file, form)
    rejects_file = rejects or _rejects_beside(file, kind)
    refused: list[Reject] = []

    with ExitStack() as stack:
        stream = stack.enter_context(_reading(file))
        if _is_same(stream, rejects_file):
            fail("rejects: the imported file itself cannot take its rejects", code=USAGE)
        out = stack.enter_context(Rejects(rejects_file, kind))
        on_progress = stack.enter_context(progress("importing"))

        def reject(row: Reject) -> None:
            out.write(row)
            if len(refused) < _MAX_REPORTED:
                refused.append(row)

        async def work(register: Register) -> Report:
            store_id = (await find_store_or_only(register, store)).id
            rows, now = await _rows(stream, kind), datetime.now(UTC)
            if dry_run:
                rehearse = rehearsal(store_id, list(rows), now)
                report, rejected = await register.imports.rehearse(rehearse)
                for row in rejected:
                    reject(row)
                return report
            return await import_customers(
                register.customers, store_id, rows, now, on_progress=on_progress, on_reject=reject
            )

        report = on_register(flags, work)
    _print(report, refused, "would be: " if dry_run else "")
    if report.rejected:
        fail(f"the rejected rows are in {rejects_file}: mend them there and import that file")


def _print(report: Report, refused: list[Reject], prefix: str) -> None:
    for row in refused:
        print(f"line {row.line}: {row.reason}", file=sys.stderr)
    if report.rejected > len(refused):
        print(f"and {report.rejected - len(refused)} more", file=sys.stderr)
    print(f"{prefix}{report.created} created, {report.updated} updated, {report.rejected} rejected")


@with_settings()
def export_command(
    file: Annotated[
        Path, typer.Argument(help="A .jsonl, .csv or .xlsx file, or - for standard output.")
    ],
    *,
    store: StoreOption = "",
    form: FormatOption = "",
    **flags: Any,
) -> None:
    """Export every customer of a store; importing the file again changes nothing."""
    kind = _format(file, form)

    async def work(register: Register) -> int:
        store_id = (await find_store_or_only(register, store)).id
        with _writing(file) as stream, progress("exporting") as on_progress:
            out = writer(stream, kind, tuple(COLUMNS))
            return await export_customers(register.customers, store_id, out, on_progress)

    print(f"{on_register(flags, work)} exported", file=sys.stderr)


@with_settings()
def seed(
    *,
    count: Annotated[int, typer.Option(min=0, help="How many customers.")],
    store: StoreOption = "",
    number: Annotated[int, typer.Option("--seed", min=0, help="Number of the population.")] = 1,
    **flags: Any,
) -> None:
    """Add made-up Saudi customers, the same for the same seed. No webhook learns of them."""

    with progress("seeding", count) as on_progress:

        async def work(register: Register) -> Seeded:
            store_id = (await find_store_or_only(register, store)).id
            now = datetime.now(UTC)
            return await seed_customers(
                register.customers, store_id, count, number, now, on_progress
            )

        seeded = on_register(flags, work, quiet=True)
    print(f"{seeded.created} created, {seeded.present} were there")


@contextmanager
def progress(verb: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes the number done; on a terminal it moves a progress bar."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=total)
        yield lambda done: bar.update(task, completed=done)


def _format(file: Path, form: str) -> Format:
    if form:
        if form not in FORMATS.values():
            fail("format: write jsonl, csv or xlsx", code=USAGE)
        return cast(Format, form)
    if str(file) == "-":
        fail("say which --format standard input and output have: jsonl, csv or xlsx", code=USAGE)
    try:
        return format_of(file)
    except ValueError as fault:
        fail(str(fault), code=USAGE)


def _rejects_beside(file: Path, kind: Format) -> Path:
    """Return the default file of rejects: beside the imported file, or in the working folder."""
    if str(file) == "-":
        return Path(f"rejects.{kind}")
    return file.with_name(f"{file.stem}.rejects{file.suffix}")


async def _rows(stream: BinaryIO, kind: Format) -> Iterator[Row]:
    return await workbook_rows(stream.read()) if kind == "xlsx" else read_rows(stream, kind)


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


@contextmanager
def _writing(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream; its file appears under its name once it is whole, for the owner alone."""
    if str(file) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        part.replace(file)
    except IsADirectoryError:
        part.unlink()
        fail(f"{file} is a folder", code=USAGE)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _is_same(stream: BinaryIO, file: Path) -> bool:
    """Return whether a stream reads the file of this name, even through another path."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except OSError:  # there is no such file yet, or the stream is not a file
        return False
