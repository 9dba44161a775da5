"""Create, edit, ban, let in again and delete one customer: by the rules and messages of the API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sijill.console.answers import go, show
from sijill.console.customers.form import EMPTY, FORM, body_of, sent_by, texts_of
from sijill.console.customers.seen import is_whole, revealed_to, row
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import Faults, sentences, submitted, text_of
from sijill.customers.bans import banned, read_reason, unbanned
from sijill.customers.handlers import taken
from sijill.customers.model import Customer, Edit
from sijill.customers.reading import changed, read_customer
from sijill.database.columns import micros
from sijill.errors import Held, Invalid, NotFound, PreconditionFailed
from sijill.groups.model import DEFAULT_GROUP
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.values.dates import zone

GROUPS = 200
"""The groups that the form offers; a customer stays in others."""


@dataclass(frozen=True)
class CustomerChanges:
    """Answers to the forms that change one customer."""

    desk: Desk

    async def new(self, request: Request, visit: Visit) -> Response:
        """Answer with an empty form. Raises: Unavailable."""
        return await self._form(visit, None, EMPTY, [])

    async def create(self, request: Request, visit: Visit) -> Response:
        """
        Make a customer, and show it.

        Raises: BadRequest; ForgedForm; Unavailable.
        """
        form = await submitted(request, visit)
        sent, groups = sent_by(form)
        now = self.desk.now()
        try:
            reading = read_customer(body_of(sent, groups, None), new=True, today=self._today(visit))
            reading.check(None)
            values = reading.values
            edit = Edit(
                None, lambda _: changed(None, values, now), values.get("groups", DEFAULT_GROUP)
            )
            made = await self._change(visit, edit)
        except Invalid as fault:
            return await self._form(visit, None, sent, groups, sentences(request, fault))
        return go(visit, f"/customers/{made.id}", "done_customer_created")

    async def edit(self, request: Request, visit: Visit) -> Response:
        """
        Answer with the form of a customer, for a person who sees the customer whole.

        Raises: NotFound; Unavailable.
        """
        found = await self._find(visit)
        if not is_whole(found.id, await revealed_to(self.desk, visit)):
            return go(visit, f"/customers/{found.id}", "refused_reveal_first")
        visit.request.viewed = "customer.view", (found.id,)
        return await self._form(visit, found, texts_of(found), found.groups)

    async def update(self, request: Request, visit: Visit) -> Response:
        """
        Change what the form changes, unless the customer was changed since the form was shown.

        Raises: BadRequest; ForgedForm; NotFound; Unavailable.
        """
        form, found = await submitted(request, visit), await self._find(visit)
        if not is_whole(found.id, await revealed_to(self.desk, visit)):
            return go(visit, f"/customers/{found.id}", "refused_reveal_first")
        sent, groups = sent_by(form)
        now, seen = self.desk.now(), text_of(form, "seen")
        reading = read_customer(body_of(sent, groups, found), new=False, today=self._today(visit))

        def decide(old: Customer) -> Customer:
            if str(micros(old.updated_at)) != seen:
                raise PreconditionFailed
            reading.check(old)
            return changed(old, reading.values, now)

        try:
            await self._change(visit, Edit(found.id, _there(decide), reading.values.get("groups")))
        except Invalid as fault:
            return await self._form(visit, found, sent, groups, sentences(request, fault))
        except PreconditionFailed:
            return await self._form(visit, found, sent, groups, stale=True)
        return go(visit, f"/customers/{found.id}", "done_customer_saved")

    async def ask_ban(self, request: Request, visit: Visit) -> Response:
        """Answer with the form of a ban. Raises: NotFound; Unavailable."""
        return await self._asking(visit, "customer_ban.html", reason="", faults=Faults())

    async def ban(self, request: Request, visit: Visit) -> Response:
        """Ban a customer for a reason. Raises: BadRequest; ForgedForm; NotFound; Unavailable."""
        form, now = await submitted(request, visit), self.desk.now()
        try:
            reason = read_reason(form)
        except Invalid as fault:
            values = {"reason": text_of(form, "reason"), "faults": sentences(request, fault)}
            return await self._asking(visit, "customer_ban.html", 422, **values)
        edit = Edit(visit.id_at(1), _there(lambda old: banned(old, reason, now)))
        made = await self._change(visit, edit)
        return go(visit, f"/customers/{made.id}", "done_customer_banned")

    async def unban(self, request: Request, visit: Visit) -> Response:
        """End a ban. Raises: BadRequest; ForgedForm; NotFound; Unavailable."""
        await submitted(request, visit)
        now = self.desk.now()
        made = await self._change(visit, Edit(visit.id_at(1), _there(lambda o: unbanned(o, now))))
        return go(visit, f"/customers/{made.id}", "done_customer_unbanned")

    async def ask_delete(self, request: Request, visit: Visit) -> Response:
        """Answer with the question before a deletion. Raises: NotFound; Unavailable."""
        return await self._asking(visit, "customer_delete.html", held_until=None)

    async def delete(self, request: Request, visit: Visit) -> Response:
        """Delete a customer for good. Raises: BadRequest; ForgedForm; NotFound; Unavailable."""
        await submitted(request, visit)
        customers = self.desk.register.customers.by(visit.cause)
        try:
            await customers.delete(visit.store.id, visit.id_at(1), self.desk.now())
        except Held as fault:
            until = moment(fault.until, visit.store.timezone)
            return await self._asking(visit, "customer_delete.html", 409, held_until=until)
        return go(visit, "/customers", "done_customer_deleted")

    async def _find(self, visit: Visit) -> Customer:
        customers = self.desk.register.customers
        return await customers.find(visit.store.id, visit.id_at(1), extras=True)

    async def _change(self, visit: Visit, edit: Edit) -> Customer:
        """Make one edit as the person. Raises: Invalid for a value that another customer has."""
        customers = self.desk.register.customers.by(visit.cause)
        (outcome,) = await customers.change(visit.store.id, [edit])
        if outcome.refused is not None:
            raise taken(outcome.refused)
        return outcome.customer

    async def _asking(
        self, visit: Visit, template: str, status: int = 200, **values: Any
    ) -> Response:
        found = await self._find(visit)
        revealed = await revealed_to(self.desk, visit)
        visit.request.viewed = "customer.view", (found.id,)
        shown = row(found, visit, revealed)
        return show(visit, template, "nav_customers", status=status, customer=shown, **values)

    async def _form(
        self,
        visit: Visit,
        found: Customer | None,
        values: Mapping[str, str],
        groups: Sequence[int],
        faults: Faults | None = None,
        *,
        stale: bool = False,
    ) -> Response:
        page = await self.desk.register.groups.page(visit.store.id, offset=0, limit=GROUPS)
        listed, chosen = {group.id for group in page.groups}, set(groups)
        path = "/customers/new" if found is None else f"/customers/{found.id}/edit"
        return show(
            visit,
            "customer_form.html",
            "nav_customers",
            status=409 if stale else 422 if faults else 200,
            found=found is not None,
            action=visit.at(path),
            back=visit.at("/customers" if found is None else f"/customers/{found.id}"),
            seen="" if found is None else micros(found.updated_at),
            fields=FORM,
            values=values,
            chosen=chosen,
            unlisted=sorted(chosen - listed),
            groups=[(group.id, group.name or str(group.id)) for group in page.groups],
            faults=faults or Faults(),
            stale=stale,
        )

    def _today(self, visit: Visit) -> date:
        return self.desk.now().astimezone(zone(visit.store.timezone)).date()


def _there(decide: Callable[[Customer], Customer]) -> Callable[[Customer | None], Customer]:
    """Return the decision about a customer that has to be there."""

    def decided(old: Customer | None) -> Customer:
        if old is None:
            raise NotFound
        return decide(old)

    return decided
