"""The journal of a namespace: its newest requests, and what became of each."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote, urlencode

from sijill.console.formats import second
from sijill.errors import NotFound
from sijill.http.query import parse_id, parse_query
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.sandbox.arrivals import Arrival
from sijill.sandbox.console.showing import Pages, show
from sijill.sandbox.journal import Entry

SHOWN = 50
"""Requests of a page."""

STATUSES = ("2", "3", "4", "401", "404", "422", "429", "5", "503", "0")
"""The choices of the filter by status: the beginnings of statuses; 0 is no answer."""


class JournalPages(Pages):
    """Answers with the requests of a namespace. Neither bodies nor values of queries are shown."""

    async def list(self, request: Request, visit: Visit) -> Response:
        """Answer with the newest requests that the filters of the query select."""
        asked = dict(parse_query(request.query))
        journal = self.namespace.journal
        path, status = asked.get("path", "").strip(), asked.get("status", "")
        before = parse_id(asked.get("before", ""))
        found = journal.newest(selecting(path, status), SHOWN + 1, before)
        rows = [self._row(visit, number, cast(Arrival, one)) for number, one in found[:SHOWN]]
        filters = {"path": path, "status": status if status in STATUSES else ""}
        kept = urlencode({name: text for name, text in filters.items() if text})
        following = f"{kept}&before={rows[-1]['number']}".lstrip("&") if found[SHOWN:] else ""
        return show(
            visit,
            self.namespace,
            "sandbox_requests.html",
            rows=rows,
            asked=filters,
            statuses=STATUSES,
            first=None if before is None else f"?{kept}",
            next=f"?{following}" if following else None,
            overflowed=journal.overflowed,
        )

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with one request. Raises: NotFound for one that the journal has not."""
        number = visit.id_at(2)
        found = self.namespace.journal.numbered(number)
        if not isinstance(found, Arrival):
            raise NotFound
        entry: Entry = found.entry()
        return show(
            visit,
            self.namespace,
            "sandbox_request.html",
            row=self._row(visit, number, found),
            entry=entry,
            names=[name for name, _ in parse_query(entry.query.encode("latin-1"))],
            curl=self._curl(entry),
        )

    def _curl(self, entry: Entry) -> str:
        """Return the command that gets the same request from the control API, body and all."""
        name = self.namespace.identity.name
        base = self.namespace.identity.url.removesuffix(self.namespace.identity.path.decode())
        key = {"id": entry.id} if entry.id else {"method": entry.method, "path": entry.path}
        place = f"{base}/_/ns/{quote(name)}/requests?{urlencode(key)}"
        return f"curl -H \"Authorization: Bearer $SIJILL_ADMIN_TOKEN\" '{place}'"

    def _row(self, visit: Visit, number: int, one: Arrival) -> dict[str, Any]:
        at = datetime.fromtimestamp(one.at, UTC)
        return {
            "number": number,
            "at": second(at, visit.store.timezone),
            "method": one.method,
            "path": one.path.decode("latin-1"),
            "status": one.status,
            "kind": KINDS.get(one.status // 100, "off"),
            "id": one.id,
            "fault": one.fault or "",
        }


KINDS: Mapping[int, str] = {2: "ok", 3: "ok", 4: "warn", 5: "fault"}
"""The kind of the badge of a status, by its hundreds."""


def selecting(path: str, status: str) -> Callable[[Any], bool]:
    """Return whether a request is meant: a part of its path, and the beginning of its status."""
    part = path.encode("latin-1", "replace")
    begun = status if status in STATUSES else ""
    return lambda one: part in one.path and str(one.status).startswith(begun)
