"""`sijill owner`: the people who let apps into stores."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from sijill.cli.arguments import it, option, read_secret, stored_text
from sijill.cli.output import USAGE, columns, fail
from sijill.cli.register import find_store, on_register
from sijill.oauth.fields import parse_owner_mobile, parse_password
from sijill.oauth.owners import Owner
from sijill.oauth.passwords import Passwords
from sijill.register import Register
from sijill.values.ids import random_id
from sijill.values.texts import parse_email


def _name(text: str) -> str:
    name = stored_text(text)
    if not name:
        raise ValueError("write one that is not empty")
    return name


_EMAIL = option(
    "--email",
    "The e-mail with which the owner signs in.",
    required=True,
    parse=it(parse_email),
)
_PASSWORD = option(
    "--password-file",
    "File that holds the password, or - for standard input; else a prompt.",
    "password",
    parse=lambda file: it(parse_password)(read_secret(file)),
)


@on_register(
    option("--store", "Id or name of a store; may be repeated.", multiple=True, required=True),
    _EMAIL,
    option("--name", "The owner's name.", required=True, parse=_name),
    option("--mobile", "Such as +966501234567.", default="", parse=it(parse_owner_mobile)),
    _PASSWORD,
    record=True,
)
async def create_command(
    register: Register,
    store: Sequence[str],
    email: str,
    name: str,
    mobile: str | None,
    password: str | None,
) -> list[dict[str, Any]]:
    owner = Owner(random_id(), name, email, mobile or "", datetime.now(UTC))
    store_ids = {(await find_store(register, name)).id for name in dict.fromkeys(store)}
    hashed = await Passwords().hashed(password or _prompt())
    await register.owners.create(owner, hashed, sorted(store_ids))
    return [await _row(register, owner)]


@on_register(table=("id", "name", "email", "stores"))
async def list_command(register: Register) -> list[dict[str, Any]]:
    return [await _row(register, owner) for owner in await register.owners.all()]


@on_register(_EMAIL, _PASSWORD)
async def password_command(register: Register, email: str, password: str | None) -> None:
    known = await register.owners.find_by_email(email)
    if known is None:
        fail("there is no owner with that e-mail: see sijill owner list")
    hashed = await Passwords().hashed(password or _prompt())
    await register.owners.set_password(known.owner.id, hashed)


def _prompt() -> str:
    # On standard error: standard output is for the result.
    text = str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    try:
        return it(parse_password)(text)
    except ValueError as fault:
        fail(f"password: {fault}", code=USAGE)


async def _row(register: Register, owner: Owner) -> dict[str, Any]:
    (row,) = columns([owner], "id", "name", "email", "mobile")
    stores = await register.owners.stores_of(owner.id)
    return row | {
        "store_ids": [store.id for store in stores],
        "stores": [store.name for store in stores],
        "created_at": owner.created_at,
    }
