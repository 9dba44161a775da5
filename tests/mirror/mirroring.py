"""
The long proofs of the mirror, which `make mirror` runs; short ones are among the tests.

`MIRROR='customers 100000'` copies so many, `MIRROR='kills 200'` kills a process so often.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from mirror.killed import kill, tell
from mirror.sandboxed import paired

COPYING = 8_500
"""Virtual seconds that a backfill of 100,000 customers takes beside such changes."""

FOR_A_KILL = 30
"""Customers for each kill, five pages of them: so some are left for the last one."""


class Changes(NamedTuple):
    """What happens upstream while the first backfill runs."""

    deletes: int
    updates: int
    bans: int


class Copied(NamedTuple):
    """What a whole run took."""

    backfill_minutes: float
    sweep_minutes: float
    requests: int
    tombstones: int


async def copy(customers: int, changes: Changes, seconds: float) -> Copied:
    """
    Copy a store that changes, sweep once, and insist that the two are equal, field by field.

    A tenth of the webhooks is lost, one in twenty comes twice, all are shuffled. The changes come
    within so many virtual seconds. Raises: AssertionError.
    """
    async with paired(customers) as pair:
        pair.lost, pair.doubled, pair.shuffled = 0.1, 0.05, 120.0
        begun, random, ids = pair.now, pair.random, await pair.ids()
        random.shuffle(ids)
        gone, rest = ids[: changes.deletes], ids[changes.deletes :]
        updated = [random.choice(rest) for _ in range(changes.updates)]
        for act, chosen in (
            (pair.delete, gone),
            (pair.update, updated),
            (pair.ban, random.sample(rest, changes.bans)),
        ):
            for each in chosen:
                moment = begun + random.random() * seconds
                pair.at(moment, lambda act=act, each=each: act(each))
        await pair.run(7 * 86_400, pair.is_live)
        live = pair.now
        await pair.swept()
        await pair.assert_equal()
        pair.assert_within_budget()
        return Copied(
            (live - begun) / 60,
            (pair.now - live) / 60,
            len(pair.asking.sent),
            len(await pair.tombstones()),
        )


def main(what: str, count: int) -> None:
    """Run one of the proofs and print its figures."""
    if what == "customers":
        share = count / 100_000
        changes = Changes(int(900 * share), int(5_000 * share), int(200 * share))
        tell(f"{asyncio.run(copy(count, changes, COPYING * share))}")
    else:
        with tempfile.TemporaryDirectory() as folder:
            found = kill(Path(folder), count, seed=1, customers=count * FOR_A_KILL)
            pages = len(found.asked)
            tell(f"{found.kills} kills: {found.lost} losses, {found.again} of {pages} pages again")
            tell(f"equal at the end: {found.equal}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
