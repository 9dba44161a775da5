"""`sijill import`, `sijill export` and `sijill seed`, with a progress bar on a terminal."""

import fcntl
import glob
import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from sijill.cli.arguments import FILE, argument, command, option, settings_of
from sijill.cli.output import USAGE, fail
from sijill.cli.register import REGISTER, STORE_OR_ONLY, find_store_or_only, on_register, run
from sijill.customers.fields import COLUMNS
from sijill.imports.child import workbook_rows
from sijill.imports.importing import Report, import_customers
from sijill.imports.reading import read_rows
from sijill.imports.rehearsal import rehearse
from sijill.imports.rows import FORMATS, Format, Reject, Row, format_of
from sijill.imports.seed import seed_customers
from sijill.imports.writing import Rejects, export_customers, writer
from sijill.opening import open_scratch
from sijill.register import Register
from sijill.settings.parsers import one_of, whole
from sijill.temporary import is_left, temporary_files

_MAX_REPORTED = 20
"""Refused rows that the command prints, at most; the file of rejects has all of them."""

_FORMAT = option(
    "--format",
    "Format of the file; without it, the end of the file's name decides.",
    "form",
    default="",
    parse=one_of(*dict.fromkeys(FORMATS.values())),
)


@command(
    argument("file", "A .jsonl, .csv or .xlsx file, or - for standard input.", parse=FILE),
    STORE_OR_ONLY,
    _FORMAT,
    option("--rejects", "File for the rows that are refused.", parse=FILE),
    option("--dry-run", "Only report the result; no customer changes.", is_flag=True),
    settings=REGISTER,
)
def import_command(
    flags: dict[str, Any],
    file: Path,
    store: str,
    form: Format | None,
    rejects: Path | None,
    dry_run: bool,
) -> None:
    kind, settings = _format(file, form), settings_of(flags)
    rejects_file = rejects or _rejects_beside(file, kind)
    refused: list[Reject] = []

    with ExitStack() as stack:
        stream = stack.enter_context(_reading(file))
        if _is_same(stream, rejects_file):
            fail("rejects: choose another file than the imported one", code=USAGE)
        out = stack.enter_context(Rejects(rejects_file, kind))
        on_progress = stack.enter_context(progress("importing"))

        def reject(row: Reject) -> None:
            out.write(row)
            if len(refused) < _MAX_REPORTED:
                refused.append(row)

        async def work(register: Register) -> Report:
            into = await find_store_or_only(register, store)
            rows, now = await _rows(stream, kind), datetime.now(UTC)
            if dry_run:
                async with open_scratch(settings, into) as scratch:
                    return await rehearse(
                        *(register.driver, scratch.customers, into, rows, now),
                        on_progress=on_progress,
                        on_reject=reject,
                    )
            return await import_customers(
                register.customers, into, rows, now, on_progress=on_progress, on_reject=reject
            )

        report = run(settings, work)
    _print(report, refused, "would be: " if dry_run else "")
    if report.rejected:
        fail(f"the rejected rows are in {rejects_file}: mend them there and import that file")


def _print(report: Report, refused: list[Reject], prefix: str) -> None:
    for row in refused:
        print(f"line {row.line}: {row.reason}", file=sys.stderr)
    if report.rejected > len(refused):
        print(f"and {report.rejected - len(refused)} more", file=sys.stderr)
    print(f"{prefix}{report.created} created, {report.updated} updated, {report.rejected} rejected")


@command(
    argument("file", "A .jsonl, .csv or .xlsx file, or - for standard output.", parse=FILE),
    STORE_OR_ONLY,
    _FORMAT,
    settings=REGISTER,
)
def export_command(flags: dict[str, Any], file: Path, store: str, form: Format | None) -> None:
    kind, settings = _format(file, form), settings_of(flags)

    async def work(register: Register) -> int:
        store_id = (await find_store_or_only(register, store)).id
        with _writing(file) as stream, progress("exporting") as on_progress:
            out = writer(stream, kind, tuple(COLUMNS))
            return await export_customers(register.customers, store_id, out, on_progress)

    with temporary_files(settings.data_dir, "export"):
        print(f"{run(settings, work)} exported", file=sys.stderr)


@on_register(
    option("--count", "How many customers.", required=True, parse=whole(0, 10**9)),
    STORE_OR_ONLY,
    option("--seed", "Number of the population.", "number", default=1, parse=whole(0, 10**9)),
    quiet=True,
)
async def seed_command(register: Register, count: int, store: str, number: int) -> None:
    store_id = (await find_store_or_only(register, store)).id
    with progress("seeding", count) as on_progress:
        seeded = await seed_customers(
            register.customers, store_id, count, number, datetime.now(UTC), on_progress
        )
    print(f"{seeded.created} created, {seeded.present} were there")


@contextmanager
def progress(verb: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yield a function of the number done, which moves a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    # Without a total, the bar only shows movement.
    steps = itertools.repeat(None) if total is None else None
    with click.progressbar(steps, total, verb, show_pos=True, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _format(file: Path, form: Format | None) -> Format:
    if form:
        return form
    if str(file) == "-":
        fail("say which --format standard input and output have: jsonl, csv or xlsx", code=USAGE)
    try:
        return format_of(file)
    except ValueError as fault:
        fail(str(fault), code=USAGE)


def _rejects_beside(file: Path, kind: Format) -> Path:
    """Return the default file of rejects, beside the imported file or in the working folder."""
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
    """Yield a stream. The complete file replaces one of its name; only the owner may read it."""
    if str(file) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        for left in file.parent.glob(f".{glob.escape(file.name)}.*.part"):
            if is_left(left):  # by an export that was killed
                left.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
        fcntl.flock(handle, fcntl.LOCK_EX)
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
    """Return whether a stream reads this file, perhaps by another path."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except OSError:  # the file does not exist, or the stream is not a file
        return False
