"""Every route, in the order the description shows them."""

from typing import NamedTuple

from sijill.console.pages import Console
from sijill.console.routes import console_routes
from sijill.customers.blacklist import blacklist_routes
from sijill.customers.event_body import event_body
from sijill.customers.examples import AHMED
from sijill.customers.handlers import CustomerHandlers
from sijill.customers.routes import customer_routes
from sijill.description.front import FrontPage, front_routes
from sijill.description.handlers import DescriptionHandlers
from sijill.description.routes import description_routes
from sijill.groups.handlers import GroupHandlers
from sijill.groups.routes import group_routes
from sijill.http.health import HealthHandlers
from sijill.http.request import PREFIX
from sijill.http.router import Route
from sijill.imports.handlers import ImportHandlers
from sijill.imports.routes import import_routes
from sijill.ledgers.handlers import LedgerHandlers
from sijill.ledgers.routes import points_routes, wallet_routes
from sijill.oauth.authorization_routes import authorization_routes
from sijill.oauth.consent_handlers import ConsentHandlers
from sijill.oauth.entries import EntryHandlers
from sijill.oauth.people_routes import people_routes
from sijill.oauth.session_handlers import SessionHandlers
from sijill.oauth.setup_handlers import SetupHandlers
from sijill.oauth.token_handlers import TokenHandlers
from sijill.oauth.token_routes import token_routes
from sijill.oauth.users import UserHandlers, user_routes
from sijill.pages.assets import Assets, asset_routes
from sijill.stores.handlers import StoreHandlers
from sijill.stores.model import SHOP
from sijill.stores.routes import metadata_routes, store_routes
from sijill.telemetry.routes import operator_routes
from sijill.webhooks.events import UPDATED
from sijill.webhooks.feed_handlers import FeedHandlers
from sijill.webhooks.feed_routes import SAMPLE_TIME, feed_routes
from sijill.webhooks.handlers import DeliveryHandlers, WebhookHandlers
from sijill.webhooks.routes import webhook_routes

PREFIXES = ("", PREFIX)
"""The API answers under both: the origin has the prefix, the page it is built after does not."""


class Handlers(NamedTuple):
    """The handlers of every noun."""

    customers: CustomerHandlers
    groups: GroupHandlers
    imports: ImportHandlers
    ledgers: LedgerHandlers
    webhooks: WebhookHandlers
    feed: FeedHandlers
    deliveries: DeliveryHandlers
    stores: StoreHandlers
    users: UserHandlers
    consent: ConsentHandlers
    tokens: TokenHandlers
    sessions: SessionHandlers
    setup: SetupHandlers
    entry: EntryHandlers
    health: HealthHandlers
    description: DescriptionHandlers
    front: FrontPage
    console: Console
    assets: Assets


def all_routes(handlers: Handlers) -> tuple[Route, ...]:
    """Return every route, answered by these handlers."""
    return (
        *customer_routes(handlers.customers),
        *blacklist_routes(handlers.customers),
        *group_routes(handlers.groups),
        *import_routes(handlers.imports),
        *wallet_routes(handlers.ledgers),
        *points_routes(handlers.ledgers),
        *webhook_routes(handlers.webhooks),
        *feed_routes(handlers.feed, handlers.deliveries, _example_body),
        *metadata_routes(handlers.stores),
        *store_routes(handlers.stores),
        *user_routes(handlers.users),
        *authorization_routes(handlers.consent),
        *token_routes(handlers.tokens),
        *people_routes(handlers.sessions, handlers.setup, handlers.entry),
        *operator_routes(handlers.health),
        *description_routes(handlers.description),
        *front_routes(handlers.front),
        *console_routes(handlers.console),
        *asset_routes(handlers.assets),
    )


def _example_body() -> bytes:
    return event_body(SHOP, UPDATED, SAMPLE_TIME, AHMED)
