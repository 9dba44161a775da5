"""`sijill owner`: the people who decide for a store which apps get in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sijill.app import Register
from sijill.cli.arguments import Json, checked, cleaned, read_secret, with_settings
from sijill.cli.output import USAGE, fail, show
from sijill.cli.register import find_store, on_register
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
    typer.Option(help="File that holds the password, or - for standard input; else a prompt."),
]


@owner_commands.command("create")
@with_settings()
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
    """Create an owner of stores. The command asks twice for the password, and never shows it."""
    owner = Owner(
        id=random_id(),
        name=_name(name),
        email=_email(email),
        mobile=checked("mobile: it", _mobile, mobile) if mobile else "",
        created_at=datetime.now(UTC),
    )

    async def work(register: Register) -> list[Store]:
        store_ids = {(await find_store(register, name)).id for name in dict.fromkeys(store)}
        hashed = await Passwords().hashed(_password(password_file))
        await register.owners.create(owner, hashed, sorted(store_ids))
        return await register.owners.stores_of(owner.id)

    show([_row(owner, on_register(flags, work))], as_json=as_json)


@owner_commands.command("list")
@with_settings()
def owner_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the owners and their stores."""

    async def work(register: Register) -> list[dict[str, Any]]:
        owners = await register.owners.all()
        return [_row(owner, await register.owners.stores_of(owner.id)) for owner in owners]

    show(on_register(flags, work), as_json=as_json)


@owner_commands.command("password")
@with_settings()
def owner_password(*, email: EmailOption, password_file: PasswordFile = None, **flags: Any) -> None:
    """Set a new password; sessions that began with the old password end."""

    async def work(register: Register) -> None:
        known = await register.owners.find_by_email(email.strip())
        if known is None:
            fail("there is no owner with that e-mail: see sijill owner list")
        hashed = await Passwords().hashed(_password(password_file))
        await register.owners.set_password(known.owner.id, hashed)

    on_register(flags, work)


def _password(file: Path | None) -> str:
    text = _prompt() if file is None else read_secret(file)
    fault = fault_of(text)
    if fault is not None:
        fail(f"password: {_FAULTS[fault]}", code=USAGE)
    # The check is all: the stored password is as typed, for so the form will receive it.
    cleaned("password", text, MAX_LENGTH)
    return text


def _prompt() -> str:
    # On standard error: standard output is for the result.
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


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
