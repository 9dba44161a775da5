"""`sijill export` and `sijill seed`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sijill.cli.arguments import settings_of
from sijill.cli.files import (
    format_or_end,
    writing,
)
from sijill.cli.interrupts import interruptible
from sijill.cli.output import USAGE, fail, show_json
from sijill.cli.progress import progress
from sijill.cli.register import Register, find_store_or_only, run
from sijill.customers.fields import COLUMNS
from sijill.customers.model import CustomerFilter
from sijill.imports.rows import Format
from sijill.imports.seed import Seeded, seed_customers
from sijill.imports.writing import export_customers, writer
from sijill.temporary import temporary_files


def export_file(
    flags: dict[str, Any],
    file: Path,
    store: str,
    form: Format | None,
    reason: str | None,
    ticket: str | None,
    as_json: bool,
) -> None:
    """Export a store to a file; see the command."""
    kind, settings = format_or_end(file, form), settings_of(flags)
    if as_json and str(file) == "-":
        fail("--json: standard output has the customers, so name a file", code=USAGE)

    async def work(register: Register) -> int:
        store_id = (await find_store_or_only(register, store)).id
        register.act_as(register.cause._replace(reason=reason or "", ticket=ticket or ""))
        await register.note("customer.export", store_id, whole=True)
        total = (await register.customers.page(store_id, CustomerFilter(), offset=0, limit=1)).total
        with writing(file) as stream, progress("exporting", total) as bar:
            out = writer(stream, kind, tuple(COLUMNS))
            return await export_customers(register.customers, store_id, out, bar)

    with (
        temporary_files(settings.data_dir, "export"),
        interruptible(lambda: f"{file} is as it was before"),
    ):
        exported = run(settings, work)
    if as_json:
        show_json({"exported": exported, "file": str(file)})
    else:
        print(f"{exported} exported", file=sys.stderr)


def seed_store(flags: dict[str, Any], count: int, store: str, number: int) -> dict[str, int]:
    """Add made-up customers to a store; see the command."""
    done = 0

    async def work(register: Register) -> Seeded:
        store_id = (await find_store_or_only(register, store)).id
        with progress("seeding", count) as bar:

            def note(seeded: int) -> None:
                nonlocal done
                done = seeded
                bar(done)
                interrupts.written()

            interrupts.hold()
            now = datetime.now(UTC)
            return await seed_customers(register.customers, store_id, count, number, now, note)

    left_off = "{} of {} customers are there; the same command goes on"
    with interruptible(lambda: left_off.format(done, count)) as interrupts:
        return run(settings_of(flags), work, quiet=True)._asdict()
