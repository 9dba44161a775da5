"""`sijill settings`, `sijill migrate`, `sijill doctor` and `sijill version`."""

import os
from datetime import UTC, datetime
from typing import Any

from sijill import __version__
from sijill.cli.arguments import DEMO, command, option, settings_of
from sijill.cli.output import USAGE, columns, fail, say
from sijill.cli.register import REGISTER, Register, run
from sijill.cli.showing import Shown, sentence, table
from sijill.settings import SETTINGS, SettingsFaulty, load, shown


@command(settings=SETTINGS, shown=table())
def settings_command(flags: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        settings, origins = load(flags)
    except SettingsFaulty as faulty:
        fail(*faulty.faults, code=USAGE)
    return [
        {
            "setting": name,
            "value": _value(getattr(settings, name), shown(name, origin.text)),
            "from": origin.source,
        }
        for name, origin in origins.items()
    ]


def _value(value: Any, text: str) -> bool | float | str:
    """Return numbers and switches as they are, and any other setting as it is written."""
    return value if isinstance(value, bool | int | float) else text


def _list(result: dict[str, list[str]]) -> None:
    for name in result["migrations"] or ["the schema is up to date"]:
        say(name)


@command(
    option("--check", "Only list the migrations that are due.", is_flag=True),
    settings=REGISTER,
    shown=Shown(_list, is_bad=lambda result: bool(result["due"])),
)
def migrate_command(flags: dict[str, Any], check: bool) -> dict[str, Any]:
    async def work(register: Register) -> list[str]:
        schema = register.schema
        return await (schema.pending() if check else schema.migrate(datetime.now(UTC)))

    names = run(settings_of(flags), work, migrated=False, create=not check)
    return {"migrations": names, "due": check and bool(names)}


@command(
    settings=(*SETTINGS, DEMO),
    shown=table()._replace(is_bad=lambda rows: any(row["status"] == "fail" for row in rows)),
)
def doctor_command(flags: dict[str, Any]) -> list[dict[str, Any]]:
    import asyncio

    from sijill.doctor import examine  # it examines the whole application, and imports it

    findings = asyncio.run(examine(settings_of(flags), dict(os.environ)))
    return columns(findings, "check", "status", "finding=sentence")


@command(shown=sentence("sijill {version}"))
def version_command() -> dict[str, str]:
    return {"version": __version__}
