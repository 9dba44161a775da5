"""`sijill keys`: the keys that seal secrets, and their rotation while servers go on."""

import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Any

from sijill.cli.arguments import option
from sijill.cli.output import USAGE, fail, say
from sijill.cli.register import on_register
from sijill.database.key_file import Busy, KeyFile
from sijill.database.resealing import SealedTable
from sijill.database.sealing import key_id
from sijill.register import Register

SETTLE = 60.0
"""Seconds after which whatever a server began to seal under the key before is stored."""

_FIXED = "secret_key is a setting: write a second key into it, and see sijill keys rotate --help"


@on_register(table=())
async def list_command(register: Register) -> list[dict[str, Any]]:
    counts = await register.sealed.counts()
    ids = _ids(register.sealed)
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
    )
)
async def rotate_command(register: Register, retire: bool) -> None:
    keyring = register.sealed.sealer.keyring
    if not isinstance(keyring, KeyFile):
        await _rotate_fixed(register.sealed)
        return
    keyring.newest()
    try:
        with keyring.alone():
            await _rotate(register.sealed, keyring, retire=retire)
    except Busy:
        fail("another rotation is under way")


async def _rotate(sealed: SealedTable, keyring: KeyFile, *, retire: bool) -> None:
    # A rotation that was killed, or whose older keys are to go, needs no further key.
    older = _ids(sealed)[:-1]
    counts = await sealed.counts()
    if not (older if retire else [id_ for id_ in older if counts[id_]]):
        keyring.add()
        say(f"key {_ids(sealed)[-1].hex()} seals from now on")
    await _reseal(sealed)
    older = _ids(sealed)[:-1]
    if not retire:
        say("the older keys open as before: sijill keys rotate --retire takes them out")
        return
    await _settled(keyring)
    await _reseal(sealed)
    await _insist_on_none_left(sealed, older)
    keyring.keep_newest()
    for id_ in older:
        say(f"key {id_.hex()} is taken out")


async def _rotate_fixed(sealed: SealedTable) -> None:
    """Seal everything anew under the last key of the setting, which only people can change."""
    ids = _ids(sealed)
    if len(ids) == 1:
        fail(_FIXED, code=USAGE)
    await _reseal(sealed)
    await _insist_on_none_left(sealed, ids[:-1])
    say("every key but the last can be taken out of the setting secret_key")


async def _reseal(sealed: SealedTable) -> None:
    say(f"{await sealed.reseal()} row(s) sealed anew")


async def _settled(keyring: KeyFile) -> None:
    """Wait until no server can still be storing what it sealed before the last change."""
    left = keyring.changed_at() + SETTLE - time.time()
    if left > 0:
        print(f"waiting {left:.0f} s for what servers sealed before", file=sys.stderr, flush=True)
        await asyncio.sleep(left)


async def _insist_on_none_left(sealed: SealedTable, older: Sequence[bytes]) -> None:
    """End the command if something is still sealed under one of the older keys."""
    counts = await sealed.counts()
    if left := sum(counts[id_] for id_ in older):
        fail(f"{left} value(s) under an older key do not open: it stays. Replace these secrets")


def _ids(sealed: SealedTable) -> list[bytes]:
    return [key_id(key) for key in sealed.sealer.keyring.all()]
