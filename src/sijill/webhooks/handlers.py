"""Webhooks: register, update, list, and end what the token's app subscribed to in its store."""

from sijill.customers.events import EVENTS
from sijill.egress.targets import BadTarget, check_url
from sijill.errors import Invalid, MissingScope, NotFound, Taken
from sijill.http.caching import tagged
from sijill.http.envelope import listing, success
from sijill.http.languages import REMOVED
from sijill.http.paging import numbers_of
from sijill.http.parts import Parts
from sijill.http.query import parse_paging, parse_query
from sijill.http.request import Request, Response, json_response
from sijill.http.writes import fields_of, now_of
from sijill.oauth.scopes import satisfies
from sijill.values.ids import random_id
from sijill.webhooks.fields import (
    Accepts,
    changed,
    read_change,
    read_removal,
    read_subscription,
    subscribed,
)
from sijill.webhooks.model import Webhook
from sijill.webhooks.wire import events, listed, registered, updated

MOST_WEBHOOKS = 100
"""Webhooks of one app in one store."""

TELLS_OF = "customers.read"
"""What every event tells of: whoever may not read it may not be told of it either."""


async def subscribe(request: Request, parts: Parts) -> Response:
    """
    Keep a webhook and answer with it; the app's own with the same URL and event is replaced.

    Raises: MissingScope for an app that may not read customers; BadRequest; Invalid.
    Source: Salla "Register Webhook", POST /webhooks/subscribe.
    """
    _check_scope(request)
    values = read_subscription(await fields_of(request), _accepts(parts))
    wanted = subscribed(
        values,
        webhook_id=random_id(),
        store_id=request.grant.store.id,
        app_id=request.grant.app_id,
        own_secret=await _own_secret(request, parts),
        at=now_of(parts),
    )
    await _check_room(wanted, parts)
    return json_response(success(registered(await parts.webhooks.subscribe(wanted))))


async def update(request: Request, parts: Parts) -> Response:
    """
    Change what the body names, leave the rest, and answer with the webhook; it is sent to again.

    Raises: NotFound; BadRequest; Invalid, also for the URL and event of another webhook.
    Source: Salla "Update Webhook", PUT /webhooks/{webhook}.
    """
    _check_scope(request)
    await _check_there(request, parts)
    values = read_change(await fields_of(request), _accepts(parts))
    own_secret = await _own_secret(request, parts)
    grant = request.grant
    try:
        hook = await parts.webhooks.change_webhook(
            grant.store.id,
            grant.app_id,
            request.found_id,
            lambda old: changed(old, values, own_secret),
        )
    except Taken:
        raise Invalid({"url": ["taken"]}) from None
    return json_response(success(updated(hook)))


async def list_webhooks(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of the app's webhooks in the store, the oldest first.

    Source: Salla "List Active Webhooks", GET /webhooks.
    """
    pairs = parse_query(request.query)
    paging = parse_paging(pairs)
    grant = request.grant
    page = await parts.webhooks.webhook_page(
        grant.store.id, grant.app_id, offset=paging.offset, limit=paging.per_page
    )
    count, total = len(page.webhooks), page.total
    numbers = numbers_of(request, parts, pairs, paging, count=count, total=total)
    return tagged(request, listing([listed(hook) for hook in page.webhooks], numbers))


async def list_events(request: Request, parts: Parts) -> Response:
    """
    Answer with every event that can be subscribed to.

    Source: Salla "List Events", GET /webhooks/events, which has no pages.
    """
    return tagged(request, success(events(request.language)))


async def unsubscribe(request: Request, parts: Parts) -> Response:
    """
    Remove the app's webhook with an id, and all of its webhooks with a URL.

    Raises: Invalid if the query names none; NotFound if the app has none of them there.
    Source: Salla "Deactivate Webhook", DELETE /webhooks/unsubscribe.
    """
    which, grant = read_removal(parse_query(request.query)), request.grant
    gone = await parts.webhooks.unsubscribe(
        grant.store.id, grant.app_id, webhook_id=which.webhook_id, url=which.url
    )
    if not gone:
        raise NotFound
    return json_response(success({"message": REMOVED, "code": 202}, 202), 202)


def _check_scope(request: Request) -> None:
    if not satisfies(request.grant.scopes, TELLS_OF):
        raise MissingScope(TELLS_OF)


async def _check_room(wanted: Webhook, parts: Parts) -> None:
    """Raise Invalid if the app has as many webhooks as it may, unless it replaces one of them."""
    mine = await parts.webhooks.webhook_page(
        wanted.store_id, wanted.app_id, offset=0, limit=MOST_WEBHOOKS
    )
    there = {(hook.url, hook.event) for hook in mine.webhooks}
    if mine.total >= MOST_WEBHOOKS and (wanted.url, wanted.event) not in there:
        raise Invalid({"url": [f"max_items:{MOST_WEBHOOKS}"]})


async def _check_there(request: Request, parts: Parts) -> None:
    """Raise NotFound before the body is judged, and for what is hidden or another's alike."""
    hook, grant = await parts.deliveries.webhook(request.found_id), request.grant
    is_ours = (hook.store_id, hook.app_id) == (grant.store.id, grant.app_id)
    if not is_ours or hook.event not in EVENTS:
        raise NotFound


async def _own_secret(request: Request, parts: Parts) -> str | None:
    """Return what the app signs with where a webhook has no secret of its own."""
    app = await parts.apps.app(request.grant.app_id)
    return None if app is None else app.webhook_secret


def _accepts(parts: Parts) -> Accepts:
    def accepts(url: str) -> bool:
        try:
            check_url(url, local=parts.local_targets)
        except BadTarget:
            return False
        return True

    return accepts
