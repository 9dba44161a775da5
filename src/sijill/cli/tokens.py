"""`sijill token`: access tokens, and how those of OAuth may end."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from sijill.app import Register
from sijill.cli.arguments import Json, with_settings
from sijill.cli.output import USAGE, fail, show
from sijill.cli.register import find_app, find_store, find_store_id, on_register
from sijill.errors import NotFound
from sijill.oauth.scopes import parse_scopes
from sijill.oauth.tokens import PREFIX, TokenInfo, digest, hint, is_mistyped, mint
from sijill.settings.parsers import lifetime
from sijill.values.ids import random_id

token_commands = typer.Typer(help="Access tokens of apps in stores.", no_args_is_help=True)

_UNKNOWN = "there is no such token: see sijill token list"

TokenArgument = Annotated[
    str, typer.Argument(help="Its id (see token list), or the access token itself.")
]


@token_commands.command("create")
@with_settings()
def token_create(
    *,
    store: Annotated[str, typer.Option(help="Id or name of a store.")],
    app: Annotated[str, typer.Option(help="Id or name of an app.")],
    scope: Annotated[list[str], typer.Option(help="A scope; may be repeated.")],
    expires: Annotated[
        str, typer.Option(help="Lifetime such as 14d; without it, the token never expires.")
    ] = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Create an access token. It is shown this once: the register stores only its SHA-256."""
    token, now = mint(), datetime.now(UTC)
    try:
        scopes = parse_scopes(" ".join(scope))
        until = now + lifetime(expires) if expires else None
    except ValueError as fault:
        fail(str(fault), code=USAGE)
    if not scopes:
        fail("name at least one scope", code=USAGE)

    async def work(register: Register) -> TokenInfo:
        info = TokenInfo(
            id=random_id(),
            store_id=(await find_store(register, store)).id,
            app_id=(await find_app(register, app)).id,
            scopes=scopes,
            hint=hint(token),
            created_at=now,
            expires_at=until,
            revoked_at=None,
        )
        await register.tokens.add(digest(token), info)
        return info

    info = on_register(flags, work)
    if as_json:
        show([{"token": token} | _row(info)], as_json=True)
    else:
        print(token, flush=True)


@token_commands.command("list")
@with_settings()
def token_list(
    *,
    store: Annotated[str, typer.Option(help="Id or name of a store; without it, all.")] = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """List tokens, by id; the register does not store the tokens themselves."""

    async def work(register: Register) -> list[TokenInfo]:
        return await register.tokens.all(await find_store_id(register, store))

    show([_row(info) for info in on_register(flags, work)], as_json=as_json)


@token_commands.command("expire")
@with_settings()
def token_expire(token: TokenArgument, **flags: Any) -> None:
    """Let a token expire now, as if its lifetime had ended; its refresh token stays valid."""
    _change(token, lambda register, token_id, now: register.grants.expire(token_id, now), flags)


@token_commands.command("revoke")
@with_settings()
def token_revoke(token: TokenArgument, **flags: Any) -> None:
    """Revoke a token and its refresh token for good; every process refuses it within a second."""
    _change(
        token,
        lambda register, token_id, now: register.grants.end_family(token_id, now, reused=False),
        flags,
    )


@token_commands.command("reuse")
@with_settings()
def token_reuse(token: TokenArgument, **flags: Any) -> None:
    """Revoke a token as if its refresh token had been used twice; the next refresh is a 401."""
    _change(
        token,
        lambda register, token_id, now: register.grants.end_family(token_id, now, reused=True),
        flags,
        _UNKNOWN + ", or it has no refresh token",
    )


def _change(
    token: str,
    change: Callable[[Register, int, datetime], Awaitable[None]],
    flags: dict[str, Any],
    unknown: str = _UNKNOWN,
) -> None:
    async def work(register: Register) -> None:
        try:
            await change(register, await _id(register, token), datetime.now(UTC))
        except NotFound:
            fail(unknown)

    on_register(flags, work)


async def _id(register: Register, token: str) -> int:
    """Return the id of a token from that id or from the token, which no message repeats."""
    if token.startswith(PREFIX):
        grant = None if is_mistyped(token) else await register.tokens.grant(digest(token))
        if grant is None:
            raise NotFound
        return grant.token_id
    if re.fullmatch(r"[0-9]{1,18}", token, re.ASCII) is None:
        fail("token: write its id, or the access token itself", code=USAGE)
    return int(token)


def _row(info: TokenInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "store_id": info.store_id,
        "app_id": info.app_id,
        "scopes": sorted(info.scopes),
        "ends_in": info.hint,
        "created_at": info.created_at,
        "expires_at": info.expires_at,
        "revoked_at": info.revoked_at,
        "authorization_id": info.authorization_id,
    }
