"""
Processes that are killed at named points, as often as one likes.

A process that has loaded everything and runs no thread forks a child for each step: one that makes
a register, one that works on a copy of it and is killed, and one that looks at what is left.
"""

import asyncio
import json
import os
import random
import signal
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fixtures.templates import _image

from crash.bugs import BUGS
from crash.places import MakePlace, Place
from crash.points import POINTS, install, points_of
from crash.stories import STORIES
from crash.telling import Told


def rounds(
    folder: Path,
    count: int,
    seed: int,
    *,
    bug: str = "",
    tell: Callable[[str], None] = print,
    make_place: MakePlace = Place,
) -> list[str]:
    """
    Run so many rounds, over the points in turn, and return what was wrong, as sentences.

    With a bug, all of them at its point, until something is wrong.
    """
    wrong: list[str] = []
    asyncio.run(_image())  # made once, and its threads are gone again
    names = [BUGS[bug].point] if bug else [*points_of(make_place(folder).kind)]
    killed: Counter[str] = Counter()
    for number in range(count):
        name = names[number % len(names)]
        chance = random.Random(f"{seed} {number}")
        place = _made(make_place, folder, POINTS[name].story).copied(str(number))
        nth = chance.randint(1, POINTS[name].most)
        told, died = _work(place, name, nth, chance, bug)
        killed[name] += died
        place.settle()
        found = _check(place, POINTS[name].story, told)
        wrong += [f"round {number}, seed {seed}, {name} ({nth}): {one}" for one in found]
        place.remove()
        if bug and wrong:
            break
        if number % 200 == 199:
            tell(f"{number + 1} rounds, {killed.total()} kills, {len(wrong)} fault(s)")
    if not bug and count >= 10 * len(names):
        wrong += [f"{name} was never met" for name in names if not killed[name]]
    return wrong


def _made(make_place: MakePlace, folder: Path, story: str) -> Place:
    made = make_place(folder / f"made-{story}")
    if not made.folder.exists():
        made.make()
        in_child(lambda _: STORIES[story].make(made), must_end=True)
    return made


def _work(place: Place, name: str, nth: int, chance: random.Random, bug: str) -> tuple[Told, bool]:
    point = POINTS[name]

    def work(tell: Callable[..., None]) -> None:
        if bug:
            BUGS[bug].plant()
        install(point, nth)
        STORIES[point.story].work(place, tell, chance)

    # A process with a bug may stumble over it: what it leaves is looked at all the same.
    return in_child(work, may_fail=bool(bug))


def _check(place: Place, story: str, told: Told) -> list[str]:
    def check(tell: Callable[..., None]) -> None:
        for fault in STORIES[story].check(place, told):
            tell(fault)

    try:
        found, _ = in_child(check, must_end=True)
    except RuntimeError as fault:
        return [str(fault)]
    return [words[0] for words in found]


def in_child(
    work: Callable[..., None], *, must_end: bool = False, may_fail: bool = False
) -> tuple[Told, bool]:
    """Run work in a child; return what it told, and whether it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 1
        try:
            work(lambda *words: os.write(writing, json.dumps(words).encode() + b"\n"))
            code = 0
        except BaseException:
            os.write(writing, json.dumps(["failed", traceback.format_exc()]).encode() + b"\n")
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines: list[Any] = [json.loads(line) for line in pipe]
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    killed = status == -signal.SIGKILL
    if may_fail and not killed:
        return [words for words in lines if words[0] != "failed"], False
    if status and (must_end or not killed):
        raise RuntimeError(lines[-1][1] if lines else f"ended with {status}")
    return lines, killed
