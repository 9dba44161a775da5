"""`sijill person role`, `rename`, `suspend` and `resume`."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from sijill.cli.arguments import argument
from sijill.cli.people import PERSON, find_person, person_name
from sijill.cli.register import Register, naming, on_register
from sijill.cli.showing import sentence
from sijill.oauth.roles import ROLES, Role
from sijill.settings.parsers import one_of


@on_register(
    PERSON,
    argument("role", "The new role.", parse=one_of(*ROLES)),
    shown=sentence("{email} has the role {role}"),
)
async def role_command(register: Register, person: str, role: Role) -> dict[str, Any]:
    found = await find_person(register, person)
    with naming("person", id=found.id):
        await register.people.set_role(found.id, role)
    return {"id": found.id, "email": found.email, "role": role}


@on_register(
    PERSON,
    argument("name", "The new name.", parse=person_name),
    shown=sentence("{email} has the name {name}"),
)
async def rename_command(register: Register, person: str, name: str) -> dict[str, Any]:
    found = await find_person(register, person)
    with naming("person", id=found.id):
        await register.people.update(replace(found, name=name))
    return {"id": found.id, "email": found.email, "name": name}


@on_register(PERSON, shown=sentence("{email} is suspended, and signed out everywhere"))
async def suspend_command(register: Register, person: str) -> dict[str, Any]:
    return await _suspend(register, person, datetime.now(UTC))


@on_register(PERSON, shown=sentence("{email} may sign in again"))
async def resume_command(register: Register, person: str) -> dict[str, Any]:
    return await _suspend(register, person, None)


async def _suspend(register: Register, person: str, at: datetime | None) -> dict[str, Any]:
    found = await find_person(register, person)
    with naming("person", id=found.id):
        await register.people.suspend(found.id, at)
    return {"id": found.id, "email": found.email, "suspended_at": at}
