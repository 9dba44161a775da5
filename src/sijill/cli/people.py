"""`sijill person`: the accounts of people, their roles and their stores."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
from msgspec.structs import replace

from sijill.cli.arguments import (
    argument,
    command,
    it,
    option,
    read_secret,
    settings_of,
    stored_text,
)
from sijill.cli.consent import deleting
from sijill.cli.output import USAGE, columns, fail
from sijill.cli.register import REGISTER, Register, find_store, naming, on_register, run
from sijill.cli.showing import RECORD, sentence, table
from sijill.oauth.fields import parse_password, parse_person_mobile
from sijill.oauth.people import Person
from sijill.oauth.roles import ROLES, Role
from sijill.settings.parsers import one_of
from sijill.values.ids import random_id
from sijill.values.texts import parse_email


def person_name(text: str) -> str:
    name = stored_text(text)
    if not name:
        raise ValueError("write one that is not empty")
    return name


_EMAIL = option(
    "--email",
    "The e-mail with which the person signs in.",
    required=True,
    parse=it(parse_email),
)


_UNKNOWN = "there is no person with that e-mail: see sijill person list"

PERSON = argument("person", "Id or e-mail of a person.")
_PASSWORD = option(
    "--password-file",
    "File that holds the password, or - for standard input; else a prompt.",
    "password",
    parse=lambda file: it(parse_password)(read_secret(file)),
)


@command(
    option("--store", "Id or name of a store; may be repeated.", multiple=True, required=True),
    _EMAIL,
    option("--name", "The person's name.", required=True, parse=person_name),
    option("--mobile", "Such as +966501234567.", default="", parse=it(parse_person_mobile)),
    _PASSWORD,
    option("--role", "What the person may do.", default="owner", parse=one_of(*ROLES)),
    settings=REGISTER,
    shown=RECORD,
)
def create_command(
    flags: dict[str, Any],
    store: Sequence[str],
    email: str,
    name: str,
    mobile: str | None,
    password: str | None,
    role: Role,
) -> list[dict[str, Any]]:
    settings = settings_of(flags)

    async def look(register: Register) -> list[int]:
        return sorted({(await find_store(register, name)).id for name in dict.fromkeys(store)})

    store_ids = run(settings, look)  # before the question: nobody types a password for nothing
    chosen = password or _prompt()
    person = Person(random_id(), name, email, mobile or "", datetime.now(UTC), role)

    async def create(register: Register) -> list[dict[str, Any]]:
        hashed = await _hashed(chosen)
        with naming("person", id=person.id, email=person.email):
            await register.people.create(person, hashed, store_ids)
        return [await person_row(register, person)]

    return run(settings, create)


@on_register(shown=table("id", "name", "email", "role", "suspended_at", "stores"))
async def list_command(register: Register) -> list[dict[str, Any]]:
    people = await register.people.all()
    if people:
        await register.note("person.view", ids=[person.id for person in people])
    return [await person_row(register, person) for person in people]


@on_register(PERSON, shown=RECORD)
async def show_command(register: Register, person: str) -> list[dict[str, Any]]:
    return [await person_row(register, await find_person(register, person))]


@on_register(
    PERSON,
    option("--email", "A new e-mail.", default="", parse=it(parse_email)),
    option("--name", "A new name.", default="", parse=person_name),
    option("--mobile", "A new mobile.", default="", parse=it(parse_person_mobile)),
    option(
        "--store",
        "Id or name of a store; may be repeated. They take the place of all stores that the person "
        "had.",
        multiple=True,
    ),
    shown=RECORD,
)
async def update_command(
    register: Register, person: str, store: Sequence[str], **given: str | None
) -> list[dict[str, Any]]:
    changes = {name: value for name, value in given.items() if value is not None}
    changed = replace(await find_person(register, person), **changes)
    store_ids = {(await find_store(register, name)).id for name in store}
    with naming("person", id=changed.id, email=changed.email):
        await register.people.update(changed, sorted(store_ids) or None)
    return [await person_row(register, changed)]


async def _look(register: Register, person: str) -> dict[str, Any]:
    return await person_row(register, await find_person(register, person))


async def _delete(register: Register, row: dict[str, Any]) -> None:
    with naming("person", id=row["id"]):
        await register.people.remove(row["id"])


delete_command = deleting(
    PERSON,
    look=_look,
    question="Delete {name} ({email})? The apps that this person let in stay.",
    delete=_delete,
    told="person {email} is deleted",
)


@command(
    _EMAIL,
    _PASSWORD,
    settings=REGISTER,
    shown=sentence("{email} has a new password, and is signed out everywhere"),
)
def password_command(flags: dict[str, Any], email: str, password: str | None) -> dict[str, Any]:
    settings = settings_of(flags)

    async def look(register: Register) -> Person:
        known = await register.people.find_by_email(email)
        return known.person if known else fail(_UNKNOWN)

    person = run(settings, look)  # before the question, as in `create`
    chosen = password or _prompt()

    async def change(register: Register) -> dict[str, Any]:
        with naming("person", id=person.id):
            await register.people.set_password(person.id, await _hashed(chosen))
        return {"id": person.id, "email": person.email}

    return run(settings, change)


async def _hashed(password: str) -> str:
    from sijill.oauth.passwords import Passwords  # help hashes nothing

    return await Passwords().hashed(password)


def _prompt() -> str:
    """Return the password that a person types twice: outside of the event loop, for Ctrl-C."""
    # On standard error: standard output is for the result.
    text = str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    try:
        return it(parse_password)(text)
    except ValueError as fault:
        fail(f"password: {fault}", code=USAGE)


async def find_person(register: Register, person: str) -> Person:
    """Return the person with this id or e-mail, or end the command."""
    known = await register.people.find_by_email(person)
    found = (one for one in await register.people.all() if person == str(one.id))
    one = known.person if known else next(found, None)
    if one is None:
        fail(f"there is no person {person}: see sijill person list")
    await register.note("person.view", ids=[one.id])
    return one


async def person_row(register: Register, person: Person) -> dict[str, Any]:
    (row,) = columns([person], "id", "name", "email", "mobile", "role", "suspended_at")
    stores = await register.people.stores_of(person.id)
    return row | {
        "store_ids": [store.id for store in stores],
        "stores": [store.name for store in stores],
        "created_at": person.created_at,
    }
