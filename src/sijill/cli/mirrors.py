"""`sijill mirror status` and what operators do with a copy: read again, pause, go on."""

import time
from datetime import UTC, datetime
from typing import Any

from sijill.cli.arguments import option
from sijill.cli.mirror_way import find_linked
from sijill.cli.output import GAP, fail, say
from sijill.cli.register import STORE_OR_ONLY, Register, on_register
from sijill.cli.showing import Shown, sentence, table
from sijill.cli.tables import print_record
from sijill.database.columns import maybe_moment
from sijill.mirror.model import state_of
from sijill.settings.parsers import whole

Row = dict[str, Any]


def _show_status(row: Row) -> None:
    print_record({name: value for name, value in row.items() if name != "slices"})
    states = ", ".join(f"{number} {state}" for state, number in row["slice_states"].items())
    say(f"slices: {states or 'not one'}")


@on_register(
    STORE_OR_ONLY,
    shown=Shown(_show_status, is_bad=lambda row: row["gap"], code=GAP),
)
async def status_command(register: Register, store: str) -> Row:
    from sijill.mirror.progress import progress  # help shows no figures

    linked = await find_linked(register, store)
    now = time.time()
    found = await progress(register.driver, linked, now)
    link = await register.mirror_links.find(linked.store_id)
    until = None if link is None else link.expires_at
    return {
        "store_id": linked.store_id,
        "address": linked.address,
        "state": found.state,
        "reason": found.reason,
        "gap": found.has_gap,
        "completeness": round(found.completeness, 4),
        "held": found.held,
        "total": found.total,
        "lag_seconds": round(found.lag(now)),
        "oldest_confirmed_seconds": round(found.oldest(now)),
        "budget_remaining": found.budget_remaining,
        "pages_left": found.pages_left,
        "seconds_left": round(found.seconds_left),
        "waiting": found.waiting,
        "tombstones": found.gone,
        "refused": found.refused,
        "token_ends_at": maybe_moment(until),
        "hears_webhooks": bool(link and link.webhook_secret),
        "slice_states": dict(found.slice_states),
        "slices": [one._asdict() for one in found.slices],
    }


@on_register(STORE_OR_ONLY, shown=sentence("the whole list of store {store_id} is read again"))
async def backfill_command(register: Register, store: str) -> Row:
    linked = await find_linked(register, store)
    await register.mirror.want_backfill(linked.store_id)
    return {"store_id": linked.store_id}


@on_register(STORE_OR_ONLY, shown=sentence("store {store_id} is swept behind everything else"))
async def sweep_command(register: Register, store: str) -> Row:
    linked = await find_linked(register, store)
    await register.mirror.want_sweep(linked.store_id)
    return {"store_id": linked.store_id}


@on_register(
    STORE_OR_ONLY,
    option("--limit", "Rows at most.", default="100", parse=whole(1, 1_000_000)),
    shown=table(),
)
async def tombstones_command(register: Register, store: str, limit: int) -> list[Row]:
    linked = await find_linked(register, store)
    found = await register.mirror.tombstones(linked.store_id, limit)
    return [{"id": one.id, "known_at": one.at} for one in found]


@on_register(STORE_OR_ONLY, shown=sentence("the mirror of store {store_id} asks for nothing"))
async def pause_command(register: Register, store: str) -> Row:
    linked = await find_linked(register, store)
    await register.mirror.pause(linked.store_id)
    return {"store_id": linked.store_id, "state": "paused"}


@on_register(STORE_OR_ONLY, shown=sentence("the mirror of store {store_id} is {state} again"))
async def resume_command(register: Register, store: str) -> Row:
    linked = await find_linked(register, store)
    await register.mirror.resume(linked.store_id)
    return {"store_id": linked.store_id, "state": state_of(await _again(register, linked))}


@on_register(
    STORE_OR_ONLY,
    shown=sentence("the mirror of store {store_id} goes on: all that is missing may be deleted"),
)
async def release_command(register: Register, store: str) -> Row:
    linked = await find_linked(register, store)
    if linked.trouble != "halted":
        fail(f"the mirror is not halted, but {state_of(linked)}")
    await register.mirror.release(linked.store_id, datetime.now(UTC))
    return {"store_id": linked.store_id, "state": state_of(await _again(register, linked))}


async def _again(register: Register, linked: Any) -> Any:
    """Return a linked store as it is now."""
    return await register.mirror.find(linked.store_id) or linked
