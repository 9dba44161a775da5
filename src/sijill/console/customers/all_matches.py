"""What is done to all customers of a selection: chosen, confirmed by number, watched, stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sijill.bulk.model import (
    ACTIONS,
    CONFIRMED_WITHIN,
    OPEN,
    Action,
    BulkChange,
    NotWaiting,
)
from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import Faults, sentences, submitted, text_of
from sijill.customers.bans import read_reason
from sijill.customers.browsing import Browser
from sijill.customers.selection import Cursor, Exactly, Place, Selection
from sijill.customers.selection_query import parse_selection, query_of_page, selection_pairs
from sijill.database.columns import micros
from sijill.errors import Invalid, NotFound
from sijill.http.query import parse_id, parse_query
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.values.ids import random_id
from sijill.values.texts import ascii_digits

LISTED = 20
"""Changes of a store that are listed at most."""


@dataclass(frozen=True)
class AllMatches:
    """Answers with the changes of all customers of a selection."""

    desk: Desk

    async def ask(self, request: Request, visit: Visit) -> Response:
        """Answer with the form of a change, and the newest changes. Raises: Invalid."""
        return await self._form(visit, {}, Faults())

    async def begin(self, request: Request, visit: Visit) -> Response:
        """
        Keep a change, to be counted and confirmed.

        Raises: BadRequest; ForgedForm; Invalid; Unavailable.
        """
        form, selection = await submitted(request, visit), _selection(request)
        try:
            action, reason, group_id = await self._read(visit, form)
        except Invalid as fault:
            values = {name: text_of(form, name) for name in ("action", "reason", "group_id")}
            return await self._form(visit, values, sentences(request, fault))
        now = self.desk.now()
        place = Place(micros(now) + 1, 0)
        browser = Browser(self.desk.register.driver)
        counted = await browser.count(visit.store, selection, cursor=Cursor(place))
        is_exact = isinstance(counted, Exactly)
        change = BulkChange(
            store_id=visit.store.id,
            id=random_id(self.desk.draw),
            person_id=visit.person.id,
            action=action,
            selection=selection,
            reason=reason,
            group_id=group_id,
            state="waiting" if is_exact else "counting",
            total=counted.number if isinstance(counted, Exactly) else None,
            done=0,
            changed=0,
            refused=0,
            place=place,
            created_at=now,
        )
        await self.desk.register.bulk.add(change)
        return go(visit, f"/customers/act/{change.id}")

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with how far a change is. Raises: NotFound; Unavailable."""
        return await self._change(visit, Faults())

    async def confirm(self, request: Request, visit: Visit) -> Response:
        """
        Let a change begin for the number that the person wrote.

        Raises: BadRequest; ForgedForm; NotFound; Unavailable.
        """
        form, change_id = await submitted(request, visit), visit.id_at(2)
        number = _number(text_of(form, "number"))
        try:
            await self.desk.register.bulk.confirm(
                visit.store.id, change_id, number, self.desk.now()
            )
        except NotWaiting:
            return go(visit, f"/customers/act/{change_id}", "refused_act_confirm")
        except Invalid as fault:
            return await self._change(visit, sentences(request, fault))
        return go(visit, f"/customers/act/{change_id}", "done_act_begun")

    async def stop(self, request: Request, visit: Visit) -> Response:
        """End a change early. Raises: BadRequest; ForgedForm; NotFound; Unavailable."""
        await submitted(request, visit)
        change_id = visit.id_at(2)
        await self.desk.register.bulk.stop(visit.store.id, change_id, self.desk.now())
        return go(visit, f"/customers/act/{change_id}", "done_act_stopped")

    async def _read(self, visit: Visit, form: Mapping[str, Any]) -> tuple[Action, str, int | None]:
        """Return the action of a form, its reason and its group. Raises: Invalid."""
        name = text_of(form, "action")
        if name not in ACTIONS:
            raise Invalid({"action": ["invalid" if name else "required"]})
        action: Action = name
        reason = read_reason(form) if action == "ban" else ""
        group_id = None
        if action == "add_to_group":
            group_id = parse_id(text_of(form, "group_id"))
            try:
                await self.desk.register.groups.find(visit.store.id, group_id or 0)
            except NotFound:
                raise Invalid({"group_id": ["invalid"]}) from None
        return action, reason, group_id

    async def _form(self, visit: Visit, values: Mapping[str, str], faults: Faults) -> Response:
        selection, register = _selection(visit.request), self.desk.register
        count = await Browser(register.driver).count(visit.store, selection)
        groups = await register.groups.page(visit.store.id, offset=0, limit=200)
        changes = await register.bulk.newest(visit.store.id, LISTED)
        return show(
            visit,
            "customers_act.html",
            "nav_customers",
            status=422 if faults else 200,
            exactly=count.number if isinstance(count, Exactly) else None,
            count=count,
            filters=dict(selection_pairs(selection)),
            query=query_of_page(selection),
            actions=ACTIONS,
            groups=[(group.id, group.name or str(group.id)) for group in groups.groups],
            values={"action": "", "reason": "", "group_id": ""} | dict(values),
            faults=faults,
            changes=[(one, moment(one.created_at, visit.store.timezone)) for one in changes],
        )

    async def _change(self, visit: Visit, faults: Faults) -> Response:
        register = self.desk.register
        change = await register.bulk.find(visit.store.id, visit.id_at(2))
        late = self.desk.now() - change.created_at > CONFIRMED_WITHIN
        return show(
            visit,
            "customers_act_one.html",
            "nav_customers",
            status=422 if faults else 200,
            change=change,
            filters=dict(selection_pairs(change.selection)),
            query=query_of_page(change.selection),
            confirmable=change.state == "waiting" and not late,
            open=change.state in OPEN,
            begun=moment(change.created_at, visit.store.timezone),
            faults=faults,
        )


def _selection(request: Request) -> Selection:
    return parse_selection(parse_query(request.query))


def _number(text: str) -> int | None:
    digits = ascii_digits(text).replace(",", "").replace("٬", "")
    return int(digits) if digits.isdecimal() and len(digits) < 20 else None
