"""A store that looks like a copy in use: for tests of its page, and for pictures."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sijill.mirror.slices import SliceState
from sijill.mirror.upstream.shapes import Shape
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import load

HOUR = 3_600
MICROS = 1_000_000
UPSTREAM = "https://api.salla.dev/admin/v2"


async def link(register: Register, store_id: int, now: datetime) -> None:
    """Link a store that holds 1,200 of 2,000 customers."""
    await register.mirror.link(store_id, UPSTREAM, "default", now - timedelta(days=2))
    await register.driver.run("begin_mirror_run", store_id, "backfilling")
    await register.driver.run("note_mirror_total", store_id, 2_000, micros_of(now))


async def add_slices(
    register: Register, store_id: int, states: Sequence[SliceState], run: str = "backfill"
) -> None:
    """Add a slice of ten days for each state, the oldest first."""
    first = datetime(2020, 1, 1)
    for number, state in enumerate(states):
        days = [(first + timedelta(10 * number + n)).date().isoformat() for n in (0, 9)]
        ends = ("" if not number else days[0], "" if number == len(states) - 1 else days[1])
        await register.driver.run("insert_mirror_slice", store_id, run, *ends, state, 0)


async def add_samples(register: Register, store_id: int, now: datetime) -> None:
    """Add a sample of every hour of two days: the copy fills, and its oldest part ages."""
    for hour in range(48):
        at = micros_of(now) - (48 - hour) * HOUR * MICROS
        held = min(2_000, 45 * hour)
        oldest = at - (hour % 24) * HOUR * MICROS // 4
        await register.mirror_history.add(store_id, at, held, 2_000, oldest)


async def add_gone(register: Register, store_id: int, count: int, now: datetime) -> None:
    """Add customers that upstream deleted, a minute from one to the next: the ids from 1 on."""
    for number in range(1, count + 1):
        at = micros_of(now) - (count - number) * 60 * MICROS
        kept = (b"{}", at, at, 1, at, 1, at)
        await register.driver.run("put_mirror_customer", store_id, number, "gone", *kept)


async def add_shapes(register: Register, store_id: int, now: datetime) -> None:
    """Add a shape with new keys, and a broken one."""
    shapes = register.mirror_shapes
    at = micros_of(now)
    new = Shape(unknown=("data.loyalty_tier string",))
    broken = Shape(missing=("data.updated_at",), retyped=("data.id string",))
    await shapes.add(store_id, "customers.list", new, at - HOUR * MICROS)
    await shapes.add(store_id, "customers.details", broken, at)


async def ask(register: Register, now: datetime) -> None:
    """Send requests of three lanes within the last window."""
    for lane, count in (("backfill", 90), ("verify", 25), ("probe", 3)):
        await register.driver.run("insert_mirror_budget", "default")
        for number in range(count):
            at = micros_of(now) - number * MICROS
            await register.driver.run("insert_mirror_request", "default", lane, at)


def micros_of(at: datetime) -> int:
    return int(at.timestamp() * MICROS)


STATES: Sequence[SliceState] = (*["proven"] * 30, "reading", *["counted"] * 10, *["uncounted"] * 5)


async def make(register: Register, store_id: int, now: datetime) -> None:
    """Make a store look like a copy in the middle of its backfill, with every trouble shown."""
    await link(register, store_id, now)
    await add_slices(register, store_id, STATES)
    await add_samples(register, store_id, now)
    await add_gone(register, store_id, 60, now)
    await add_shapes(register, store_id, now)
    await ask(register, now)
    await register.mirror.set_trouble(store_id, "halted", "guard")


def make_in(folder: Path, store_id: int, now: datetime) -> None:
    """Make the store of a running demo such a copy; `folder` is its data folder."""

    async def work() -> None:
        settings, _ = load({"data_dir": str(folder)}, environ={}, folder=folder)
        register = await open_register(settings)
        try:
            await make(register, store_id, now)
        finally:
            await register.close()

    asyncio.run(work())
