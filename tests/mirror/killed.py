"""
A mirror whose process is killed: `python -m mirror.killed FOLDER 300` works until it is live.

It tells each page before it is written, and what is held after each step; its parent ends it by
SIGKILL at any line. Upstream is made again from the same seed each time; the mirror's rows lie in
a file. Pages are small, so that there are many of them.
"""

import asyncio
import sys
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from typing import NamedTuple

from fixtures.registers import STORE
from mirror.sandboxed import Pair, paired

from sijill.mirror import reading, slices

PAGE = 6
FOLDER = Path(__file__).parents[1]


class Killings(NamedTuple):
    """The result of some rounds."""

    kills: int
    """Processes that were killed; fewer than the rounds if there was nothing left to copy."""
    asked: list[str]
    """Every page that was asked for, in order."""
    lost: int
    """How often a process held fewer customers than the one before had said."""
    equal: bool
    """Whether the mirror was upstream at the end."""

    @property
    def again(self) -> int:
        """How many pages were asked for more than once."""
        return len(self.asked) - len(set(self.asked))


def tell(line: str) -> None:
    """Tell the parent at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def work(folder: str, customers: int) -> None:
    """Work as a mirror of so many customers does, and tell of it."""
    slices.PER_PAGE = reading.PER_PAGE = PAGE
    async with paired(customers, f"sqlite://{folder}/mirror.db", link=False) as pair:
        if await pair.register.mirror.find(STORE.id) is None:
            await pair.register.mirror.link(STORE.id, "https://up.test", "here", pair.clock.now())
        await _go_on(pair)
        pair.asking.on_answer = lambda: tell(f"page {pair.asking.sent[-1][2]}")
        while not await pair.is_live():
            tell(f"held {len(await pair.held())}")
            await pair.run(1.4)
        await pair.assert_equal()
        tell("equal")


async def _go_on(pair: Pair) -> None:
    """Let time go on from where the process before has been."""
    rows = await pair.register.driver.all("mirror_window", "here")
    pair.clock.move_to(max((newest for *_, newest in rows), default=0) / 1e6 + 1)


def kill(folder: Path, rounds: int, seed: int, customers: int = 300) -> Killings:
    """Kill a mirror so often, or until it has copied all; then let it end by itself."""
    random, asked, held, lost, equal = Random(seed), list[str](), 0, 0, False
    kills = 0
    for number in range(rounds + 1):
        left = random.randint(2, 5) if number < rounds else 10**6
        command = [sys.executable, "-m", "mirror.killed", str(folder), str(customers)]
        with Popen(command, stdout=PIPE, cwd=FOLDER, text=True) as process:
            assert process.stdout is not None
            first = True
            for line in process.stdout:
                word, _, rest = line.strip().partition(" ")
                if word == "page" and f"per_page={PAGE}" in rest and "fields" in rest:
                    asked.append(rest)
                if word == "held":
                    lost += first and int(rest) < held
                    held, first = int(rest), False
                equal = word == "equal"
                left -= 1
                if not left:
                    process.kill()
                    kills += 1
                    break
        if equal:
            break
    return Killings(kills, asked, lost, equal)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
