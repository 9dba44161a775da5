"""`sijill privacy hold`: persons whose data must stay for now."""

from datetime import UTC, datetime
from typing import Any

from sijill.cli.arguments import moment, option
from sijill.cli.output import USAGE
from sijill.cli.privacy import CUSTOMER, LANG, of_customer, refuse, table_of, told
from sijill.cli.register import STORE_OR_ONLY, Register, find_store_or_only, on_register
from sijill.errors import NotFound
from sijill.localized import Language
from sijill.privacy import wording
from sijill.privacy.holds import REASONS, Hold
from sijill.settings.parsers import one_of


@on_register(
    CUSTOMER,
    option("--reason", "Why the data must stay.", required=True, parse=one_of(*REASONS)),
    option("--until", "When the hold ends.", required=True, parse=moment),
    LANG,
    STORE_OR_ONLY,
    shown=told(wording.HOLD_SET),
)
async def set_command(
    register: Register, customer: int, reason: str, until: datetime, lang: Language, store: str
) -> dict[str, Any]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    if until <= now:
        refuse(wording.MOMENT_OVER, USAGE)
    hold = Hold(store_id, customer, reason, now, until)
    with of_customer(customer):
        await register.holds.set(hold)
    return _row(hold, now) | {"why": REASONS[reason].render(lang)}


@on_register(
    LANG,
    STORE_OR_ONLY,
    shown=table_of("customer_id", "reason", "begun_at", "ends_at", "active", reason=REASONS),
)
async def list_command(register: Register, lang: Language, store: str) -> list[dict[str, Any]]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    found = await register.holds.all(store_id)
    if found:
        await register.note("privacy.view", store_id, [one.customer_id for one in found], ["hold"])
    return [_row(hold, now) for hold in found]


@on_register(CUSTOMER, LANG, STORE_OR_ONLY, shown=told(wording.HOLD_ENDED))
async def end_command(
    register: Register, customer: int, lang: Language, store: str
) -> dict[str, Any]:
    now, store_id = datetime.now(UTC), (await find_store_or_only(register, store)).id
    try:
        await register.holds.end(store_id, customer, now)
    except NotFound:
        refuse(wording.NO_HOLD, id=customer)
    return {"customer_id": customer, "ends_at": now}


def _row(hold: Hold, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": hold.customer_id,
        "reason": hold.reason,
        "begun_at": hold.begun_at,
        "ends_at": hold.ends_at,
        "active": hold.is_active(now),
    }
