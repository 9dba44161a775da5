"""`sijill privacy breach`: the extent of a breach, and the end of what goes on by itself."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sijill.audit.search import EntryFilter
from sijill.cli.arguments import ID, command, moment, option, settings_of
from sijill.cli.consent import YES, ask
from sijill.cli.output import USAGE, say
from sijill.cli.privacy import LANG, language, refuse, table_of
from sijill.cli.register import REGISTER, Register, find_store_id, run
from sijill.cli.showing import Shown
from sijill.database.columns import maybe_micros
from sijill.errors import NotFound
from sijill.localized import Language
from sijill.oauth.tokens import TokenInfo, state_of
from sijill.privacy import wording
from sijill.privacy.breach import Exposure, breach_of, evidence_of
from sijill.privacy.leaks import Leak, leaks
from sijill.settings import Settings

Row = dict[str, Any]

_EXPOSURES = table_of(*Exposure._fields)
_WEBHOOKS = table_of(
    *("webhook_id", "event", "url", "since", "until", "state", "received", "perhaps", "persons"),
    state=wording.LEAK_STATES,
)


def _show(result: Row) -> None:
    lang = language()
    if result["exposures"]:
        _EXPOSURES.show(result["exposures"])
    if result["webhooks"]:
        _WEBHOOKS.show(result["webhooks"])
    stores = " ".join(map(str, result["whole_stores"]))
    more = wording.BREACH_WHOLE.render(lang).format(stores=stores) if stores else ""
    say(wording.BREACH.render(lang).format_map(result) + more)
    values = result | {name: _ids(result[name]) for name in _LISTS}
    for text, holds in (
        (wording.BREACH_AT_MOST, result["persons_at_most"] > result["persons"]),
        (wording.BREACH_TOKEN_WORKS, result["token_works"]),
        (wording.BREACH_SIBLINGS, result["same_consent"]),
        (wording.BREACH_STOPPED, result["stopped"]),
        (wording.BREACH_OPEN, _open(result)),
    ):
        if holds:
            say(text.render(lang).format_map(values))


_LISTS = ("same_consent", "stopped")


def _ids(values: Sequence[int]) -> str:
    return " ".join(map(str, values))


def _open(result: Row) -> list[Row]:
    """Return the webhooks to which events still go."""
    return [one for one in result["webhooks"] if one["state"] == "open"]


@command(
    option("--token", "Id of an access token: see token list.", "token_id", default="", parse=ID),
    option("--since", "From this time on.", default="", parse=moment),
    option("--until", "Before this time.", default="", parse=moment),
    option("--store", "Id or name of a store.", default=""),
    option("--stop-webhooks", "Pause the webhooks of the list that are open.", is_flag=True),
    YES,
    LANG,
    settings=(*REGISTER, "event_retention"),
    shown=Shown(_show),
)
def breach_command(
    flags: dict[str, Any],
    token_id: int | None,
    since: datetime | None,
    until: datetime | None,
    store: str,
    stop_webhooks: bool,
    yes: bool,
    lang: Language,
) -> Row:
    settings, times = settings_of(flags), (maybe_micros(since), maybe_micros(until))

    async def look(register: Register) -> Row:
        if token_id is None and since is None and until is None:
            refuse(wording.NAME_A_TOKEN, USAGE)
        store_id = await find_store_id(register, store)
        return await _told(register, EntryFilter(*times, store_id, token=token_id), settings)

    result = run(settings, look)
    if not stop_webhooks or not (going := _open(result)):
        return result
    ask(
        wording.CONFIRM_STOP.render(lang).format(ids=_ids([one["webhook_id"] for one in going])),
        yes=yes,
    )
    stopped = run(settings, lambda register: _stop(register, going))
    for one in result["webhooks"]:
        one["state"] = "paused" if one["webhook_id"] in stopped else one["state"]
    return result | {"stopped": stopped}


async def _told(register: Register, wanted: EntryFilter, settings: Settings) -> Row:
    now = datetime.now(UTC)
    await register.note("audit.view")
    await register.audit.seal_waiting()
    found = await evidence_of(register.audit, wanted)
    kept_since = now - settings.event_retention
    sent = await leaks(register.driver, register.webhooks, found.webhooks, found.later, kept_since)
    breach = breach_of(found.entries, sent)
    token = await _token(register, wanted.token)
    return breach._asdict() | {
        "exposures": [one._asdict() | {"fields": list(one.fields)} for one in breach.exposures],
        "webhooks": [_webhook(one) for one in breach.webhooks],
        "token_works": token is not None and state_of(token, now) == "active",
        "same_consent": await _same_consent(register, token),
        "stopped": [],
    }


def _webhook(leak: Leak) -> Row:
    """Return a webhook with numbers of customers, without their ids."""
    row = leak._asdict()
    unknown = row.pop("unknown")
    return row | {
        "persons": len(row.pop("reached")),
        "persons_at_most": len(leak.reached | unknown),
    }


async def _token(register: Register, token_id: int | None) -> TokenInfo | None:
    try:
        return None if token_id is None else await register.tokens.find(token_id)
    except NotFound:
        return None


async def _same_consent(register: Register, token: TokenInfo | None) -> list[int]:
    """Return the other tokens of a token's consent: a thief may have renewed it."""
    if token is None or token.authorization_id is None:
        return []
    every = await register.tokens.all(token.store_id)
    return [
        one.id
        for one in every
        if one.authorization_id == token.authorization_id and one.id != token.id
    ]


async def _stop(register: Register, webhooks: Sequence[Row]) -> list[int]:
    """Stop webhooks; return those that were sending and are there still."""
    keys = [(one["store_id"], one["webhook_id"]) for one in webhooks]
    return [id_ for store, id_ in keys if await register.webhooks.stop(store, id_)]
