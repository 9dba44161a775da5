"""What became of deliveries, and what they were sent with: for tests of an app to assert on."""

from typing import get_args

from sijill.customers.events import EVENTS
from sijill.errors import Invalid
from sijill.http.envelope import encode
from sijill.http.parts import Parts
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, json_response
from sijill.oauth.scopes import satisfies
from sijill.webhooks.feed_wire import MOST, read_limit
from sijill.webhooks.model import Due, State
from sijill.webhooks.wire import delivery

STATES: tuple[State, ...] = get_args(State)
BODY_SCOPE = "customers.read"
"""What a token needs beside to see the bodies: they tell of customers."""


async def list_deliveries(request: Request, parts: Parts) -> Response:
    """
    Answer with the newest deliveries of the app's webhooks in the store, newest first.

    Those of the app's own installs are not among them: they hold its tokens.
    Raises: Invalid naming `event`, `state`, `limit`.
    """
    asked, grant = dict(parse_query(request.query)), request.grant
    event, state = asked.get("event", ""), asked.get("state", "")
    limit = read_limit([*asked.items()])
    _check(event, state, limit)
    await parts.settle()
    found = await parts.deliveries.deliveries_of_app(
        grant.store.id, grant.app_id, event=event or None, state=state or None, limit=limit or MOST
    )
    shows_body = satisfies(grant.scopes, BODY_SCOPE)
    told = []
    for kept in found:
        due = Due(kept.webhook, kept.event, max(kept.delivery.attempts, 1))
        headers = parts.headers_of(due, kept.delivery.created_at.timestamp())
        told.append(delivery(kept, headers, shows_body=shows_body))
    return json_response(encode({"deliveries": told}))


def _check(event: str, state: str, limit: int | None) -> None:
    wrong = {
        "event": ["invalid"] if event and event not in EVENTS else [],
        "state": ["invalid"] if state and state not in STATES else [],
        "limit": [f"between:1 - {MOST}"] if limit is None else [],
    }
    faults = {name: rules for name, rules in wrong.items() if rules}
    if faults:
        raise Invalid(faults)
