"""`sijill privacy inactive`: customers of whom nothing has happened for long, and their end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from sijill.cli.arguments import command, option, settings_of
from sijill.cli.consent import YES, ask
from sijill.cli.output import say
from sijill.cli.privacy import LANG, language, table_of
from sijill.cli.register import REGISTER, STORE_OR_ONLY, Register, find_store_or_only, run
from sijill.cli.showing import Shown
from sijill.errors import Held, NotFound
from sijill.localized import Language
from sijill.privacy import wording
from sijill.settings import Settings
from sijill.settings.parsers import lifetime

Row = dict[str, Any]

_LISTED = table_of("customer_id", "last_at", "wallet_balance", "held", "stays")


def _show(result: Row) -> None:
    _LISTED.show(result["customers"])
    text = wording.INACTIVE if result["erased"] is None else wording.INACTIVE_ERASED
    counts = {"erased": result["erased"], "kept": sum(one["stays"] for one in result["customers"])}
    say(text.render(language()).format(count=len(result["customers"]), **counts))


@command(
    option(
        "--for",
        "How long nothing has happened, such as 1095d.",
        "period",
        required=True,
        parse=lifetime,
    ),
    option("--erase", "Erase those who are listed, but for those who stay.", is_flag=True),
    YES,
    LANG,
    STORE_OR_ONLY,
    settings=(*REGISTER, "secret_key"),
    shown=Shown(_show),
)
def inactive_command(
    flags: dict[str, Any], period: timedelta, erase: bool, yes: bool, lang: Language, store: str
) -> Row:
    settings, now = settings_of(flags), datetime.now(UTC)

    async def look(register: Register) -> tuple[int, list[Row]]:
        tenant = await find_store_or_only(register, store)
        return tenant.id, await _listed(register, tenant.id, now - period, now)

    store_id, rows = run(settings, look)
    result = {"store_id": store_id, "customers": rows, "erased": None}
    going = [row["customer_id"] for row in rows if not row["stays"]]
    if not erase or not going:
        return result
    ask(wording.CONFIRM_INACTIVE.render(lang).format(count=len(going)), yes=yes)

    async def work(register: Register) -> int:
        return await _erase(register, settings, store_id, going, now - period, now)

    return result | {"erased": run(settings, work)}


async def _listed(register: Register, store_id: int, before: datetime, now: datetime) -> list[Row]:
    from sijill.privacy.inactive import inactive  # help lists nobody

    found = [one async for one in inactive(register.driver, store_id, before, now)]
    if found:
        ids = [one.id for one in found]
        await register.note("privacy.view", store_id, ids, ["last_at", "wallet_balance"])
    return [
        {"customer_id": one.id, **to_builtins(one), "last_at": one.last_at, "stays": one.stays}
        for one in found
    ]


async def _erase(
    register: Register,
    settings: Settings,
    store_id: int,
    listed: list[int],
    before: datetime,
    now: datetime,
) -> int:
    """Erase those who were listed and are inactive still; return how many those were."""
    from sijill.opening import ERASURES_FILE
    from sijill.privacy import ledger_file
    from sijill.privacy.inactive import inactive

    still = {one.id async for one in inactive(register.driver, store_id, before, now)}
    count = 0
    for customer_id in listed:
        if customer_id in still and await _erased(register, store_id, customer_id, now):
            count += 1
    await ledger_file.save(Path(settings.data_dir) / ERASURES_FILE, register.erasures)
    await register.driver.empty_log()
    await register.driver.vacuum()
    return count


async def _erased(register: Register, store_id: int, customer_id: int, now: datetime) -> bool:
    try:
        await register.eraser.erase(store_id, customer_id, now)
    except (Held, NotFound):  # a hold was set since, or somebody was faster
        return False
    return True
