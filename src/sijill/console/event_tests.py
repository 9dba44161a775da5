"""A test event: an event of a customer that a person lets happen, for those who listen to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.forms import submitted, text_of
from sijill.customers.browsing import Browser
from sijill.customers.model import Customer
from sijill.customers.selection import Selection
from sijill.customers.triggering import Told, triggered
from sijill.errors import NotFound
from sijill.http.query import parse_id
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.values.texts import ascii_digits
from sijill.webhooks.handlers import MAX_WEBHOOKS
from sijill.webhooks.model import Webhook

PLACE = "nav_webhooks"


@dataclass(frozen=True)
class EventTests:
    """Answers with the form of a test event, and lets the event happen."""

    desk: Desk

    async def ask(self, request: Request, visit: Visit) -> Response:
        """Answer with the form: the newest customer stands in it. Raises: NotFound; Unavailable."""
        hook = await self._find(visit)
        browser = Browser(self.desk.register.driver)
        newest = (await browser.page(visit.store, Selection(), size=1)).rows
        customer = str(newest[0].id) if newest else ""
        return await self._form(visit, hook, {"event": hook.event, "customer": customer}, {})

    async def send(self, request: Request, visit: Visit) -> Response:
        """Let the event of the form happen. Raises: BadRequest; ForgedForm; NotFound."""
        form, hook = await submitted(request, visit), await self._find(visit)
        sent = {name: text_of(form, name).strip() for name in ("event", "customer")}
        if sent["event"] not in await self._events(visit, hook):
            return await self._form(visit, hook, sent, {"event": "webhooks_test_no_event"})
        customer = await self._customer(visit, sent["customer"])
        if customer is None:
            return await self._form(visit, hook, sent, {"customer": "webhooks_test_no_customer"})
        if not await self._trigger(visit, sent["event"], customer):
            return await self._form(visit, hook, sent, {"customer": "webhooks_test_no_contact"})
        return go(visit, f"/webhooks/{hook.id}", "done_webhook_tested")

    async def _customer(self, visit: Visit, text: str) -> Customer | None:
        """Return the customer of the store with an id, or None."""
        customer_id = parse_id(ascii_digits(text))
        if customer_id is None:
            return None
        try:
            customers = self.desk.register.customers
            return await customers.find(visit.store.id, customer_id, extras=True)
        except NotFound:
            return None

    async def _trigger(self, visit: Visit, name: str, customer: Customer) -> bool:
        """Let an event happen; return False for a code that can be sent nowhere."""
        escaped = self.desk.settings.webhook_body == "escaped"
        try:
            event = triggered(visit.store, name, self.desk.now(), customer, Told(), escaped=escaped)
        except ValueError:
            return False
        register = self.desk.register
        await register.audit.note(visit.cause, "customer.send", visit.store.id, [customer.id])
        await register.outbox.append(event)
        return True

    async def _find(self, visit: Visit) -> Webhook:
        return await self.desk.register.webhooks.of_id(visit.store.id, visit.id_at(1))

    async def _events(self, visit: Visit, hook: Webhook) -> Sequence[str]:
        """Return the events that the app of an endpoint gets at its address, its own one first."""
        page = await self.desk.register.webhooks.page(
            visit.store.id, hook.app_id, offset=0, limit=MAX_WEBHOOKS
        )
        others = {one.event for one in page.webhooks if one.url == hook.url}
        return [hook.event, *sorted(others - {hook.event})]

    async def _form(
        self, visit: Visit, hook: Webhook, values: Mapping[str, str], faults: Mapping[str, str]
    ) -> Response:
        return show(
            visit,
            "event_test.html",
            PLACE,
            status=422 if faults else 200,
            hook=hook,
            events=await self._events(visit, hook),
            values=values,
            faults=faults,
        )
