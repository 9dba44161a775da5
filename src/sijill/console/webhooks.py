"""The webhooks of a store: their endpoints, the deliveries of each, and one delivery."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.customers.masking import masked_body
from sijill.http.query import parse_query
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.webhooks.events import customers_in
from sijill.webhooks.model import NO_GRANT, Delivery, State, Webhook

MOST = 50
"""The rows of a list: the newest."""

PLACE = "nav_webhooks"


class Outcome(NamedTuple):
    """How deliveries ended, as people tell them apart: a tab of the page of an endpoint."""

    word: str
    kind: str
    """The kind of its badge."""
    states: tuple[State, ...]


OUTCOMES = {
    "delivered": Outcome("webhooks_delivered", "ok", ("done", "captured")),
    "waiting": Outcome("webhooks_waiting", "info", ("pending",)),
    "failed": Outcome("webhooks_failed", "fault", ("dead", "erased")),
}
"""The outcomes by their names in addresses."""

OF_STATE = {state: outcome for outcome in OUTCOMES.values() for state in outcome.states}


@dataclass(frozen=True)
class WebhookPages:
    """Answers with the webhooks of a store, and sends a delivery once more."""

    desk: Desk

    async def list(self, request: Request, visit: Visit) -> Response:
        """Answer with the newest endpoints. Raises: Unavailable."""
        register, store_id = self.desk.register, visit.store.id
        hooks = await register.webhooks.of_store(store_id, MOST)
        names = await register.apps.names()
        silent = await register.webhooks.without_grant(self.desk.now(), store_id)
        rows = [
            {
                "hook": hook,
                "app": names.get(hook.app_id, ""),
                "state": _state(hook, has_grant=hook.id not in silent),
            }
            for hook in hooks
        ]
        return show(visit, "webhooks.html", PLACE, rows=rows, most=MOST)

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with an endpoint and its newest deliveries. Raises: NotFound; Unavailable."""
        register = self.desk.register
        hook = await register.webhooks.of_id(visit.store.id, visit.id_at(1))
        chosen = dict(parse_query(request.query)).get("outcome", "")
        outcome = OUTCOMES.get(chosen)
        states = outcome.states if outcome else tuple(OF_STATE)
        found = await register.deliveries.of_webhook(hook, states, MOST)
        names = await register.apps.names()
        silent = await register.webhooks.without_grant(self.desk.now(), visit.store.id)
        return show(
            visit,
            "webhook.html",
            PLACE,
            hook=hook,
            app=names.get(hook.app_id, ""),
            state=_state(hook, has_grant=hook.id not in silent),
            created=moment(hook.created_at, visit.store.timezone),
            outcomes=OUTCOMES,
            chosen=chosen if outcome else "",
            rows=[self._row(visit, one) for one in found],
            most=MOST,
        )

    async def show_delivery(self, request: Request, visit: Visit) -> Response:
        """Answer with one delivery and what it sends. Raises: NotFound; Unavailable."""
        register = self.desk.register
        found = await register.deliveries.find(visit.store.id, visit.id_at(1), visit.segment(3))
        event = found.event
        revealed = await register.reveals.of(visit.person, visit.store.id, self.desk.now())
        whole = revealed.everybody or event.customer_id in revealed.ids
        request.viewed = customers_in([event])
        return show(
            visit,
            "delivery.html",
            PLACE,
            hook=found.webhook,
            event=event,
            one=self._row(visit, found.delivery),
            at=moment(event.at, visit.store.timezone),
            body=event.body.decode() if whole else masked_body(event.body),
            is_whole=whole,
        )

    async def resume(self, request: Request, visit: Visit) -> Response:
        """Send to a paused endpoint again. Raises: ForgedForm; NotFound; Unavailable."""
        await visit.form()
        register = self.desk.register
        hook = await register.webhooks.of_id(visit.store.id, visit.id_at(1))
        await register.webhooks.by(visit.cause).resume(hook.id)
        return go(visit, f"/webhooks/{hook.id}", "done_webhook_resumed")

    async def redeliver(self, request: Request, visit: Visit) -> Response:
        """Send a delivery once more. Raises: ForgedForm; NotFound; Unavailable."""
        await visit.form()
        deliveries = self.desk.register.deliveries
        found = await deliveries.find(visit.store.id, visit.id_at(1), visit.segment(3))
        await deliveries.by(visit.cause).redeliver_one(found, self.desk.now())
        path = f"/webhooks/{found.webhook.id}/deliveries/{found.event.id}"
        return go(visit, path, "done_webhook_sent")

    def _row(self, visit: Visit, one: Delivery) -> dict[str, Any]:
        """Return a delivery as templates show it."""
        zone = visit.store.timezone
        return {
            "delivery": one,
            "outcome": OF_STATE[one.state],
            "answer": f"HTTP {one.status}" if one.status else one.error or "",
            "created": moment(one.created_at, zone),
            "next": moment(one.next_at, zone) if one.state == "pending" else None,
        }


def _state(hook: Webhook, *, has_grant: bool) -> str:
    """Return the state of a webhook: the end of the key of its word."""
    if hook.paused or not has_grant:
        return f"paused_{hook.paused or NO_GRANT}"
    return "failing" if hook.failing_since else "works"
