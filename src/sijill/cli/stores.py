"""`sijill store`: the tenants of the register."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import click
from msgspec.structs import replace

from sijill.cli.arguments import argument, it, name_of, option
from sijill.cli.consent import Row, deleting
from sijill.cli.output import USAGE, columns, fail
from sijill.cli.progress import progress
from sijill.cli.register import Register, find_store, naming, on_register
from sijill.cli.showing import RECORD, table
from sijill.customers.model import CustomerFilter
from sijill.settings.parsers import Parser, one_of, whole
from sijill.stores.fields import STORE as FIELDS
from sijill.stores.model import PLANS, ProfileName, Store
from sijill.values.ids import random_id

_NEW_ID = Parser(whole(1, 2**31 - 1).read, "ID")
_PARSERS = {"plan": one_of(*PLANS), "profile": one_of(*get_args(ProfileName))}
_HELP = {
    "plan": "Plan, which limits requests; without it, no plan limit.",
    "profile": "Whether answers are as Salla documents them, or as observed.",
    "timezone": "Time zone of the dates in answers.",
    "locale": "Language of the names of countries, for example ar, en or fr.",
    "currency": "Currency of customers without a currency of their own, in ISO 4217.",
    "customer_url": "Pattern of urls.customer, with {id} for the id of the customer.",
    "admin_url": "Pattern of urls.admin, with {id} for the id of the customer.",
    "avatar_male": "Avatar of customers without a picture.",
    "avatar_female": "Avatar of women without a picture.",
}
"""The fields of a store that options set, and the help of these."""

_CLEARED = [name for name in _HELP if not FIELDS.fields[name].empty]
_STORE = argument("store", "Id or name of a store.")


def _options(*, creating: bool) -> list[click.Option]:
    """Return the option of each field; a store that is created has the default of each."""
    return [
        option(
            f"--{name.replace('_', '-')}",
            help,
            default=FIELDS.fields[name].empty or "" if creating else None,
            parse=_PARSERS.get(name) or it(FIELDS.fields[name].kind.parse),
        )
        for name, help in _HELP.items()
    ]


@on_register(
    argument("name", "A name that no other store has.", parse=name_of),
    option("--id", "Its id; without one, random.", "store_id", parse=_NEW_ID),
    *_options(creating=True),
    create=True,
    shown=RECORD,
)
async def create_command(
    register: Register, name: str, store_id: int | None, **given: Any
) -> list[dict[str, Any]]:
    fields = {field: value for field, value in given.items() if value is not None}
    store = Store(store_id or random_id(), name, created_at=datetime.now(UTC), **fields)
    with naming("store", id=store.id, name=store.name):
        await register.stores.create(store)
    return _rows(store)


@on_register(shown=table("id", "name", "plan", "profile", "timezone", "currency"))
async def list_command(register: Register) -> list[dict[str, Any]]:
    return _rows(*await register.stores.all())


@on_register(_STORE, shown=RECORD)
async def show_command(register: Register, store: str) -> list[dict[str, Any]]:
    found = await find_store(register, store)
    (row,) = _rows(found)
    people = await register.people.of_store(found.id)
    if people:
        await register.note("person.view", ids=[person.id for person in people])
    emails = [person.email for person in people]
    return [row | {"people": emails, "customers": await _customers(register, found)}]


@on_register(
    _STORE,
    option("--name", "A new name.", default="", parse=name_of),
    *_options(creating=False),
    option(
        "--clear",
        "A field that is emptied; may be repeated.",
        multiple=True,
        parse=one_of(*_CLEARED),
    ),
    shown=RECORD,
)
async def update_command(
    register: Register, store: str, clear: Sequence[str], **given: Any
) -> list[dict[str, Any]]:
    changes = {field: value for field, value in given.items() if value is not None}
    if both := changes.keys() & set(clear):
        fail(f"--clear: {', '.join(sorted(both))} is set too", code=USAGE)
    changes |= {field: FIELDS.fields[field].empty for field in clear}
    changed = replace(await find_store(register, store), **changes)
    with naming("store", id=changed.id, name=changed.name):
        await register.stores.update(changed)
    return _rows(changed)


async def _look(register: Register, store: str) -> Row:
    found = await find_store(register, store)
    return {
        "id": found.id,
        "name": found.name,
        "customers": await _customers(register, found),
    }


async def _delete(register: Register, row: Row) -> None:
    from sijill.removal import remove_store  # it loads every table: help does without

    with naming("store", id=row["id"]), progress("deleting") as bar:
        await remove_store(register, row["id"], datetime.now(UTC), bar)


delete_command = deleting(
    _STORE,
    look=_look,
    question="Delete the store {name} with its {customers} customers, tokens and webhooks?",
    delete=_delete,
    told="store {name} is deleted, with {customers} customers",
)


async def _customers(register: Register, store: Store) -> int:
    page = await register.customers.page(store.id, CustomerFilter(), offset=0, limit=1)
    return page.total


def _rows(*stores: Store) -> list[dict[str, Any]]:
    return columns(stores, *Store.__struct_fields__)
