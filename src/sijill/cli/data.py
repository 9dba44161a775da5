"""`sijill import`, `sijill export` and `sijill seed`, with a progress bar on a terminal."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

import typer

from sijill.cli.common import (
    USAGE,
    WHERE,
    fail,
    find_store,
    opened,
    with_settings,
)
from sijill.customers.fields import COLUMNS
from sijill.imports.exporting import export_customers
from sijill.imports.importing import Report, import_customers, rehearsal
from sijill.imports.reading import read_rows
from sijill.imports.rows import FORMATS, Format, Reject, Row, format_of
from sijill.imports.seed import Seeded, seed_customers
from sijill.imports.workbooks import workbook_rows
from sijill.imports.writing import Rejects, writer
from sijill.stores.model import Store

_REPORTED = 20
"""Refused rows named on the terminal at most; the file of rejects has every one."""

StoreOption = Annotated[
    str, typer.Option(help="Id or name of a store; may be left out if it is the only one.")
]
FormatOption = Annotated[
    str, typer.Option("--format", help="jsonl, csv or xlsx; else by the name.")
]


@with_settings(WHERE)
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
        bool, typer.Option("--dry-run", help="Only say what would come of it; no customer changes.")
    ] = False,
    **flags: Any,
) -> None:
    """Import customers. Good rows go in; bad ones are named and written to a file of rejects."""
    kind = _format(file, form)
    beside = rejects or _beside(file, kind)
    refused: list[Reject] = []

    async def work(stack: ExitStack) -> Report:
        stream = stack.enter_context(_reading(file))
        if _is_same(stream, beside):
            fail("rejects: the imported file itself cannot take its rejects", code=USAGE)
        out = stack.enter_context(Rejects(beside, kind))
        tell = stack.enter_context(progress("importing"))

        def reject(row: Reject) -> None:
            out.write(row)
            if len(refused) < _REPORTED:
                refused.append(row)

        async with opened(flags) as register:
            store_id = (await find_store_or_only(register, store)).id
            rows = await _rows(stream, kind)
            now = datetime.now(UTC)
            if dry_run:
                report, again = await register.imports.rehearse(
                    rehearsal(store_id, list(rows), now)
                )
                for row in again:
                    reject(row)
                return report
            return await import_customers(
                register.customers, store_id, rows, now, on_progress=tell, on_reject=reject
            )

    with ExitStack() as stack:
        report = asyncio.run(work(stack))
    _tell(report, refused, "would be: " if dry_run else "")
    if report.rejected:
        fail(f"the rejected rows are in {beside}: mend them there and import that file")


def _tell(report: Report, refused: list[Reject], prefix: str) -> None:
    for row in refused:
        print(f"line {row.line}: {row.reason}", file=sys.stderr)
    if report.rejected > len(refused):
        print(f"and {report.rejected - len(refused)} more", file=sys.stderr)
    print(f"{prefix}{report.created} created, {report.updated} updated, {report.rejected} rejected")


@with_settings(WHERE)
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

    async def work(stack: ExitStack) -> int:
        async with opened(flags) as register:
            store_id = (await find_store_or_only(register, store)).id
            stream = stack.enter_context(_writing(file))
            tell = stack.enter_context(progress("exporting"))
            return await export_customers(
                register.customers, store_id, writer(stream, kind, tuple(COLUMNS)), on_progress=tell
            )

    with ExitStack() as stack:
        done = asyncio.run(work(stack))
    print(f"{done} exported", file=sys.stderr)


@with_settings(WHERE)
def seed(
    *,
    count: Annotated[int, typer.Option(min=0, help="How many customers.")],
    store: StoreOption = "",
    number: Annotated[int, typer.Option("--seed", min=0, help="Which population.")] = 1,
    **flags: Any,
) -> None:
    """Add made-up Saudi customers: the same ones for the same seed. No webhook is told."""

    async def work(tell: Callable[[int], None]) -> Seeded:
        async with opened(flags, quiet=True) as register:
            store_id = (await find_store_or_only(register, store)).id
            return await seed_customers(
                register.customers, store_id, count, number, datetime.now(UTC), on_progress=tell
            )

    with progress("seeding", count) as tell:
        seeded = asyncio.run(work(tell))
    print(f"{seeded.created} created, {seeded.present} were there")


async def find_store_or_only(register: Any, wanted: str) -> Store:
    """Return the named store, or the only one there is; else end the command."""
    if wanted:
        return await find_store(register, wanted)
    stores = await register.stores.all()
    if len(stores) != 1:
        fail(f"there are {len(stores)} stores: name one with --store", code=USAGE)
    return cast(Store, stores[0])


@contextmanager
def progress(verb: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yield what is told how many are done; a bar on standard error if that is a terminal."""
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


def _beside(file: Path, kind: Format) -> Path:
    """Return where rejects go if no file was named: beside the file, or in the working folder."""
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
    """A file appears under its name only once it is whole, for its owner alone."""
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
    """Return whether a stream reads the file of this name, by whatever way it came."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except OSError:  # there is no such file yet, or the stream is none
        return False
