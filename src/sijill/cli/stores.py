"""`sijill store`: the tenants of the register."""

import re
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from sijill.cli.arguments import Json, checked, name_of, with_settings
from sijill.cli.output import USAGE, fail, show
from sijill.cli.register import on_register
from sijill.settings.parsers import one_of
from sijill.stores.model import PLANS, ProfileName, Store
from sijill.values.ids import random_id

store_commands = typer.Typer(help="Stores: the tenants of the register.", no_args_is_help=True)


@store_commands.command("create")
@with_settings()
def store_create(
    name: Annotated[str, typer.Argument(help="A name that no other store has.")],
    *,
    store_id: Annotated[
        int | None, typer.Option("--id", min=1, max=2**31 - 1, help="Its id; without one, random.")
    ] = None,
    plan: Annotated[
        str, typer.Option(help="plus, pro or special; without a plan, no plan limit.")
    ] = "",
    profile: Annotated[str, typer.Option(help="documented or observed.")] = "documented",
    timezone: Annotated[str, typer.Option(help="Zone of its dates.")] = "Asia/Riyadh",
    locale: Annotated[str, typer.Option(help="Language of its country names.")] = "ar",
    currency: Annotated[
        str, typer.Option(help="ISO 4217: of customers without a currency.")
    ] = "SAR",
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
    on_register(flags, lambda register: register.stores.create(store))
    show([_row(store)], as_json=as_json)


@store_commands.command("list")
@with_settings()
def store_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the stores."""
    stores = on_register(flags, lambda register: register.stores.all())
    show([_row(store) for store in stores], as_json=as_json)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        fail(f"timezone: there is no zone {name}", code=USAGE)


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code, re.ASCII):
        fail("currency: write three capital letters, for example SAR", code=USAGE)
    return code


def _row(store: Store) -> dict[str, Any]:
    return {
        "id": store.id,
        "name": store.name,
        "plan": store.plan,
        "profile": store.profile,
        "timezone": store.timezone,
        "currency": store.currency,
    }
