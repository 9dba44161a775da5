"""`sijill clock`: the clock of a namespace of the sandbox that runs."""

from datetime import datetime
from typing import Any

import click

from sijill.cli.arguments import argument, duration, moment
from sijill.cli.control_client import Ask, Shown, on_sandbox


def _time(clock: dict[str, Any]) -> Shown:
    now, due = map(_seconds, (clock["now"], clock["next_due"]))
    return [{"now": now, "mode": clock["mode"], "next_due": due}]


def _move(moved: dict[str, Any]) -> Shown:
    begin, end, due = map(_seconds, (moved["from"], moved["to"], moved["next_due"]))
    return [{"from": begin, "to": end, "deliveries": len(moved["did"]), "next_due": due}]


def _seconds(moment: str | None) -> str | None:
    return moment and moment[:19].replace("T", " ")


@on_sandbox(shown=_time)
def show_command(ask: Ask) -> Any:
    return ask("GET", "clock")


clock_command = show_command


@on_sandbox(
    argument("duration", "How far to move, such as 600, 0.5, 10m or 14d.", parse=duration),
    shown=_move,
)
def advance_command(ask: Ask, duration: float) -> Any:
    return ask("POST", "clock/advance", {"seconds": duration})


@on_sandbox(
    argument("moment", "A later time in ISO 8601; without an offset it is UTC.", parse=moment),
    shown=_move,
)
def set_command(ask: Ask, moment: datetime) -> Any:
    return ask("POST", "clock/set", {"at": moment})


def _turning(path: str) -> click.Command:
    @on_sandbox(shown=_time)
    def call(ask: Ask) -> Any:
        return ask("POST", path)

    return call


freeze_command = _turning("clock/freeze")
resume_command = _turning("clock/resume")
