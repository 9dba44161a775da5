"""`sijill store`."""

import asyncio
import re
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from sijill.cli.common import USAGE, WHERE, Json, fail, opened, show, with_settings
from sijill.cli.typed import checked, name_of
from sijill.settings.parsers import one_of
from sijill.stores.model import PLANS, ProfileName, Store
from sijill.values.ids import random_id

store_commands = typer.Typer(help="Stores: the tenants of the register.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A name of its own.")]


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
        name=name_of(name),
        plan=checked("plan:", one_of(*PLANS), plan) if plan else None,
        profile=checked("profile:", one_of(*get_args(ProfileName)), profile),
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
            await register.stores.create(store)

    asyncio.run(work())
    show([_store_row(store)], as_json=as_json)


@store_commands.command("list")
@with_settings(WHERE)
def store_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the stores."""

    async def work() -> list[Store]:
        async with opened(flags) as register:
            return await register.stores.all()

    show([_store_row(store) for store in asyncio.run(work())], as_json=as_json)


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
