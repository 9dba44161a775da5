"""`sijill privacy requests`: what persons asked for, and until when it is due."""

from datetime import UTC, datetime
from typing import Any

from sijill.cli.arguments import ID, argument, moment, option
from sijill.cli.output import USAGE
from sijill.cli.privacy import CUSTOMER, LANG, of_customer, refuse, table_of, told
from sijill.cli.register import STORE_OR_ONLY, Register, find_store_or_only, on_register
from sijill.errors import NotFound
from sijill.localized import Language
from sijill.privacy import wording
from sijill.privacy.requests import KINDS, OUTCOMES, PersonRequest, opened
from sijill.settings.parsers import one_of
from sijill.values.ids import random_id


@on_register(
    CUSTOMER,
    option("--kind", "What the person asks for.", required=True, parse=one_of(*KINDS)),
    option("--at", "When the request arrived; without it, now.", default="", parse=moment),
    LANG,
    STORE_OR_ONLY,
    shown=told(wording.REQUEST_OPENED),
)
async def open_command(
    register: Register, customer: int, kind: str, at: datetime | None, lang: Language, store: str
) -> dict[str, Any]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    if at is not None and at > now:
        refuse(wording.MOMENT_TO_COME, USAGE)
    request = opened(store_id, random_id(), customer, kind, at or now)
    with of_customer(customer):
        await register.person_requests.add(request)
    return row_of(request, now) | {"what": KINDS[kind].render(lang)}


@on_register(
    option("--due", "Only those that are open or overdue.", is_flag=True),
    LANG,
    STORE_OR_ONLY,
    shown=table_of(
        *("id", "customer_id", "kind", "state", "days_left", "due_at"),
        kind=KINDS,
        state=wording.STATES,
    ),
)
async def list_command(
    register: Register, due: bool, lang: Language, store: str
) -> list[dict[str, Any]]:
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
    LANG,
    STORE_OR_ONLY,
    shown=told(wording.REQUEST_CLOSED),
)
async def close_command(
    register: Register, request: int, outcome: str, lang: Language, store: str
) -> dict[str, Any]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    try:
        await register.person_requests.close(store_id, request, outcome, now)
    except NotFound:
        refuse(wording.NO_REQUEST, id=request)
    closed = {"id": request, "outcome": outcome, "closed_at": now}
    return closed | {"how": OUTCOMES[outcome].render(lang)}


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
