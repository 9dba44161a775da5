"""`sijill settings`, `sijill migrate`, `sijill doctor` and `sijill version`."""

import asyncio
import os
from datetime import UTC, datetime
from typing import Any

import click

from sijill import __version__
from sijill.cli.arguments import JSON, command, option, settings_of
from sijill.cli.output import FAILED, USAGE, columns, fail, say, show_json
from sijill.cli.register import on_register
from sijill.cli.tables import print_table
from sijill.register import Register
from sijill.settings import SETTINGS, SettingsFaulty, load, shown


@command(JSON, settings=SETTINGS)
def settings_command(flags: dict[str, Any], as_json: bool) -> None:
    try:
        origins = load(flags)[1]
    except SettingsFaulty as faulty:
        fail(*faulty.faults, code=USAGE)
    rows = [
        {"setting": name, "value": shown(name, origin.text), "from": origin.source}
        for name, origin in origins.items()
    ]
    if as_json:
        show_json(rows)
    else:
        print_table(rows)


@on_register(
    option("--check", "Only list the migrations that are due.", is_flag=True), migrated=False
)
async def migrate_command(register: Register, check: bool) -> None:
    schema = register.schema
    names = await (schema.pending() if check else schema.migrate(datetime.now(UTC)))
    for name in names or ["the schema is up to date"]:
        say(name)
    if check and names:
        raise click.exceptions.Exit(FAILED)


@command(JSON, settings=SETTINGS)
def doctor_command(flags: dict[str, Any], as_json: bool) -> None:
    from sijill.doctor import examine  # it examines the whole application, and imports it

    findings = asyncio.run(examine(settings_of(flags), dict(os.environ)))
    rows = columns(findings, "check", "status", "finding=sentence")
    if as_json:
        show_json(rows)
    else:
        print_table(rows)
    if any(finding.status == "fail" for finding in findings):
        raise click.exceptions.Exit(FAILED)


@command()
def version_command() -> None:
    say(f"sijill {__version__}")
