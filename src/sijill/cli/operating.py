"""`sijill settings`, `sijill migrate`, `sijill doctor` and `sijill version`."""

import asyncio
import os
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from sijill import __version__
from sijill.app import Register
from sijill.cli.arguments import Json, settings_of, with_settings
from sijill.cli.output import FAILED, USAGE, fail, show
from sijill.cli.register import on_register
from sijill.doctor import examine
from sijill.settings import SETTINGS, SettingsFaulty, load, shown


@with_settings(SETTINGS)
def settings(*, as_json: Json = False, **flags: Any) -> None:
    """Print every setting, its value and where it came from; secrets are masked."""
    try:
        origins = load(flags)[1]
    except SettingsFaulty as faulty:
        fail(*faulty.faults, code=USAGE)
    rows = [
        {"setting": name, "value": shown(name, origin.text), "from": origin.source}
        for name, origin in origins.items()
    ]
    show(rows, as_json=as_json)


@with_settings()
def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only list the migrations that are due.")
    ] = False,
    **flags: Any,
) -> None:
    """Bring the schema up to date (serving does it too); a SQLite file is copied first."""

    async def work(register: Register) -> list[str]:
        schema = register.schema
        return await (schema.pending() if check else schema.migrate(datetime.now(UTC)))

    names = on_register(flags, work, migrated=False)
    for name in names:
        print(name)
    if check and names:
        raise typer.Exit(FAILED)
    if not names:
        print("the schema is up to date")


@with_settings(SETTINGS)
def doctor(*, as_json: Json = False, **flags: Any) -> None:
    """Examine everything that serving needs, and say how to mend each fault."""
    findings = asyncio.run(examine(settings_of(flags), dict(os.environ)))
    rows = [{"check": f.check, "status": f.status, "finding": f.sentence} for f in findings]
    show(rows, as_json=as_json)
    if any(finding.status == "fail" for finding in findings):
        raise typer.Exit(FAILED)


def version() -> None:
    """Print the version."""
    print(f"sijill {__version__}")
