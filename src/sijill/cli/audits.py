"""`sijill audit`: who saw or changed whose data, and whether the log of it is whole."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sijill.audit.actions import ACTIONS
from sijill.audit.chain import FINDINGS, Anchor, Verification
from sijill.audit.copies import BadCopy, Copy, copied, verify, verify_copy
from sijill.audit.model import Entry, encode
from sijill.audit.search import EntryFilter, parse_actor
from sijill.cli.arguments import FILE, ID, JSON, argument, command, it, moment, option, settings_of
from sijill.cli.files import reading, writing
from sijill.cli.output import USAGE, fail, say, show_json
from sijill.cli.register import REGISTER, Register, find_store_id, on_register, run
from sijill.cli.showing import Shown, table
from sijill.database.columns import micros
from sijill.database.columns import moment as at_micros
from sijill.settings.parsers import one_of, whole

_TABLE = ("at", "action", "actor", "through", "store_id", "about", "fields")
_SHOWN_IDS = 5
_FILTERS = (
    option("--store", "Id or name of a store.", default=""),
    option("--customer", "Id of a customer.", default="", parse=ID),
    option(
        "--actor",
        "app:ID, token:ID, person:ID, operator or server.",
        default="",
        parse=it(parse_actor),
    ),
    option("--action", "An action.", default="", parse=one_of(*ACTIONS)),
    option("--since", "From this time on.", default="", parse=moment),
    option("--until", "Before this time.", default="", parse=moment),
)


async def _filter(
    register: Register,
    store: str,
    customer: int | None,
    actor: tuple[Any, int | None, int | None] | None,
    action: str | None,
    since: datetime | None,
    until: datetime | None,
) -> EntryFilter:
    """Return the filter of the options."""
    kind, actor_id, token = actor or (None, None, None)
    return EntryFilter(
        None if since is None else micros(since),
        None if until is None else micros(until),
        await find_store_id(register, store),
        customer,
        *(kind, actor_id, token, action or None),
    )


@on_register(
    *_FILTERS,
    option("--limit", "The largest number of entries.", default="50", parse=whole(1, 10**9)),
    shown=table(*_TABLE),
)
async def list_command(register: Register, limit: int, **given: Any) -> list[dict[str, Any]]:
    wanted = await _filter(register, **given)
    await _begin(register)
    rows: list[dict[str, Any]] = []
    async for entry in register.audit.entries(wanted, newest_first=True):
        rows.append(_row(entry))
        if len(rows) == limit:
            break
    return rows


def _tell(result: dict[str, Any]) -> None:
    for fault in result["faults"]:
        say(f"block {fault['block']} of chain {fault['chain']}: {fault['fault']}")
    say(f"{result['blocks']} blocks, {len(result['faults']) or 'no'} fault(s)")


@command(
    argument("file", "A copy by audit export; else the log itself.", parse=FILE, default=""),
    option(
        "--heads",
        "An earlier copy, or its heads alone: the log must lead through them.",
        parse=FILE,
        default="",
    ),
    settings=REGISTER,
    shown=Shown(_tell, is_bad=lambda result: bool(result["faults"])),
)
def verify_command(flags: dict[str, Any], file: Path | None, heads: Path | None) -> dict[str, Any]:
    anchors: list[Anchor] = []
    if heads is not None:
        with _copy(heads) as kept:
            anchors = kept.anchors

    async def work(register: Register) -> Verification:
        await _begin(register)
        return await verify(register.audit, anchors)

    if file is None:
        verification = run(settings_of(flags), work)
    else:
        with _copy(file) as copy:
            verification = verify_copy(copy, anchors)
    faults = [
        {"chain": chain, "block": number, "fault": FINDINGS[what]}
        for chain, number, what in verification.findings
    ]
    return {"blocks": verification.blocks, "faults": faults}


@command(
    argument("file", "A file, or - for standard output.", parse=FILE),
    *_FILTERS,
    option("--heads-only", "Only the heads, small enough to keep elsewhere.", is_flag=True),
    JSON,
    settings=REGISTER,
)
def export_command(
    flags: dict[str, Any], file: Path, heads_only: bool, as_json: bool, **given: Any
) -> None:
    if as_json and str(file) == "-":
        fail("--json: standard output has the log, so name a file", code=USAGE)
    if heads_only and any(given.values()):
        fail("--heads-only: it takes no filter", code=USAGE)

    async def work(register: Register) -> int:
        wanted = await _filter(register, **given)
        await _begin(register)
        lines = 0
        with writing(file) as stream:
            async for line in _lines(register, wanted, heads_only=heads_only):
                stream.write(line)
                lines += 1
        return lines

    exported = run(settings_of(flags), work)
    if as_json:
        show_json({"lines": exported, "file": str(file)})
    else:
        print(f"{exported} lines exported", file=sys.stderr)


async def _lines(
    register: Register, wanted: EntryFilter, *, heads_only: bool
) -> AsyncIterator[bytes]:
    """Yield the lines of a copy; with a filter, those of the entries that it selects."""
    if wanted == EntryFilter():
        async for line in copied(register.audit, heads_alone=heads_only):
            yield line
        return
    async for entry in register.audit.entries(wanted):
        yield encode(entry) + b"\n"


async def _begin(register: Register) -> None:
    """Tell this command in the log, and seal the entries that wait."""
    await register.note("audit.view")
    await register.audit.seal_waiting()


@contextmanager
def _copy(file: Path) -> Iterator[Copy]:
    """Yield the copy in a file; a file that is no copy ends the command."""
    with reading(file) as stream:
        try:
            yield Copy(stream)
        except BadCopy as fault:
            fail(f"{file}: {fault}", code=USAGE)


def _row(entry: Entry) -> dict[str, Any]:
    """Return an entry as a row: its own keys, and two for the table."""
    actor = f"{entry.kind} {entry.actor}" if entry.actor else entry.kind
    return {
        "at": at_micros(entry.at),
        "action": entry.action,
        "actor": actor,
        "through": f"{entry.through}: {entry.by}" if entry.by else entry.through,
        "store_id": entry.store or None,
        "about": _about(entry),
        "fields": list(entry.fields),
        "token_id": entry.token or None,
        "ids": list(entry.ids),
        "requests": list(entry.requests),
        "reason": entry.reason,
        "ticket": entry.ticket,
    }


def _about(entry: Entry) -> str:
    """Return what an entry is about, in a few words."""
    if entry.whole:
        return f"every {entry.subject}"
    more = len(entry.ids) - _SHOWN_IDS
    first = " ".join(map(str, entry.ids[:_SHOWN_IDS]))
    if entry.count:
        return str(entry.count)
    return f"{first} and {more} more" if more > 0 else first
