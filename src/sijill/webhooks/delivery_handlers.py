"""What became of deliveries, and what they were sent with: for tests of an app to assert on."""

from collections.abc import Awaitable, Callable
from typing import get_args

from sijill.errors import Invalid
from sijill.http.envelope import encode
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, json_response
from sijill.oauth.scopes import satisfies
from sijill.oauth.tokens import Grant
from sijill.webhooks.delivery_table import DeliveryTable
from sijill.webhooks.events import EVENTS
from sijill.webhooks.feed_wire import MAX_LIMIT, read_limit
from sijill.webhooks.model import ClaimedDelivery, State
from sijill.webhooks.wire import DeliveriesAnswer, delivery

STATES: tuple[State, ...] = get_args(State)

BODY_SCOPE = "customers.read"

"""What a token needs beside to see the bodies: they tell of customers."""


class DeliveryHandlers:
    """Answers requests about deliveries."""

    def __init__(
        self,
        deliveries: DeliveryTable,
        sequence: Callable[[int], Awaitable[None]],
        headers_of: Callable[[ClaimedDelivery, float], list[tuple[str, str]]],
    ) -> None:
        self._deliveries = deliveries
        self._sequence = sequence
        self._headers_of = headers_of

    async def list_deliveries(self, request: Request, grant: Grant) -> Response:
        """
        Answer with the newest deliveries of the app's webhooks in the store, newest first.

        Those of the app's own installs are not among them: they hold its tokens.
        Raises: Invalid naming `event`, `state`, `limit`.
        """
        asked = dict(parse_query(request.query))
        event, state = asked.get("event", ""), asked.get("state", "")
        limit = read_limit([*asked.items()])
        _check(event, state, limit)
        await self._sequence(grant.store.id)
        found = await self._deliveries.of_app(
            grant.store.id,
            grant.app_id,
            event=event or None,
            state=state or None,
            limit=limit or MAX_LIMIT,
        )
        shows_body = satisfies(grant.scopes, BODY_SCOPE)
        told = []
        for kept in found:
            due = ClaimedDelivery(kept.webhook, kept.event, max(kept.delivery.attempts, 1))
            headers = self._headers_of(due, kept.delivery.created_at.timestamp())
            told.append(delivery(kept, headers, shows_body=shows_body))
        return json_response(encode(DeliveriesAnswer(told)))


def _check(event: str, state: str, limit: int | None) -> None:
    wrong = {
        "event": ["invalid"] if event and event not in EVENTS else [],
        "state": ["invalid"] if state and state not in STATES else [],
        "limit": [f"between:1 - {MAX_LIMIT}"] if limit is None else [],
    }
    faults = {name: rules for name, rules in wrong.items() if rules}
    if faults:
        raise Invalid(faults)
