"""`sijill imports`: the files that apps have uploaded, and the fate of their rows."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sijill.cli.arguments import FILE, ID, argument, option
from sijill.cli.output import USAGE, columns, fail
from sijill.cli.register import STORE_OR_ONLY, Register, find_store_or_only, naming, on_register
from sijill.cli.showing import RECORD, sentence, table
from sijill.imports.model import Import, StillRunning, TooLate
from sijill.imports.rows import Reject, format_of
from sijill.settings import Settings
from sijill.temporary import temporary_files

_COLUMNS = (
    *("id", "file=name", "state", "rows", "done", "created", "updated", "rejected"),
    *("created_at", "finished_at"),
)
_ID = argument("import_id", "Id of an import: see imports list.", parse=ID)


@on_register(
    STORE_OR_ONLY, shown=table("id", "file", "state", "rows", "done", "rejected", "created_at")
)
async def list_command(register: Register, store: str) -> list[dict[str, Any]]:
    store_id = (await find_store_or_only(register, store)).id
    found = await register.imports.all(store_id)
    if found:
        await register.note("import.view", store_id, [job.id for job in found], ["name"])
    return columns(found, *_COLUMNS)


@on_register(
    _ID,
    option("--rejects", "File for its refused rows: .xlsx, .csv or .jsonl.", parse=FILE),
    STORE_OR_ONLY,
    settings=("data_dir",),
    shown=RECORD,
)
async def show_command(
    register: Register, import_id: int, rejects: Path | None, store: str, settings: Settings
) -> list[dict[str, Any]]:
    store_id = (await find_store_or_only(register, store)).id
    with naming("import", id=import_id):
        job = await register.imports.find(store_id, import_id)
    shows = ["name"] if rejects is None else ["name", "rejects"]
    await register.note("import.view", store_id, [import_id], shows)
    if rejects is not None:
        refused = await register.imports.rejects(store_id, import_id)
        with temporary_files(settings.data_dir, "rejects"):
            _write(rejects, job, refused)
    return columns([job], *_COLUMNS)


@on_register(
    _ID,
    STORE_OR_ONLY,
    shown=sentence("{removed} removed, {kept} were changed or deleted since and stay as is"),
)
async def undo_command(register: Register, import_id: int, store: str) -> dict[str, int]:
    store_id = (await find_store_or_only(register, store)).id
    try:
        with naming("import", id=import_id):
            undone = await register.imports.undo(store_id, import_id, datetime.now(UTC))
    except StillRunning:
        fail("it is not finished: try again when imports show says so")
    except TooLate:
        fail("it ended more than 24 hours ago: which customers it made is no longer known")
    return {"id": import_id, "removed": undone.removed, "kept": undone.kept}


def _write(file: Path, job: Import, rows: list[Reject]) -> None:
    from sijill.imports.writing import Rejects  # help writes nothing

    try:
        with Rejects(file, format_of(file), job.language) as out:
            for row in rows:
                out.write(row)
    except ValueError as fault:
        fail(f"rejects: {fault}", code=USAGE)
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    print(f"{len(rows)} of {job.rejected} refused rows written", file=sys.stderr)
