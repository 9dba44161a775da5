"""The audit log of a store: who saw or changed what, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

from sijill.audit.actions import ACTIONS
from sijill.audit.model import Entry
from sijill.audit.search import EntryFilter
from sijill.console.answers import show
from sijill.console.changes import actors_of, done
from sijill.console.desk import Desk
from sijill.console.formats import Moment, moment_of_micros
from sijill.database.columns import maybe_micros
from sijill.http.query import parse_id, parse_query
from sijill.http.request import Request, Response, chosen_language
from sijill.oauth.visits import Visit
from sijill.values.dates import bounds_of_days
from sijill.values.texts import ascii_digits

SHOWN = 40
"""Entries of a page: the newest."""

SHOWN_IDS = 5

PLACE = "nav_audit"


class Line(NamedTuple):
    """An entry as the page shows it."""

    at: Moment
    sentence: str
    kind: str
    who: str
    """The name of an app or a person, or its id; "" for the operator and the server."""
    through: str
    whole: bool
    """Whether every customer of the store is meant."""
    ids: str
    """The ids of the first subjects."""
    more: int
    """How many more there are."""
    fields: str
    reason: str
    ticket: str


@dataclass(frozen=True)
class AuditPage:
    """Answers with the audit log of a store."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the newest entries that the filters of the query select."""
        asked = dict(parse_query(request.query))
        wanted, faults = selected(asked, visit.store.id, visit.store.timezone)
        audit = self.desk.register.audit
        found = list[Entry]()
        if not faults:
            async for entry in audit.entries(wanted, newest_first=True):
                found.append(entry)
                if len(found) > SHOWN:
                    break
        request.viewed = ("audit.view", ())
        language = chosen_language(request)
        actions = [(name, done(name, language)) for name in ACTIONS]
        return show(
            visit,
            "audit.html",
            PLACE,
            status=422 if faults else 200,
            lines=await self._lines(visit, found),
            more=len(found) > SHOWN,
            most=SHOWN,
            asked=asked,
            faults=faults,
            actions=actions,
        )

    async def _lines(self, visit: Visit, entries: list[Entry]) -> list[Line]:
        names = await actors_of(self.desk.register, visit.store.id, entries)
        language = chosen_language(visit.request)
        return [
            Line(
                at=moment_of_micros(entry.at, visit.store.timezone),
                sentence=done(entry.action, language),
                kind=entry.kind,
                who=names.get((entry.kind, entry.actor), str(entry.actor or "")),
                through=entry.through,
                whole=entry.whole,
                ids=", ".join(map(str, entry.ids[:SHOWN_IDS])),
                more=max(0, len(entry.ids) - SHOWN_IDS),
                fields=", ".join(entry.fields),
                reason=entry.reason,
                ticket=entry.ticket,
            )
            for entry in islice(entries, SHOWN)
        ]


def selected(
    asked: Mapping[str, str], store_id: int, timezone: str
) -> tuple[EntryFilter, dict[str, str]]:
    """
    Return the filter of a query, and the keys of the words of its faults by field.

    Days are of the time zone of the store; `to` is the last one. Unknown actions are no filter.
    """
    faults: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in ("from", "to"):
        days[name] = _day(asked.get(name, ""))
        if days[name] is None and asked.get(name, "").strip():
            faults[name] = "audit_bad_day"
    number = ascii_digits(asked.get("customer", "").strip())
    customer = parse_id(number)
    if number and customer is None:
        faults["customer"] = "audit_bad_customer"
    action = asked.get("action", "")
    since, until = bounds_of_days(days["from"], days["to"], timezone)
    wanted = EntryFilter(
        since=maybe_micros(since),
        until=maybe_micros(until),
        store=store_id,
        customer=customer,
        action=action if action in ACTIONS else None,
    )
    return wanted, faults


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(ascii_digits(text.strip()))
    except ValueError:
        return None
    return day if date(1970, 1, 2) <= day <= date(9999, 12, 30) else None
