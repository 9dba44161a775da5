"""`sijill privacy export`, `erase` and `recipients`: what is kept of a person, and its end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from msgspec import to_builtins

from sijill.audit.actions import VIEW
from sijill.cli.arguments import ID, argument, command, option, settings_of
from sijill.cli.consent import YES, ask
from sijill.cli.output import FAILED, columns, fail, plain, say, show_json
from sijill.cli.register import (
    REGISTER,
    STORE_OR_ONLY,
    Register,
    find_store_or_only,
    on_register,
    run,
)
from sijill.cli.showing import Shown, table
from sijill.cli.tables import print_table
from sijill.errors import Held, NotFound
from sijill.localized import Language, Localized
from sijill.privacy import wording
from sijill.privacy.holds import REASONS
from sijill.privacy.person import Person, find_person
from sijill.privacy.recipients import Recipient, sent, shown
from sijill.privacy.search import Residue, search
from sijill.settings import Settings
from sijill.settings.parsers import one_of
from sijill.stores.model import Store

CUSTOMER = argument("customer", "Id of a customer.", parse=ID)
LANG = option("--lang", "Language of the sentences.", default="en", parse=one_of("en", "ar"))


@contextmanager
def of_customer(customer_id: int) -> Iterator[None]:
    """End the command if the store has no such customer."""
    try:
        yield
    except NotFound:
        refuse(wording.NO_CUSTOMER, id=customer_id)


def language() -> Language:
    """Return the language that the command's option --lang names; English without one."""
    context = click.get_current_context(silent=True)
    chosen: Language = "en" if context is None else context.params.get("lang", "en")
    return chosen


def refuse(text: Localized, code: int = FAILED, **values: Any) -> NoReturn:
    """End the command with a sentence in its language."""
    fail(text.render(language()).format_map(values), code=code)


def told(text: Localized) -> Shown:
    """Show the values of a row in a sentence of the command's language."""
    return Shown(lambda row: say(plain(text.render(language()).format_map(row))))


def table_of(*names: str, **words: Mapping[str, Localized]) -> Shown:
    """Show rows as a table; in Arabic with Arabic headings, and the `words` of its columns."""

    def show(rows: list[dict[str, Any]]) -> None:
        if language() == "en":
            print_table(rows, names)
            return
        headings = {name: wording.label(name, "ar") for name in names}
        arabic = [{headings[name]: _word(words, name, row[name]) for name in names} for row in rows]
        print_table(arabic, [*headings.values()])

    return Shown(show, print_table)


def _word(words: Mapping[str, Mapping[str, Localized]], column: str, value: Any) -> Any:
    known = words.get(column, {}).get(value) if isinstance(value, str) else None
    return value if known is None else known.ar


def _show_export(result: dict[str, Any]) -> None:
    if "html" in result:
        print(result["html"])
    else:
        show_json(result)


@on_register(
    CUSTOMER,
    option("--html", "Print a page that people can read, in Arabic and English.", is_flag=True),
    STORE_OR_ONLY,
    shown=Shown(_show_export),
)
async def export_command(
    register: Register, customer: int, html: bool, store: str
) -> dict[str, Any]:
    found, now = await find_store_or_only(register, store), datetime.now(UTC)
    with of_customer(customer):
        sections = await register.gatherer.gather(found, customer)
    await register.note(VIEW, found.id, [customer])
    if html:
        from sijill.privacy.page import page  # it loads every table, as below: help does without

        return {"html": page(found, customer, sections, now)}
    told: dict[str, Any] = to_builtins(sections)
    return {"store_id": found.id, "customer_id": customer, "made_at": now, **told}


@on_register(
    CUSTOMER,
    STORE_OR_ONLY,
    shown=table("app", "by", "url", "received", "perhaps", "last_at"),
)
async def recipients_command(register: Register, customer: int, store: str) -> list[dict[str, Any]]:
    tenant = await find_store_or_only(register, store)
    with of_customer(customer):
        sections = await register.gatherer.gather(tenant, customer)
    await register.note("privacy.view", tenant.id, [customer], ["recipients"])
    apps = await register.apps.names()
    found = [*sent(sections["deliveries"]), *shown(sections["audit"], apps)]
    return columns(found, *Recipient.__struct_fields__)


def _show_erasure(result: dict[str, Any]) -> None:
    language: Language = result["language"]

    def told(text: Localized, **values: Any) -> None:
        say(text.render(language).format_map(values))

    rows = ", ".join(f"{name} {count}" for name, count in result["rows"].items())
    rows = rows or wording.NO_ROWS.render(language)
    if result["deleted_at"] is not None:
        told(wording.DELETED_BEFORE, id=result["customer_id"], at=result["deleted_at"], rows=rows)
        told(wording.NOT_SEARCHED)
        return
    told(wording.ERASED, id=result["customer_id"], rows=rows)
    if result["found"]:
        for one in result["found"]:
            told(wording.LEFT, **one)
    else:
        told(wording.CLEAN, fields=", ".join(result["searched"]))
    for text, fields in (
        (wording.NOT_TOLD_APART, result["shared"]),
        (wording.TOO_SHORT, result["too_short"]),
    ):
        if fields:
            told(text, fields=", ".join(fields))
    for name in result["limits"]:
        told(wording.LIMITS[name])


@command(
    CUSTOMER,
    YES,
    LANG,
    STORE_OR_ONLY,
    settings=(*REGISTER, "secret_key"),
    shown=Shown(_show_erasure, is_bad=lambda result: bool(result["found"])),
)
def erase_command(
    flags: dict[str, Any], customer: int, yes: bool, lang: Language, store: str
) -> dict[str, Any]:
    settings = settings_of(flags)

    async def look(register: Register) -> Store:
        found = await find_store_or_only(register, store)
        await _person(register, found.id, customer)
        return found

    found = run(settings, look)
    ask(wording.CONFIRM.render(lang).format(id=customer, store=found.name), yes=yes)
    return run(settings, lambda register: _erase(register, settings, found.id, customer, lang))


async def _person(register: Register, store_id: int, customer: int) -> Person:
    with of_customer(customer):
        return await find_person(register.customers, store_id, customer)


async def _erase(
    register: Register, settings: Settings, store_id: int, customer: int, lang: Language
) -> dict[str, Any]:
    person = await _person(register, store_id, customer)
    try:
        rows = await register.eraser.erase(store_id, customer, datetime.now(UTC))
    except Held as held:
        told = {"until": f"{held.until:%Y-%m-%d}", "reason": REASONS[held.reason].render(lang)}
        fail(wording.KEPT_BACK.render(lang).format_map(told))
    from sijill.opening import ERASURES_FILE
    from sijill.privacy import ledger_file

    await ledger_file.save(Path(settings.data_dir) / ERASURES_FILE, register.erasures)
    is_empty = await register.driver.empty_log()
    await register.driver.vacuum()
    residue = await search(register.driver, folders_of(settings), person.values())
    limits = [register.driver.dialect, *([] if is_empty else ["log"])]
    more = {"limits": limits, "language": lang, "deleted_at": person.deleted_at}
    return _result(store_id, customer, rows, residue) | more


def _result(
    store_id: int, customer_id: int, rows: Mapping[str, int], residue: Residue
) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "customer_id": customer_id,
        "rows": dict(rows),
        **residue._asdict(),
        "found": [one._asdict() for one in residue.found],
    }


def folders_of(settings: Settings) -> list[Path]:
    """Return the folders that a search covers: the data folder, and that of a SQLite file."""
    folders = [Path(settings.data_dir).absolute()]
    from sijill.database.open import SERVERS, location_of
    from sijill.opening import database_url

    url = database_url(settings)
    if not url.startswith(SERVERS):
        folders.append(location_of(url).path.parent)
    return [each for each in dict.fromkeys(folders) if each.is_dir()]
