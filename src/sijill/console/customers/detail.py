"""One customer: everything that is known, what was done, and how the API tells of it."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

import msgspec

from sijill.audit.causes import REASONS
from sijill.audit.model import Entry
from sijill.audit.search import EntryFilter
from sijill.console.answers import go, show
from sijill.console.changes import Change, changes_of, newest_changes
from sijill.console.customers.form import FACTS
from sijill.console.customers.seen import is_whole, reveal, revealed_to, row
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import NO_REASON, Faults, reason_in, sentences, submitted
from sijill.customers.masking import masked_json
from sijill.customers.model import Customer
from sijill.customers.row import customer_with_extras, own_columns
from sijill.customers.wire import body_of_row
from sijill.database.columns import micros
from sijill.errors import Invalid
from sijill.http.envelope import success
from sijill.http.request import PREFIX, Request, Response
from sijill.oauth.visits import Visit

SHOWN = 50
"""Entries of a timeline at most."""

PATIENCE = 0.03
"""Seconds after which no older part of the log is looked through."""

SPANS = (timedelta(days=1), timedelta(days=30), timedelta(days=365), timedelta(days=36_500))
"""How far back the log is looked through, part by part."""


@dataclass(frozen=True)
class CustomerDetail:
    """Answers with the pages of one customer."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with everything that is known of a customer. Raises: NotFound; Unavailable."""
        return await self._page(visit, "customer.html", **await self._facts(visit))

    async def timeline(self, request: Request, visit: Visit) -> Response:
        """Answer with who changed what, and when. Raises: NotFound; Unavailable."""
        changes, complete = await self._changes(visit, visit.id_at(1))
        return await self._page(visit, "customer_timeline.html", changes=changes, complete=complete)

    async def api(self, request: Request, visit: Visit) -> Response:
        """Answer with the JSON of the customer, and the command that asks for it."""
        found = await self._find(visit)
        whole = is_whole(found.id, await revealed_to(self.desk, visit))
        data = success(body_of_row(own_columns(found), visit.store))
        if not whole:
            data = msgspec.json.encode(masked_json(msgspec.json.decode(data)))
        address = f"{self.desk.public_url()}{PREFIX}/customers/{found.id}"
        return await self._page(
            visit,
            "customer_api.html",
            json=msgspec.json.format(data, indent=2).decode(),
            command=f'curl -H "Authorization: Bearer $SALLA_TOKEN" {address}',
        )

    async def reveal(self, request: Request, visit: Visit) -> Response:
        """
        Let the person see the customer whole for a while, for a reason and a ticket.

        Raises: BadRequest; ForgedForm; NotFound; Unavailable.
        """
        asked, customer_id = reason_in(await submitted(request, visit)), visit.id_at(1)
        try:
            await reveal(self.desk, visit, asked, customer_id)
        except Invalid as fault:
            faults = sentences(request, fault)
            facts = await self._facts(visit)
            return await self._page(
                visit, "customer.html", 422, asked=asked, faults=faults, **facts
            )
        return go(visit, f"/customers/{customer_id}", "done_customer_revealed")

    async def _find(self, visit: Visit) -> Customer:
        row = await self.desk.register.customers.row(visit.store.id, visit.id_at(1), extras=True)
        return customer_with_extras(row)

    async def _facts(self, visit: Visit) -> dict[str, Any]:
        """Return what the first page of a customer shows besides: groups, and a hold."""
        found, store_id = await self._find(visit), visit.store.id
        register = self.desk.register
        groups = await register.groups.page(store_id, offset=0, limit=1_000)
        names = {group.id: group.name or str(group.id) for group in groups.groups}
        hold = await register.holds.of_customer(store_id, found.id)
        held = hold if hold and hold.is_active(self.desk.now()) else None
        return {
            "groups": [(id_, names.get(id_, str(id_))) for id_ in found.groups],
            "held_until": held and moment(held.ends_at, visit.store.timezone),
            "fields": FACTS,
            "currency": found.currency or visit.store.currency,
        }

    async def _page(
        self,
        visit: Visit,
        template: str,
        status: int = 200,
        *,
        asked: dict[str, str] | None = None,
        faults: Faults | None = None,
        **values: Any,
    ) -> Response:
        found = await self._find(visit)
        revealed = await revealed_to(self.desk, visit)
        visit.request.viewed = "customer.view", (found.id,)
        return show(
            visit,
            template,
            "nav_customers",
            status=status,
            customer=row(found, visit, revealed),
            whole=is_whole(found.id, revealed),
            asked=asked or NO_REASON,
            faults=faults or Faults(),
            reasons=list(REASONS),
            seen=micros(found.updated_at),
            **values,
        )

    async def _changes(self, visit: Visit, customer_id: int) -> tuple[list[Change], bool]:
        """Return the newest changes of a customer, and whether the whole log was looked through."""
        found = list[Entry]()
        now, end = self.desk.now(), monotonic() + PATIENCE
        until = micros(now) + 1
        for span in SPANS:
            if len(found) == SHOWN or monotonic() > end:
                return await changes_of(self.desk, visit, found), False
            since = max(0, micros(now - span))
            wanted = EntryFilter(
                since=since, until=until, store=visit.store.id, customer=customer_id
            )
            found += await newest_changes(self.desk, wanted, SHOWN - len(found))
            until = since
        return await changes_of(self.desk, visit, found), len(found) < SHOWN
