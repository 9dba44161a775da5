"""The webhooks of a store: their endpoints, the deliveries of each, and one delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment, second
from sijill.console.paging import numbered_place_in, place_in, query_of_place
from sijill.console.words import words
from sijill.customers.masking import masked_body
from sijill.egress.message import Reason
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, chosen_language
from sijill.oauth.visits import Visit
from sijill.webhooks.delivery_table import SEALED
from sijill.webhooks.events import customers_in
from sijill.webhooks.model import NO_GRANT, Delivery, State, Webhook
from sijill.webhooks.outbox import EXPIRED
from sijill.webhooks.paging import (
    BEFORE_DELIVERIES,
    BEFORE_WEBHOOKS,
    DeliveryPlace,
    WebhookPlace,
    place_of_delivery,
    place_of_webhook,
)
from sijill.webhooks.worker import INTERNAL

PAGE, DELIVERIES = 50, 30
"""
Webhooks and deliveries of a page; one more is read, to know whether another page follows.

50 deliveries would weigh more than 60 KB.
"""

PLACE = "nav_webhooks"

ERRORS = (*get_args(Reason), INTERNAL, EXPIRED, SEALED)
"""The errors of deliveries; each has its word."""


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
        """Answer with a page of the endpoints, the newest first. Raises: Unavailable."""
        register, store_id = self.desk.register, visit.store.id
        place = numbered_place_in(request.query)
        after = WebhookPlace(*place) if place else BEFORE_WEBHOOKS
        hooks = await register.webhooks.of_store(store_id, PAGE + 1, after)
        names = await register.apps.names()
        silent = await register.webhooks.without_grant(self.desk.now(), store_id)
        rows = [
            {
                "hook": hook,
                "app": names.get(hook.app_id, ""),
                "state": _state(hook, has_grant=hook.id not in silent),
            }
            for hook in hooks[:PAGE]
        ]
        behind = place_of_webhook(hooks[PAGE - 1]) if len(hooks) > PAGE else None
        first = visit.at("/webhooks") if place else None
        next_page = behind and visit.at("/webhooks") + query_of_place(behind)
        return show(visit, "webhooks.html", PLACE, rows=rows, first=first, next=next_page)

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with an endpoint and a page of its deliveries. Raises: NotFound; Unavailable."""
        register = self.desk.register
        hook = await register.webhooks.of_id(visit.store.id, visit.id_at(1))
        chosen = dict(parse_query(request.query)).get("outcome", "")
        outcome = OUTCOMES.get(chosen)
        states = outcome.states if outcome else tuple(OF_STATE)
        place = place_in(request.query)
        after = DeliveryPlace(*place) if place else BEFORE_DELIVERIES
        found = await register.deliveries.of_webhook(hook, states, DELIVERIES + 1, after)
        behind = place_of_delivery(found[DELIVERIES - 1]) if len(found) > DELIVERIES else None
        here = visit.at(f"/webhooks/{hook.id}")
        tab = {"outcome": chosen} if outcome else {}
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
            rows=[self._row(visit, one) for one in found[:DELIVERIES]],
            first=here + query_of_place(None, **tab) if place else None,
            next=behind and here + query_of_place(behind, **tab),
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
            attempts=self._attempts(visit, found.delivery),
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
            "told": _told(visit, one.error),
            "created": moment(one.created_at, zone),
            "next": moment(one.next_at, zone) if one.state == "pending" else None,
        }

    def _attempts(self, visit: Visit, one: Delivery) -> Sequence[dict[str, Any]]:
        """Return the attempts of a delivery as templates show them, the newest first."""
        zone = visit.store.timezone
        return [
            {
                "at": second(each.at, zone),
                "answer": each.answer,
                "told": _told(visit, each.error),
                "took": each.took,
            }
            for each in reversed(one.tried)
        ]


def _told(visit: Visit, error: str | None) -> str:
    """Return in words why no answer came; "" if one came, or for an error without words."""
    word = words(chosen_language(visit.request))
    return word[f"webhooks_error_{error}"] if error in ERRORS else ""


def _state(hook: Webhook, *, has_grant: bool) -> str:
    """Return the state of a webhook: the end of the key of its word."""
    if hook.paused or not has_grant:
        return f"paused_{hook.paused or NO_GRANT}"
    return "failing" if hook.failing_since else "works"
