"""`sijill store`: the tenants of the register."""

from datetime import UTC, datetime
from typing import Any, get_args

from sijill.cli.arguments import argument, it, name_of, option
from sijill.cli.output import columns
from sijill.cli.register import naming, on_register
from sijill.cli.showing import RECORD, table
from sijill.register import Register
from sijill.settings.parsers import Parser, one_of, whole
from sijill.stores.fields import CURRENCY, LOCALE, ZONE
from sijill.stores.model import PLANS, ProfileName, Store
from sijill.values.ids import random_id

_NEW_ID = Parser(whole(1, 2**31 - 1).read, "ID")
_COLUMNS = ("id", "name", "plan", "profile", "timezone", "currency", "created_at")


@on_register(
    argument("name", "A name that no other store has.", parse=name_of),
    option(
        "--id",
        "Its id; without one, random.",
        "store_id",
        parse=_NEW_ID,
    ),
    option(
        "--plan",
        "Plan, which limits requests; without it, no plan limit.",
        default="",
        parse=one_of(*PLANS),
    ),
    option(
        "--profile",
        "Whether it answers as Salla documents, or as observed.",
        default="documented",
        parse=one_of(*get_args(ProfileName)),
    ),
    option("--timezone", "Zone of its dates.", default="Asia/Riyadh", parse=it(ZONE.parse)),
    option(
        "--locale",
        "Language of its country names, for example ar, en or fr.",
        default="ar",
        parse=it(LOCALE.parse),
    ),
    option(
        "--currency",
        "ISO 4217: of customers without a currency.",
        default="SAR",
        parse=it(CURRENCY.parse),
    ),
    option("--customer-url", "Pattern of urls.customer, with {id}.", default=""),
    option("--admin-url", "Pattern of urls.admin, with {id}.", default=""),
    option("--avatar-male", "Avatar of customers without an avatar.", default=""),
    option("--avatar-female", "The same for female customers.", default=""),
    shown=RECORD,
)
async def create_command(
    register: Register, store_id: int | None, **given: Any
) -> list[dict[str, Any]]:
    store = Store(id=store_id or random_id(), created_at=datetime.now(UTC), **given)
    with naming("store", id=store.id, name=store.name):
        await register.stores.create(store)
    return columns([store], *_COLUMNS)


@on_register(shown=table("id", "name", "plan", "profile", "timezone", "currency"))
async def list_command(register: Register) -> list[dict[str, Any]]:
    return columns(await register.stores.all(), *_COLUMNS)
