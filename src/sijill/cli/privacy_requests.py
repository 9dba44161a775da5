"""`sijill privacy requests`: what persons asked for, and until when it is due."""

from datetime import UTC, datetime
from typing import Any

from sijill.cli.arguments import ID, argument, moment, option
from sijill.cli.output import USAGE, fail
from sijill.cli.privacy import CUSTOMER, of_customer
from sijill.cli.register import STORE_OR_ONLY, Register, find_store_or_only, on_register
from sijill.cli.showing import sentence, table
from sijill.errors import NotFound
from sijill.privacy.requests import KINDS, OUTCOMES, PersonRequest, opened
from sijill.settings.parsers import one_of
from sijill.values.ids import random_id


@on_register(
    CUSTOMER,
    option("--kind", "What the person asks for.", required=True, parse=one_of(*KINDS)),
    option("--at", "When the request arrived; without it, now.", default="", parse=moment),
    STORE_OR_ONLY,
    shown=sentence("request {id} is due on {due_at:%Y-%m-%d}"),
)
async def open_command(
    register: Register, customer: int, kind: str, at: datetime | None, store: str
) -> dict[str, Any]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    if at is not None and at > now:
        fail("--at: the moment is yet to come", code=USAGE)
    request = opened(store_id, random_id(), customer, kind, at or now)
    with of_customer(customer):
        await register.person_requests.add(request)
    return row_of(request, now)


@on_register(
    option("--due", "Only those that are open or overdue.", is_flag=True),
    STORE_OR_ONLY,
    shown=table("id", "customer_id", "kind", "state", "days_left", "due_at"),
)
async def list_command(register: Register, due: bool, store: str) -> list[dict[str, Any]]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    every = await register.person_requests.all(store_id)
    found = [one for one in every if not due or one.closed_at is None]
    if found:
        whom = list(dict.fromkeys(one.customer_id for one in found))
        await register.note("privacy.view", store_id, whom, ["request"])
    return [row_of(one, now) for one in found]


@on_register(
    argument("request", "Id of a request: see privacy requests list.", parse=ID),
    option("--outcome", "How it ended.", required=True, parse=one_of(*OUTCOMES)),
    STORE_OR_ONLY,
    shown=sentence("request {id} is closed: {outcome}"),
)
async def close_command(
    register: Register, request: int, outcome: str, store: str
) -> dict[str, Any]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    try:
        await register.person_requests.close(store_id, request, outcome, now)
    except NotFound:
        fail(f"there is no open request {request}: see sijill privacy requests list")
    return {"id": request, "outcome": outcome, "closed_at": now}


def row_of(request: PersonRequest, now: datetime) -> dict[str, Any]:
    """Return a request as a row, with how it stands at a moment."""
    return {
        "id": request.id,
        "customer_id": request.customer_id,
        "kind": request.kind,
        "state": request.state(now),
        "days_left": request.days_left(now),
        "opened_at": request.opened_at,
        "due_at": request.due_at,
        "closed_at": request.closed_at,
        "outcome": request.outcome,
    }
