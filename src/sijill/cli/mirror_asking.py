"""`sijill mirror verify`, `compare` and `check`: the copy beside its original."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sijill.cli.arguments import ID, argument, option
from sijill.cli.mirror_way import TARGETS, find_linked, patiently, upstreams
from sijill.cli.output import FAILED, GAP, fail, plain, say
from sijill.cli.register import STORE_OR_ONLY, Register, on_register
from sijill.cli.showing import Shown
from sijill.cli.tables import print_table
from sijill.mirror.model import FIELDS, MirrorRow, Misshapen, Reply
from sijill.settings import Settings
from sijill.settings.parsers import whole

if TYPE_CHECKING:
    from sijill.mirror.comparing import Comparison
else:  # help compares nothing
    Comparison = Any

OK = 200

Row = dict[str, Any]


def _show_compared(rows: Sequence[Row]) -> None:
    different = [row for row in rows if row["differs"]]
    if different:
        print_table(different)
    say(f"{len(rows)} compared, {len(different)} different")


def _show_verified(row: Row) -> None:
    say(
        plain(
            "{id}: {outcome}; different: {differs}".format_map(
                row | {"differs": ", ".join(row["differs"]) or "nothing"}
            )
        )
    )


@on_register(
    argument("customer", "Id of a customer.", parse=ID),
    STORE_OR_ONLY,
    settings=TARGETS,
    shown=Shown(_show_verified, is_bad=lambda row: bool(row["differs"]), code=GAP),
)
async def verify_command(register: Register, customer: int, store: str, settings: Settings) -> Row:
    linked = await find_linked(register, store)
    row = await register.mirror.row(linked.store_id, customer) or _nothing(customer)
    async with upstreams(register, settings) as way:
        reply = await patiently(partial(_fetch, way, linked, customer))
    found = _compared(row, reply)
    outcome = "gone upstream" if reply.status != OK else await _apply(register, linked, reply)
    if reply.status != OK:
        await register.mirror.queue_check(linked.store_id, customer, datetime.now(UTC))
    return found._asdict() | {"outcome": outcome}


@on_register(
    option("--sample", "How many customers to compare.", default="20", parse=whole(1, 400)),
    STORE_OR_ONLY,
    settings=TARGETS,
    shown=Shown(_show_compared, is_bad=lambda rows: any(row["differs"] for row in rows), code=GAP),
)
async def compare_command(
    register: Register, sample: int, store: str, settings: Settings
) -> list[Row]:
    linked = await find_linked(register, store)
    rows = await register.driver.all("sample_mirror_customers", linked.store_id, sample)
    found = []
    async with upstreams(register, settings) as way:
        for (customer,) in rows:
            reply = await patiently(partial(_fetch, way, linked, customer))
            row = await register.mirror.row(linked.store_id, customer)
            if row is not None:
                found.append(_compared(row, reply)._asdict())
    return found


@on_register(
    STORE_OR_ONLY,
    settings=TARGETS,
    shown=Shown(
        print_table, is_bad=lambda rows: any(row["result"] == "differs" for row in rows), code=GAP
    ),
)
async def check_command(register: Register, store: str, settings: Settings) -> list[Row]:
    from sijill.mirror.unknowns import MOST, examine

    linked = await find_linked(register, store)
    asked = 0
    async with upstreams(register, settings) as way:
        client = way.of(linked)

        async def ask(path: str, parameters: Sequence[tuple[str, str]]) -> Reply:
            nonlocal asked
            asked += 1
            if asked > MOST:
                fail(f"the questions take more than {MOST} requests", code=FAILED)
            return await patiently(lambda: client.get(path, parameters, "foreground"))

        return [finding._asdict() for finding in await examine(ask, datetime.now(UTC).date())]


async def _fetch(way: Any, linked: Any, customer: int) -> Reply:
    reply: Reply = await way.of(linked).get(f"/customers/{customer}", FIELDS, "foreground")
    return reply


async def _apply(register: Register, linked: Any, reply: Reply) -> str:
    outcome: str = await register.applier.apply(linked.store_id, reply, "foreground")
    return outcome


def _compared(row: MirrorRow, reply: Reply) -> Comparison:
    from sijill.mirror.comparing import compare

    try:
        return compare(row, reply, time.time())
    except Misshapen as fault:
        fail(f"upstream's answer cannot be read: {fault.reason}")


def _nothing(customer: int) -> MirrorRow:
    """Return the row of a customer that the mirror does not know."""
    return MirrorRow(customer, "gone", None, 0, 0, 0, int(time.time() * 1e6), 0, 0)
