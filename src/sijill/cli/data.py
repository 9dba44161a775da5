"""`sijill export` and `sijill seed`, with a progress bar on a terminal."""

import fcntl
import glob
import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from sijill.cli.arguments import FILE, argument, command, option, settings_of
from sijill.cli.output import USAGE, fail
from sijill.cli.register import REGISTER, STORE_OR_ONLY, find_store_or_only, on_register, run
from sijill.customers.fields import COLUMNS
from sijill.imports.rows import FORMATS, Format, format_of
from sijill.imports.seed import seed_customers
from sijill.imports.writing import export_customers, writer
from sijill.register import Register
from sijill.settings.parsers import one_of, whole
from sijill.temporary import is_left, temporary_files

FORMAT = option(
    "--format",
    "Format of the file; without it, the end of the file's name decides.",
    "form",
    default="",
    parse=one_of(*dict.fromkeys(FORMATS.values())),
)


@command(
    argument("file", "A .jsonl, .csv or .xlsx file, or - for standard output.", parse=FILE),
    STORE_OR_ONLY,
    FORMAT,
    settings=REGISTER,
)
def export_command(flags: dict[str, Any], file: Path, store: str, form: Format | None) -> None:
    kind, settings = format_or_end(file, form), settings_of(flags)

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


def format_or_end(file: Path, form: Format | None) -> Format:
    """Return the format that is said, or that a file's name says; or end the command."""
    if form:
        return form
    if str(file) == "-":
        fail("say which --format standard input and output have: jsonl, csv or xlsx", code=USAGE)
    try:
        return format_of(file)
    except ValueError as fault:
        fail(str(fault), code=USAGE)


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
