"""`sijill imports`: the files that apps have uploaded, and the fate of their rows."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sijill.app import Register
from sijill.cli.arguments import Json, with_settings
from sijill.cli.output import USAGE, fail, show
from sijill.cli.register import StoreOption, find_store_or_only, on_register
from sijill.imports.model import Import, RejectedRow, StillRunning, TooLate, Undone
from sijill.imports.rows import Reject, format_of
from sijill.imports.writing import Rejects

import_commands = typer.Typer(help="Files of customers that apps uploaded.", no_args_is_help=True)

ImportId = Annotated[int, typer.Argument(help="Id of an import: see imports list.", min=1)]


@import_commands.command("list")
@with_settings()
def imports_list(*, store: StoreOption = "", as_json: Json = False, **flags: Any) -> None:
    """List the uploaded files of a store, newest first."""

    async def work(register: Register) -> list[Import]:
        return await register.imports.all((await find_store_or_only(register, store)).id)

    show([_row(job) for job in on_register(flags, work)], as_json=as_json)


@import_commands.command("show")
@with_settings()
def imports_show(
    import_id: ImportId,
    *,
    rejects: Annotated[
        Path | None, typer.Option(help="File for its refused rows: .xlsx, .csv or .jsonl.")
    ] = None,
    store: StoreOption = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Show how far an uploaded file is; its refused rows stay for 24 hours."""

    async def work(register: Register) -> tuple[Import, list[RejectedRow]]:
        store_id = (await find_store_or_only(register, store)).id
        job = await register.imports.find(store_id, import_id)
        return job, await register.imports.rejects(store_id, import_id) if rejects else []

    job, rows = on_register(flags, work)
    show([_row(job)], as_json=as_json)
    if rejects is not None:
        _write(rejects, job, rows)


@import_commands.command("undo")
@with_settings()
def imports_undo(import_id: ImportId, *, store: StoreOption = "", **flags: Any) -> None:
    """Delete the customers that a file made and nobody changed since, within 24 hours."""

    async def work(register: Register) -> Undone:
        store_id = (await find_store_or_only(register, store)).id
        return await register.imports.undo(store_id, import_id, datetime.now(UTC))

    try:
        undone = on_register(flags, work)
    except StillRunning:
        fail("it is not finished: try again when imports show says so")
    except TooLate:
        fail("it ended more than 24 hours ago: which customers it made is no longer known")
    print(f"{undone.removed} removed, {undone.kept} were changed or deleted since and stay as is")


def _write(file: Path, job: Import, rows: list[RejectedRow]) -> None:
    try:
        with Rejects(file, format_of(file), job.language) as out:
            for row in rows:
                out.write(Reject(*row))
    except ValueError as fault:
        fail(f"rejects: {fault}", code=USAGE)
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    print(f"{len(rows)} of {job.rejected} refused rows written", file=sys.stderr)


def _row(job: Import) -> dict[str, Any]:
    return {
        "id": job.id,
        "file": job.name,
        "state": job.state,
        "rows": job.rows,
        "done": job.done,
        "created": job.created,
        "updated": job.updated,
        "rejected": job.rejected,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }
