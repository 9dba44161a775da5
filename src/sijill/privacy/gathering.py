"""Gathers everything that is kept of one person, in sections of rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import to_builtins

from sijill.audit.model import Entry
from sijill.audit.search import EntryFilter
from sijill.audit.table import AuditTable
from sijill.customers.fields import COLUMNS
from sijill.customers.model import Extras
from sijill.customers.table import CustomerTable
from sijill.database.columns import moment
from sijill.database.driver import Driver, Row
from sijill.privacy.holds import HoldTable
from sijill.privacy.person import Person, find_person
from sijill.privacy.requests import PersonRequestTable
from sijill.stores.model import Store

Rows = list[dict[str, Any]]
Sections = dict[str, Rows]
"""The rows of each section, by its name in `privacy.wording`; a moment is an aware datetime."""

PAGE = 100
"""Batches of uploaded rows, and refused rows, in memory at once."""


def _named(*names: str) -> Callable[[Row], dict[str, Any]]:
    """Return what makes a row of these columns; those that end in `at` are moments."""

    def named(row: Row) -> dict[str, Any]:
        pairs = zip(names, row, strict=True)
        return {
            name: moment(value) if name.endswith("at") and value is not None else value
            for name, value in pairs
        }

    return named


def _event(row: Row) -> dict[str, Any]:
    id_, name, at, body, app_id = row
    if body is None:
        told: Any = None
    else:  # the body of an event for one app alone is sealed: nobody else reads it
        told = "sealed" if app_id is not None else _told(bytes(body))
    return {"id": id_, "event": name, "at": moment(at), "body": told}


def _told(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body.decode("utf-8", "replace")


READ: Mapping[str, tuple[str, Callable[[Row], dict[str, Any]]]] = {
    "groups": ("groups_of_person", _named("id", "name", "source")),
    "wallet": ("wallet_of_person", _named("number", "amount", "balance", "app", "at")),
    "points": ("points_of_person", _named("number", "points", "balance", "reason", "app", "at")),
    "events": ("events_of_person", _event),
    "deliveries": (
        "deliveries_of_person",
        _named("app", "url", "event", "state", "attempts", "created_at", "status"),
    ),
    "idempotency_keys": ("idempotency_keys_of_person", _named("app", "key", "done_at")),
    "imports": ("imports_of_person", _named("id", "file", "created_at")),
}
"""The statement of each section by store and customer, and what makes a row of a row."""


class Gatherer:
    """Gathers what is kept of persons. Every method may raise Unavailable."""

    def __init__(
        self,
        driver: Driver,
        customers: CustomerTable,
        holds: HoldTable,
        requests: PersonRequestTable,
        audit: AuditTable,
    ) -> None:
        self._driver, self._customers, self._audit = driver, customers, audit
        self._holds, self._requests = holds, requests

    async def gather(self, store: Store, customer_id: int) -> Sections:
        """Return all that is kept of a customer, be it one who was deleted. Raises: NotFound."""
        person = await find_person(self._customers, store.id, customer_id)
        sections: Sections = {"profile": [_profile(person)]}
        for name, (statement, make) in READ.items():
            found = await self._driver.all(statement, store.id, customer_id)
            sections[name] = [make(row) for row in found]
        sections["uploaded_rows"] = await self._uploaded(person)
        sections["refused_rows"] = await self._refused(person)
        hold = await self._holds.of_customer(store.id, customer_id)
        sections["holds"] = [] if hold is None else [_own(hold)]
        requests = await self._requests.all(store.id)
        sections["requests"] = [_own(one) for one in requests if one.customer_id == customer_id]
        sections["audit"] = await self._seen(person)
        return sections

    async def _seen(self, person: Person) -> Rows:
        """Return who was shown the person's data, and who changed them, the oldest first."""
        await self._audit.seal_waiting()
        wanted = EntryFilter(store=person.store_id, customer=person.customer.id)
        return [_entry(entry) async for entry in self._audit.entries(wanted)]

    async def _uploaded(self, person: Person) -> Rows:
        """Return the rows of files that wait, as they were uploaded, that are about a person."""
        found: Rows = []
        after = (0, -1)
        while rows := await self._after("import_batches_after", person, after):
            for import_id, _, content in rows:
                every: Sequence[Any] = msgspec.json.decode(content)
                about = [row for row in every if person.is_in(row[1])]
                found += [{"import": import_id, "line": row[0], "cells": row[1]} for row in about]
            after = (rows[-1][0], rows[-1][1])
        return found

    async def _refused(self, person: Person) -> Rows:
        """Return the refused rows that are about a person."""
        found: Rows = []
        after = (0, -1)
        while rows := await self._after("import_rejects_after", person, after):
            for import_id, line, reason, text in rows:
                cells = msgspec.json.decode(text)
                if person.is_in(cells):
                    row = {"import": import_id, "line": line, "reason": reason, "cells": cells}
                    found.append(row)
            after = (rows[-1][0], rows[-1][1])
        return found

    async def _after(self, name: str, person: Person, after: tuple[int, int]) -> Sequence[Row]:
        return await self._driver.all(name, person.store_id, *after, PAGE)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "at": moment(entry.at),
        "action": entry.action,
        "kind": entry.kind,
        "actor": entry.actor or None,
        "through": entry.through,
        "fields": list(entry.fields),
    }


def _profile(person: Person) -> dict[str, Any]:
    """Return every field of a customer in the order of the columns of files."""
    customer = person.customer
    if person.deleted_at is not None:
        return {"id": customer.id, "deleted_at": person.deleted_at}
    own = {name: getattr(customer, name) for name in customer.__struct_fields__}
    extras = customer.extras or Extras()
    own |= {name: getattr(extras, name) for name in extras.__struct_fields__}
    del own["extras"]
    return {name: own[name] for name in [*COLUMNS, *own] if name in own}


def _own(value: Any) -> dict[str, Any]:
    """Return the attributes of a hold or a request, without the ids of store and customer."""
    names = [name for name in value.__struct_fields__ if name not in ("store_id", "customer_id")]
    return {name: getattr(value, name) for name in names}


def plain(sections: Sections) -> Any:
    """Return sections as JSON's own types."""
    return to_builtins(sections)
