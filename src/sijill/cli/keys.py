"""`sijill keys`: the keys that seal secrets, and their rotation while servers go on."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sijill.cli.arguments import JSON, option
from sijill.cli.output import USAGE, fail, say, show_json
from sijill.cli.register import Register, on_register
from sijill.cli.showing import table
from sijill.database.key_file import Busy, KeyFile
from sijill.database.resealing import SealedTable
from sijill.database.sealing import key_id

SETTLE = 60.0
"""Seconds after which a server has stored every value that it began to seal under the last key."""

_FIXED = "secret_key is a setting: write a second key into it, and see sijill keys rotate --help"


@on_register(shown=table())
async def list_command(register: Register) -> list[dict[str, Any]]:
    return _rows(await register.sealed.counts(), _ids(register.sealed))


def _rows(counts: Counter[bytes], ids: list[bytes]) -> list[dict[str, Any]]:
    """Return the keys, the oldest first, and then those that are missing."""
    states = dict.fromkeys(ids, "opens") | dict.fromkeys(ids[-1:], "seals")
    states |= dict.fromkeys(sorted(counts.keys() - states.keys()), "missing")
    return [
        {"key": id_.hex(), "state": state, "sealed": counts[id_]} for id_, state in states.items()
    ]


@on_register(
    option(
        "--retire",
        "Then take out the older keys, a minute after the last change of the file.",
        is_flag=True,
    ),
    JSON,
)
async def rotate_command(register: Register, retire: bool, as_json: bool) -> None:
    keyring = register.sealed.sealer.keyring
    tell = _to_stderr if as_json else say
    if not isinstance(keyring, KeyFile):
        await _rotate_fixed(register.sealed, tell)
    else:
        keyring.newest()
        try:
            with keyring.alone():
                await _rotate(register.sealed, keyring, tell, retire=retire)
        except Busy:
            fail("another rotation is under way")
    if as_json:
        show_json(_rows(await register.sealed.counts(), _ids(register.sealed)))


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def _rotate(
    sealed: SealedTable, keyring: KeyFile, tell: Callable[[str], None], *, retire: bool
) -> None:
    # A rotation that was killed, or whose older keys are to go, needs no further key.
    older = _ids(sealed)[:-1]
    counts = await sealed.counts()
    if not (older if retire else [id_ for id_ in older if counts[id_]]):
        keyring.add()
        tell(f"key {_ids(sealed)[-1].hex()} seals from now on")
    await _reseal(sealed, tell)
    older = _ids(sealed)[:-1]
    if not retire:
        tell("the older keys open as before: sijill keys rotate --retire takes them out")
        return
    await _settled(keyring)
    await _reseal(sealed, tell)
    await _insist_on_none_left(sealed, older)
    keyring.keep_newest()
    for id_ in older:
        tell(f"key {id_.hex()} is taken out")


async def _rotate_fixed(sealed: SealedTable, tell: Callable[[str], None]) -> None:
    """Seal everything again under the last key of the setting, which only people can change."""
    ids = _ids(sealed)
    if len(ids) == 1:
        fail(_FIXED, code=USAGE)
    await _reseal(sealed, tell)
    await _insist_on_none_left(sealed, ids[:-1])
    tell("every key but the last can be removed from the setting secret_key")


async def _reseal(sealed: SealedTable, tell: Callable[[str], None]) -> None:
    tell(f"{await sealed.reseal()} row(s) sealed again")


async def _settled(keyring: KeyFile) -> None:
    """Wait until no server can still be storing what it sealed before the last change."""
    left = keyring.changed_at() + SETTLE - time.time()
    if left > 0:
        _to_stderr(f"waiting {left:.0f} s for what servers sealed before")
        from asyncio import sleep  # help waits for nothing

        await sleep(left)


async def _insist_on_none_left(sealed: SealedTable, older: Sequence[bytes]) -> None:
    """End the command if something is still sealed under one of the older keys."""
    counts = await sealed.counts()
    if left := sum(counts[id_] for id_ in older):
        fail(f"{left} value(s) under an older key do not open: it stays. Replace these secrets")


def _ids(sealed: SealedTable) -> list[bytes]:
    return [key_id(key) for key in sealed.sealer.keyring.all()]
