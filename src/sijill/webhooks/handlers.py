"""The requests that register, update, list and remove webhooks of the token's app in its store."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sijill.egress.targets import BadTarget, parse_target
from sijill.errors import Invalid, NotFound, Taken
from sijill.http.caching import tagged
from sijill.http.envelope import Sentence, encode, listing, success
from sijill.http.paging import pagination_for
from sijill.http.query import parse_paging, parse_query
from sijill.http.request import Request, Response, json_response
from sijill.http.sentences import REMOVED
from sijill.oauth.acting import cause_of
from sijill.oauth.apps import AppTable
from sijill.oauth.scopes import satisfies
from sijill.oauth.tokens import Grant
from sijill.stores.profiles import no_links
from sijill.values.ids import Draw, random_id
from sijill.webhooks.delivery_table import DeliveryTable
from sijill.webhooks.events import EVENTS, customers_in
from sijill.webhooks.feed_wire import read_delivery_query
from sijill.webhooks.fields import read_change, read_removal, read_subscription
from sijill.webhooks.model import ClaimedDelivery, Webhook, changed, subscribed
from sijill.webhooks.table import WebhookTable
from sijill.webhooks.wire import (
    DeliveriesAnswer,
    delivery,
    events,
    listed,
    masked,
    registered,
    updated,
)

MAX_WEBHOOKS = 100
"""Webhooks of one app in one store."""

BODY_SCOPE = "customers.read"
"""The further scope that shows the bodies of deliveries: they hold customers."""

WHOLE_SCOPE = "webhooks.read_write"
"""The scope that shows the values of custom headers; any other token sees a mask."""


class WebhookHandlers:
    """Answers requests about the webhooks of an app in a store."""

    def __init__(
        self,
        webhooks: WebhookTable,
        apps: AppTable,
        now: Callable[[], datetime],
        draw: Draw,
        public_url: Callable[[], str],
        local_targets: bool,
    ) -> None:
        self._webhooks, self._apps, self._now, self._draw = webhooks, apps, now, draw
        self._public_url, self._local_targets = public_url, local_targets

    async def subscribe(self, request: Request, grant: Grant) -> Response:
        """
        Store a webhook and answer with it; it replaces one of the app with its URL and event.

        Raises: BadRequest; Invalid.
        Source: Salla "Register Webhook", POST /webhooks/subscribe.
        """
        values = read_subscription(await request.fields(), self._accepts)
        wanted = subscribed(
            values,
            webhook_id=random_id(self._draw),
            store_id=grant.store.id,
            app_id=grant.app_id,
            own_secret=await self._own_secret(grant),
            at=self._now(),
            replaced=await self._replaced(grant, values["url"], values["event"]),
        )
        webhooks = self._webhooks.by(cause_of(request, grant))
        return json_response(success(registered(await webhooks.subscribe(wanted))))

    async def update(self, request: Request, grant: Grant) -> Response:
        """
        Change what the body names, leave the rest, and answer with the webhook, no longer paused.

        Raises: NotFound; BadRequest; Invalid, also for the URL and event of another webhook.
        Source: Salla "Update Webhook", PUT /webhooks/{webhook}.
        """
        await self._check_found(request, grant)
        values = read_change(await request.fields(), self._accepts)
        own_secret = await self._own_secret(grant)
        try:
            hook = await self._webhooks.by(cause_of(request, grant)).change(
                grant.store.id,
                grant.app_id,
                request.found_id,
                lambda old: changed(old, values, own_secret),
            )
        except Taken:
            raise Invalid({"url": ["taken"]}) from None
        return json_response(success(updated(hook)))

    async def list_webhooks(self, request: Request, grant: Grant) -> Response:
        """
        Answer with a page of the app's webhooks in the store, the oldest first.

        Source: Salla "List Active Webhooks", GET /webhooks.
        """
        pairs = parse_query(request.query)
        paging = parse_paging(pairs)
        page = await self._webhooks.page(
            grant.store.id, grant.app_id, offset=paging.offset, limit=paging.per_page
        )
        numbers = pagination_for(
            *(request, self._public_url(), pairs, paging),
            count=len(page.webhooks),
            total=page.total,
            no_links=no_links(grant.store),
        )
        whole = satisfies(grant.scopes, WHOLE_SCOPE)
        items = [listed(hook if whole else masked(hook)) for hook in page.webhooks]
        return tagged(request, listing(items, numbers))

    async def list_events(self, request: Request, grant: Grant) -> Response:
        """
        Answer with every event that can be subscribed to.

        Source: Salla "List Events", GET /webhooks/events, which has no pages.
        """
        return tagged(request, success(events(request.language)))

    async def unsubscribe(self, request: Request, grant: Grant) -> Response:
        """
        Remove the app's webhook with an id, and all of its webhooks with a URL.

        Raises: Invalid if the query names none; NotFound if the app has none of them there.
        Source: Salla "Deactivate Webhook", DELETE /webhooks/unsubscribe.
        """
        removal = read_removal(parse_query(request.query))
        removed = await self._webhooks.by(cause_of(request, grant)).unsubscribe(
            grant.store.id, grant.app_id, webhook_id=removal.webhook_id, url=removal.url
        )
        if not removed:
            raise NotFound
        return json_response(success(Sentence(REMOVED, 202), 202), 202)

    async def _replaced(self, grant: Grant, url: str, event: str) -> Webhook | None:
        """
        Return the webhook of the app that a new one replaces, or None.

        Raises: Invalid if the app has MAX_WEBHOOKS and the new one replaces none of them.
        """
        page = await self._webhooks.page(grant.store.id, grant.app_id, offset=0, limit=MAX_WEBHOOKS)
        replaced = {(hook.url, hook.event): hook for hook in page.webhooks}.get((url, event))
        if replaced is None and page.total >= MAX_WEBHOOKS:
            raise Invalid({"url": [f"max_items:{MAX_WEBHOOKS}"]})
        return replaced

    async def _check_found(self, request: Request, grant: Grant) -> None:
        """Raise NotFound before the body is read: 404 goes before 422, and for hidden webhooks."""
        hook = await self._webhooks.find(request.found_id)
        is_ours = (hook.store_id, hook.app_id) == (grant.store.id, grant.app_id)
        if not is_ours or hook.event not in EVENTS:
            raise NotFound

    async def _own_secret(self, grant: Grant) -> str | None:
        """Return the app's secret, for webhooks without one of their own."""
        app = await self._apps.find(grant.app_id)
        return None if app is None else app.webhook_secret

    def _accepts(self, url: str) -> bool:
        try:
            parse_target(url, local=self._local_targets)
        except BadTarget:
            return False
        return True


class DeliveryHandlers:
    """Answers requests about deliveries: tests of an app assert on them."""

    def __init__(
        self,
        deliveries: DeliveryTable,
        sequence: Callable[[int], Awaitable[None]],
        headers_of: Callable[[ClaimedDelivery, float], list[tuple[str, str]]],
    ) -> None:
        self._deliveries, self._sequence, self._headers_of = deliveries, sequence, headers_of

    async def list_deliveries(self, request: Request, grant: Grant) -> Response:
        """
        Answer with the deliveries to the app's webhooks in the store, newest first.

        Those of the app's own installs are left out: they hold its tokens.
        Raises: Invalid naming `event`, `state`, `limit`.
        """
        query = read_delivery_query(parse_query(request.query))
        await self._sequence(grant.store.id)
        found = await self._deliveries.of_app(grant.store.id, grant.app_id, *query)
        shows_body = satisfies(grant.scopes, BODY_SCOPE)
        whole = satisfies(grant.scopes, WHOLE_SCOPE)
        if shows_body:
            request.viewed = customers_in(detail.event for detail in found)
        answers = []
        for detail in found:
            hook = detail.webhook if whole else masked(detail.webhook)
            due = ClaimedDelivery(hook, detail.event, max(detail.delivery.attempts, 1))
            headers = self._headers_of(due, detail.delivery.created_at.timestamp())
            answers.append(delivery(detail, headers, shows_body=shows_body))
        return json_response(encode(DeliveriesAnswer(answers)))
