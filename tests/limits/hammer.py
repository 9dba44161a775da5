"""
One process of the tests of many: hits a counter as fast as it can, when told to.

Arguments: kind (sqlite, valkey, planted), address, hits, then. Says `ready`, waits for a line,
then says the verdicts as one line of JSON; with `pause` it then waits to be killed. With `return`
it gives every place back before it says them.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from sijill.limits.redis import RedisCounters
from sijill.limits.sqlite import SQLiteCounters
from sijill.limits.window import Count, Decision, Rule, decide

RULES = [Rule("{1}:customers:5", 500, 600.0)]


class Planted(SQLiteCounters):
    """The bug that the oracle must find: it reads, decides and writes, each on its own."""

    async def hit(self, rules, now):
        execute = self._connection.execute
        row = execute('SELECT "end", used, next FROM counts').fetchone()
        verdict, (kept,) = decide(rules, [row and Count(*row)], now)
        os.sched_yield()
        if kept is not None:
            execute("INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?)", (rules[0].key, *kept))
        return Decision(verdict, (), now)


def open_counters(kind, address):
    match kind:
        case "sqlite":
            return SQLiteCounters(Path(address), busy=10.0)
        case "planted":
            return Planted(Path(address), busy=10.0)
        case _:
            return RedisCounters(address, timeout=20.0)


async def hammer(counters, hits, returns):
    async def hit(now):
        decision = await counters.hit(RULES, now)
        if returns:
            await counters.give_back(RULES, decision)
        return decision

    try:
        if isinstance(counters, RedisCounters):
            return await asyncio.gather(*(hit(0.0) for _ in range(hits)))
        return [await hit(time.time()) for _ in range(hits)]
    finally:
        await counters.close()


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(kind, address, hits, then=""):
    counters = open_counters(kind, address)
    say("ready")
    sys.stdin.readline()
    decisions = asyncio.run(hammer(counters, int(hits), then == "return"))
    say(json.dumps([decision.verdict for decision in decisions]))
    if then == "pause":
        sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
