"""`sijill token`: access tokens, and the ways in which they end."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from msgspec.structs import replace

from sijill.cli.arguments import argument, option, read_secret, stored_text
from sijill.cli.output import USAGE, columns, fail, say
from sijill.cli.register import (
    STORE,
    Register,
    find_app,
    find_store,
    find_store_id,
    on_register,
    with_names,
)
from sijill.cli.showing import Shown, sentence, table
from sijill.errors import NotFound
from sijill.oauth.grant_table import GrantTable
from sijill.oauth.scopes import parse_scopes
from sijill.oauth.tokens import PREFIX, TokenInfo, digest, hint, is_mistyped, mint, state_of
from sijill.settings.parsers import lifetime
from sijill.values.ids import random_id

_UNKNOWN = "there is no such token: see sijill token list"

_STDIN = ("-",)

_COLUMNS = (
    *("id", "name", "store_id", "app_id", "scopes", "ends_in=hint", "created_at", "expires_at"),
    *("revoked_at", "authorization_id"),
)


def _scopes(text: str) -> frozenset[str]:
    return parse_scopes(text) or fail("name at least one scope", code=USAGE)


TOKEN = argument(
    "token",
    "Its id (see token list), the token, or - for a token on standard input, where no list of "
    "processes shows it.",
    parse=lambda text: read_secret(text) if text in _STDIN else text,
)


@on_register(
    STORE,
    option("--app", "Id or name of an app.", required=True),
    option("--name", "A name for it in lists.", default="", parse=stored_text),
    option("--scope", "A scope; may be repeated.", multiple=True, required=True, parse=_scopes),
    option(
        "--expires",
        "Lifetime such as 14d; without it, the token never expires.",
        default="",
        parse=lifetime,
    ),
    shown=Shown(lambda rows: say(rows[0]["token"])),
)
async def create_command(
    register: Register,
    store: str,
    app: str,
    name: str | None,
    scope: Sequence[frozenset[str]],
    expires: timedelta | None,
) -> list[dict[str, Any]]:
    token, now = mint(), datetime.now(UTC)
    info = TokenInfo(
        id=random_id(),
        store_id=(await find_store(register, store)).id,
        app_id=(await find_app(register, app)).id,
        scopes=frozenset().union(*scope),
        hint=hint(token),
        created_at=now,
        expires_at=now + expires if expires else None,
        revoked_at=None,
        name=name or "",
    )
    await register.tokens.add(digest(token), info)
    (row,) = await with_names(register, [_row(info, now)])
    return [{"token": token} | row]


@on_register(
    option("--store", "Id or name of a store; without it, all.", default=""),
    shown=table("id", "name", "store", "app", "ends_in", "state", "expires_at"),
)
async def list_command(register: Register, store: str) -> list[dict[str, Any]]:
    found, now = await register.tokens.all(await find_store_id(register, store)), datetime.now(UTC)
    rows = [_row(info, now) for info in found]
    return await with_names(register, rows)


@on_register(
    TOKEN,
    option(
        "--expires",
        "Lifetime such as 14d; without it, as long as that of the old token was.",
        default="",
        parse=lifetime,
    ),
    option(
        "--keep",
        "How long the old token still works, such as 1h; without it, it ends now.",
        default="",
        parse=lifetime,
    ),
    shown=Shown(lambda rows: say(rows[0]["token"])),
)
async def rotate_command(
    register: Register, token: str, expires: timedelta | None, keep: timedelta | None
) -> list[dict[str, Any]]:
    fresh, now = mint(), datetime.now(UTC)
    try:
        old = await register.tokens.find(await _id(register, token))
    except NotFound:
        fail(_UNKNOWN)
    if old.authorization_id is not None:
        fail("the app renews this token by its refresh token: sijill token revoke ends both")
    if (state := state_of(old, now)) != "active":
        fail(f"the token is {state}: sijill token create makes another")
    lives = expires or (old.expires_at - old.created_at if old.expires_at else None)
    info = replace(
        old,
        id=random_id(),
        hint=hint(fresh),
        created_at=now,
        expires_at=now + lives if lives else None,
    )
    await register.tokens.rotate(old.id, digest(fresh), info, now + (keep or timedelta()))
    (row,) = await with_names(register, [_row(info, now)])
    return [{"token": fresh} | row]


def _row(info: TokenInfo, now: datetime) -> dict[str, Any]:
    (row,) = columns([info], *_COLUMNS)
    return row | {"state": state_of(info, now)}


def _changing(
    change: Callable[[GrantTable, int, datetime], Awaitable[None]],
    done: str,
    unknown: str = _UNKNOWN,
) -> click.Command:
    """Return the command that changes a token, and says that it is done."""

    @on_register(
        TOKEN,
        shown=sentence(f"token {{id}} {done}"),
    )
    async def work(register: Register, token: str) -> dict[str, int]:
        try:
            token_id = await _id(register, token)
            await change(register.grants, token_id, datetime.now(UTC))
        except NotFound:
            fail(unknown)
        return {"id": token_id}

    return work


expire_command = _changing(
    lambda grants, token_id, now: grants.expire(token_id, now),
    "has expired; a refresh token that it has stays valid",
)
revoke_command = _changing(
    lambda grants, token_id, now: grants.end_family(token_id, now, reused=False),
    "is revoked, and so are the tokens of the same grant",
)
reuse_command = _changing(
    lambda grants, token_id, now: grants.end_family(token_id, now, reused=True),
    "is revoked as after the reuse of its refresh token",
    f"{_UNKNOWN}, or it has no refresh token",
)


async def _id(register: Register, token: str) -> int:
    """Return the id of a token from the id or the token; no message quotes the token."""
    if token.startswith(PREFIX):
        grant = None if is_mistyped(token) else await register.tokens.grant(digest(token))
        if grant is None:
            raise NotFound
        return grant.token_id
    if re.fullmatch(r"[0-9]{1,18}", token, re.ASCII) is None:
        fail("token: write its id, or the access token itself", code=USAGE)
    return int(token)
