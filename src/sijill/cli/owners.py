"""`sijill owner`: the people who may say for a store which apps get in."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sijill.cli.common import USAGE, WHERE, Json, fail, find_store, opened, show, with_settings
from sijill.cli.typed import checked, cleaned, read_secret
from sijill.oauth.owners import Owner
from sijill.oauth.passwords import MAX_LENGTH, MIN_LENGTH, Passwords, fault_of
from sijill.stores.model import Store
from sijill.values.ids import random_id
from sijill.values.mobiles import parse_mobile
from sijill.values.texts import parse_email

owner_commands = typer.Typer(
    help="Owners: the people who let apps into stores.", no_args_is_help=True
)

_FAULTS = {
    "short": f"write at least {MIN_LENGTH} characters",
    "long": f"write at most {MAX_LENGTH} characters",
}

EmailOption = Annotated[str, typer.Option(help="What the owner signs in with.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(help="File that holds the password, or - for standard input; else it is asked."),
]


@owner_commands.command("create")
@with_settings(WHERE)
def owner_create(
    *,
    store: Annotated[list[str], typer.Option(help="Id or name of a store; may be repeated.")],
    email: EmailOption,
    name: Annotated[str, typer.Option(help="The owner's name.")],
    mobile: Annotated[str, typer.Option(help="Such as +966501234567.")] = "",
    password_file: PasswordFile = None,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Create an owner of stores. The password is asked twice, and never shown."""
    owner = Owner(
        id=random_id(),
        name=_name(name),
        email=_email(email),
        mobile=checked("mobile: it", _mobile, mobile) if mobile else "",
        created_at=datetime.now(UTC),
    )

    async def work() -> list[Store]:
        async with opened(flags) as register:
            stores = [await find_store(register, wanted) for wanted in dict.fromkeys(store)]
            kept = await Passwords().hashed(_password(password_file))
            await register.owners.create(owner, kept, sorted({one.id for one in stores}))
            return await register.owners.stores_of(owner.id)

    show([_row(owner, asyncio.run(work()))], as_json=as_json)


@owner_commands.command("list")
@with_settings(WHERE)
def owner_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the owners and their stores."""

    async def work() -> list[dict[str, Any]]:
        async with opened(flags) as register:
            owners = await register.owners.all()
            return [_row(owner, await register.owners.stores_of(owner.id)) for owner in owners]

    show(asyncio.run(work()), as_json=as_json)


@owner_commands.command("password")
@with_settings(WHERE)
def owner_password(*, email: EmailOption, password_file: PasswordFile = None, **flags: Any) -> None:
    """Set a new password; whoever is signed in with the old one is signed out."""

    async def work() -> None:
        async with opened(flags) as register:
            known = await register.owners.find_by_email(email.strip())
            if known is None:
                fail("there is no owner with that e-mail: see sijill owner list")
            kept = await Passwords().hashed(_password(password_file))
            await register.owners.set_password(known.owner.id, kept)

    asyncio.run(work())


def _password(file: Path | None) -> str:
    text = _asked() if file is None else read_secret(file)
    fault = fault_of(text)
    if fault is not None:
        fail(f"password: {_FAULTS[fault]}", code=USAGE)
    # It is judged alone, and kept as it was typed: so will it be typed into the form.
    cleaned("password", text, MAX_LENGTH)
    return text


def _asked() -> str:
    # On standard error: standard output is for what comes of it.
    asked = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return str(asked)


def _name(text: str) -> str:
    name = cleaned("name", text.strip())
    return name or fail("name: write one that is not empty", code=USAGE)


def _email(text: str) -> str:
    return checked("email: it", parse_email, text.strip())


def _mobile(text: str) -> str:
    mobile = parse_mobile(text, None)
    return f"+{mobile.code}{mobile.number}"


def _row(owner: Owner, stores: list[Store]) -> dict[str, Any]:
    return {
        "id": owner.id,
        "name": owner.name,
        "email": owner.email,
        "mobile": owner.mobile,
        "stores": [store.id for store in stores],
        "created_at": owner.created_at,
    }
