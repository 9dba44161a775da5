"""`sijill privacy breach` and `ropa`: the extent of a breach, and the records of processing."""

from datetime import UTC, datetime
from typing import Any

from sijill.audit.model import EntryFilter
from sijill.cli.arguments import ID, moment, option
from sijill.cli.output import USAGE, say
from sijill.cli.privacy import LANG, language, refuse, table_of
from sijill.cli.register import Register, find_store_id, on_register
from sijill.cli.showing import Shown
from sijill.database.columns import maybe_micros
from sijill.localized import Language
from sijill.privacy import wording
from sijill.privacy.breach import Breach, Exposure, breach_of, entries_of
from sijill.privacy.ropa import Kept, markdown, records
from sijill.settings import Settings


def _show_breach(result: dict[str, Any]) -> None:
    lang = language()
    if result["exposures"]:
        _EXPOSURES.show(result["exposures"])
    stores = " ".join(map(str, result["whole_stores"]))
    more = wording.BREACH_WHOLE.render(lang).format(stores=stores) if stores else ""
    say(wording.BREACH.render(lang).format_map(result) + more)


_EXPOSURES = table_of(*Exposure._fields)


@on_register(
    option("--token", "Id of an access token: see token list.", "token_id", default="", parse=ID),
    option("--since", "From this time on.", default="", parse=moment),
    option("--until", "Before this time.", default="", parse=moment),
    option("--store", "Id or name of a store.", default=""),
    LANG,
    shown=Shown(_show_breach),
)
async def breach_command(
    register: Register,
    token_id: int | None,
    since: datetime | None,
    until: datetime | None,
    store: str,
    lang: Language,
) -> dict[str, Any]:
    if token_id is None and since is None and until is None:
        refuse(wording.NAME_A_TOKEN, USAGE)
    store_id = await find_store_id(register, store)
    times = (maybe_micros(since), maybe_micros(until))
    await register.note("audit.view")
    await register.audit.seal_waiting()
    wanted = EntryFilter(*times, store_id, token=token_id)
    breach: Breach = breach_of(await entries_of(register.audit, wanted))
    rows = [_row(one) for one in breach.exposures]
    return breach._asdict() | {"exposures": rows}


def _row(exposure: Exposure) -> dict[str, Any]:
    return exposure._asdict() | {"fields": list(exposure.fields)}


@on_register(
    LANG,
    settings=("event_retention", "audit_retention", "session_lifetime"),
    shown=Shown(lambda result: print(markdown(result["records"], result["language"]), end="")),
)
async def ropa_command(register: Register, lang: Language, settings: Settings) -> dict[str, Any]:
    from sijill.retention import CLASSES  # it loads the log, which no other command here needs

    now = datetime.now(UTC)
    kept = [Kept(data.name, now - data.before(settings, now)) for data in CLASSES]
    stores, apps = await register.stores.all(), await register.apps.all()
    return {"language": lang, "records": records(stores, apps, kept, lang)}
