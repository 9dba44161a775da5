"""The writer of how many requests apps sent: what a kill leaves of the numbers."""

import random

from fixtures.events import APP, OTHER_APP, ready
from fixtures.registers import NOW, STORE

from crash.places import Place
from crash.registers import on_register
from crash.telling import Tell, Told
from sijill.limits.tally import Tally
from sijill.limits.usage import UsageWriter
from sijill.register import Register

TURNS = 15
EACH = 3
"""Requests of each app between two writes."""


def make_usage(place: Place) -> None:
    """Make two apps of a store."""
    on_register(place, ready)


def work_usage(place: Place, tell: Tell, chance: random.Random) -> None:
    """Count as many requests of either app, write them, and tell how many were written."""

    async def work(register: Register) -> None:
        tally = Tally()
        writer = UsageWriter(register.usage, tally)
        for turn in range(1, TURNS + 1):
            for app in (APP, OTHER_APP) * EACH:
                tally.count(STORE.id, app.id, NOW.timestamp(), customers=True, passed=True)
            await writer.turn()
            tell("written", turn * EACH)

    on_register(place, work)


def check_usage(place: Place, told: Told) -> list[str]:
    """Find numbers that were written and are gone, half of a write, and one that is twice there."""
    written = int(told[-1][1]) if told else 0
    found = dict(place.rows("SELECT app_id, sum(passed) FROM limit_usage GROUP BY app_id"))
    first, second = (found.get(app.id, 0) for app in (APP, OTHER_APP))
    wrong = [] if first == second else [f"half a write: {first} and {second} requests"]
    if first not in (written, written + EACH):
        wrong.append(f"{first} requests, of which {written} were told")
    return wrong + place.faults()
