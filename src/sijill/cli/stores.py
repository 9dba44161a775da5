"""`sijill store`, `sijill app` and `sijill token`."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from sijill.auth.scopes import parse_scopes
from sijill.auth.tokens import TokenInfo, digest, hint, mint
from sijill.cli.common import (
    USAGE,
    WHERE,
    Json,
    fail,
    find_app,
    find_store,
    opened,
    show,
    with_settings,
)
from sijill.config.parsers import one_of
from sijill.domain.customers import MAX_ID
from sijill.domain.ids import random_id
from sijill.domain.stores import PLANS, App, ProfileName, Store
from sijill.domain.texts import clean

store_commands = typer.Typer(help="Stores: the tenants of the register.", no_args_is_help=True)
app_commands = typer.Typer(help="Apps: the programs that read stores.", no_args_is_help=True)
token_commands = typer.Typer(help="Access tokens of apps in stores.", no_args_is_help=True)

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
Name = Annotated[str, typer.Argument(help="A name of its own.")]


def lifetime(text: str) -> timedelta:
    """
    Return a lifetime written as `14d`, `12h` or `30m`.

    Raises: ValueError with a sentence that says how to write one.
    """
    match = re.fullmatch(r"([1-9][0-9]{0,4})([smhdw])", text, re.ASCII)
    if match is None:
        raise ValueError("write a lifetime as a number and s, m, h, d or w, for example 14d")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


@store_commands.command("create")
@with_settings(WHERE)
def store_create(
    name: Name,
    *,
    store_id: Annotated[
        int | None, typer.Option("--id", min=1, max=2**31 - 1, help="Its id; without one, random.")
    ] = None,
    plan: Annotated[str, typer.Option(help="plus, pro or special; none has no plan limit.")] = "",
    profile: Annotated[str, typer.Option(help="documented or observed.")] = "documented",
    timezone: Annotated[str, typer.Option(help="Zone of its dates.")] = "Asia/Riyadh",
    locale: Annotated[str, typer.Option(help="Language of its country names.")] = "ar",
    currency: Annotated[str, typer.Option(help="ISO 4217, of customers without one.")] = "SAR",
    customer_url: Annotated[str, typer.Option(help="urls.customer; {id} is replaced.")] = "",
    admin_url: Annotated[str, typer.Option(help="urls.admin; {id} is replaced.")] = "",
    avatar_male: Annotated[str, typer.Option(help="Avatar where a customer has none.")] = "",
    avatar_female: Annotated[str, typer.Option(help="The same for female customers.")] = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Create a store."""
    store = Store(
        id=store_id or random_id(),
        name=_name(name),
        plan=_checked("plan", plan, *PLANS) if plan else None,
        profile=_checked("profile", profile, *get_args(ProfileName)),
        timezone=_zone(timezone),
        locale=locale,
        currency=_currency(currency),
        customer_url=customer_url,
        admin_url=admin_url,
        avatar_male=avatar_male,
        avatar_female=avatar_female,
    )

    async def work() -> None:
        async with opened(flags) as register:
            await register.create_store(store)

    asyncio.run(work())
    show([_store_row(store)], as_json=as_json)


@store_commands.command("list")
@with_settings(WHERE)
def store_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the stores."""

    async def work() -> list[Store]:
        async with opened(flags) as register:
            return await register.stores()

    show([_store_row(store) for store in asyncio.run(work())], as_json=as_json)


@app_commands.command("create")
@with_settings(WHERE)
def app_create(
    name: Name,
    *,
    wallets: Annotated[str, typer.Option(help="on or off: whether it may move money.")] = "on",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Create an app."""
    may = _checked("wallets", wallets, "on", "off") == "on"
    app = App(id=random_id(), name=_name(name), created_at=datetime.now(UTC), wallets=may)

    async def work() -> None:
        async with opened(flags) as register:
            await register.create_app(app)

    asyncio.run(work())
    show([_app_row(app)], as_json=as_json)


@app_commands.command("list")
@with_settings(WHERE)
def app_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the apps."""

    async def work() -> list[App]:
        async with opened(flags) as register:
            return await register.apps()

    show([_app_row(app) for app in asyncio.run(work())], as_json=as_json)


@token_commands.command("create")
@with_settings(WHERE)
def token_create(
    *,
    store: Annotated[str, typer.Option(help="Id or name of a store.")],
    app: Annotated[str, typer.Option(help="Id or name of an app.")],
    scope: Annotated[list[str], typer.Option(help="A scope; may be repeated.")],
    expires: Annotated[str, typer.Option(help="Lifetime such as 14d; without it, none.")] = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Create an access token. It is shown this once: only its SHA-256 is kept."""
    token, now = mint(), datetime.now(UTC)
    try:
        scopes = parse_scopes(" ".join(scope))
        until = now + lifetime(expires) if expires else None
    except ValueError as fault:
        fail(str(fault), code=USAGE)
    if not scopes:
        fail("name at least one scope", code=USAGE)

    async def work() -> TokenInfo:
        async with opened(flags) as register:
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
            await register.add_token(digest(token), info)
            return info

    info = asyncio.run(work())
    if as_json:
        show([{"token": token} | _token_row(info)], as_json=True)
    else:
        print(token, flush=True)


@token_commands.command("list")
@with_settings(WHERE)
def token_list(
    *,
    store: Annotated[str, typer.Option(help="Id or name of a store; without it, all.")] = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """List tokens, by id; the tokens themselves are not kept."""

    async def work() -> list[TokenInfo]:
        async with opened(flags) as register:
            store_id = (await find_store(register, store)).id if store else None
            return await register.tokens(store_id)

    show([_token_row(info) for info in asyncio.run(work())], as_json=as_json)


@token_commands.command("revoke")
@with_settings(WHERE)
def token_revoke(
    token_id: Annotated[int, typer.Argument(max=MAX_ID, help="Its id: see token list.")],
    **flags: Any,
) -> None:
    """Revoke a token for good; every process refuses it within a second."""

    async def work() -> None:
        async with opened(flags) as register:
            await register.revoke_token(token_id, datetime.now(UTC))

    asyncio.run(work())


def _checked(name: str, value: str, *names: str) -> Any:
    try:
        return one_of(*names)(value)
    except ValueError as fault:
        fail(f"{name}: {fault}", code=USAGE)


def _name(text: str) -> str:
    """A name of digits alone would be taken for an id."""
    try:
        name = clean(text.strip(), 255)
    except ValueError as fault:
        fail(f"name: it {fault}", code=USAGE)
    if not name or name.isdigit():
        fail("name: write one that is not empty and not a number", code=USAGE)
    return name


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        fail(f"timezone: there is no zone {name}", code=USAGE)


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code, re.ASCII):
        fail("currency: write three capital letters, for example SAR", code=USAGE)
    return code


def _store_row(store: Store) -> dict[str, Any]:
    return {
        "id": store.id,
        "name": store.name,
        "plan": store.plan,
        "profile": store.profile,
        "timezone": store.timezone,
        "currency": store.currency,
    }


def _app_row(app: App) -> dict[str, Any]:
    return {
        "id": app.id,
        "name": app.name,
        "wallets": "on" if app.wallets else "off",
        "created_at": app.created_at,
    }


def _token_row(info: TokenInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "store_id": info.store_id,
        "app_id": info.app_id,
        "scopes": sorted(info.scopes),
        "ends_in": info.hint,
        "created_at": info.created_at,
        "expires_at": info.expires_at,
        "revoked_at": info.revoked_at,
    }
