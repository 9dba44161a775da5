"""Every route: method, path, handler, and the scope it needs."""

from typing import NamedTuple

from sijill.customers.handlers import CustomerHandlers
from sijill.groups.handlers import GroupHandlers
from sijill.http.health import HealthHandlers
from sijill.http.request import PREFIX
from sijill.http.router import Route
from sijill.imports.handlers import ImportHandlers
from sijill.ledgers.handlers import LedgerHandlers
from sijill.oauth.consent_handlers import ConsentHandlers
from sijill.oauth.dialects import oauth_refused, page_refused
from sijill.oauth.session_handlers import SessionHandlers
from sijill.oauth.setup_handlers import SetupHandlers
from sijill.oauth.store_handlers import StoreHandlers
from sijill.oauth.token_handlers import TokenHandlers
from sijill.openapi.handlers import DescriptionHandlers
from sijill.stores.country_handlers import CountryHandlers
from sijill.webhooks.delivery_handlers import DeliveryHandlers
from sijill.webhooks.feed_handlers import FeedHandlers
from sijill.webhooks.handlers import WebhookHandlers

PREFIXES = ("", PREFIX)
"""The API answers under both: the origin has the prefix, the page it is built after has none."""

READ, WRITE = "customers.read", "customers.read_write"
WALLETS, METADATA = "customer-wallets.read_write", "metadata.read"
HOOKS, MANAGE_HOOKS = "webhooks.read", "webhooks.read_write"
ANY = ""
"""Any valid token will do."""


class Handlers(NamedTuple):
    """The handlers of every noun."""

    customers: CustomerHandlers
    groups: GroupHandlers
    imports: ImportHandlers
    ledgers: LedgerHandlers
    countries: CountryHandlers
    webhooks: WebhookHandlers
    feed: FeedHandlers
    deliveries: DeliveryHandlers
    stores: StoreHandlers
    consent: ConsentHandlers
    tokens: TokenHandlers
    sessions: SessionHandlers
    setup: SetupHandlers
    health: HealthHandlers
    description: DescriptionHandlers


def all_routes(handlers: Handlers) -> tuple[Route, ...]:
    """Return every route, answered by these handlers."""
    (
        customers,
        groups,
        imports,
        ledgers,
        countries,
        webhooks,
        feed,
        deliveries,
        stores,
        consent,
        tokens,
        sessions,
        setup,
        health,
        description,
    ) = handlers
    return (
        Route("GET", "/customers", customers.list_customers, scope=READ, customers=True),
        Route("GET", "/customers/{customer}", customers.details, scope=READ, customers=True),
        Route("POST", "/customers", customers.create, scope=WRITE, customers=True),
        Route("PUT", "/customers/{customer}", customers.update, scope=WRITE, customers=True),
        Route("DELETE", "/customers/{customer}", customers.delete, scope=WRITE, customers=True),
        Route("PUT", "/customers/blacklist/{customer}", customers.ban, scope=WRITE, customers=True),
        Route(
            "DELETE",
            "/customers/blacklist/{customer}",
            customers.unban,
            scope=WRITE,
            customers=True,
        ),
        Route("GET", "/customers/groups", groups.list_groups, scope=READ, customers=True),
        Route("POST", "/customers/groups", groups.create, scope=WRITE, customers=True),
        Route("PUT", "/customers/groups/{group}", groups.update, scope=WRITE, customers=True),
        Route("DELETE", "/customers/groups/{group}", groups.delete, scope=WRITE, customers=True),
        Route(
            "POST", "/customers/groups/default", groups.update_default, scope=WRITE, customers=True
        ),
        Route(
            *("POST", "/customers/groups/add_customers", groups.add_customers),
            scope=WRITE,
            customers=True,
        ),
        Route("POST", "/customers/import", imports.upload, scope=WRITE, customers=True),
        Route("POST", "/customers/wallets/deposit", ledgers.deposit, scope=WALLETS, customers=True),
        Route(
            "POST", "/customers/wallets/withdraw", ledgers.withdraw, scope=WALLETS, customers=True
        ),
        Route("GET", "/customers/loyalty/points", ledgers.list_points, scope=READ, customers=True),
        Route(
            "POST", "/customers/loyalty/points", ledgers.change_points, scope=WRITE, customers=True
        ),
        Route("GET", "/countries", countries.list_countries, scope=METADATA),
        Route("GET", "/countries/{country}", countries.details, scope=METADATA),
        Route("GET", "/countries/{country}/cities", countries.list_cities, scope=METADATA),
        Route("GET", "/languages", countries.list_languages, scope=METADATA),
        Route("POST", "/webhooks/subscribe", webhooks.subscribe, scope=MANAGE_HOOKS),
        Route("PUT", "/webhooks/{webhook}", webhooks.update, scope=MANAGE_HOOKS),
        Route("GET", "/webhooks", webhooks.list_webhooks, scope=HOOKS),
        Route("GET", "/webhooks/events", webhooks.list_events, scope=HOOKS),
        Route("DELETE", "/webhooks/unsubscribe", webhooks.unsubscribe, scope=MANAGE_HOOKS),
        Route("GET", "/_/changes", feed.changes, scope=READ),
        Route("GET", "/_/deliveries", deliveries.list_deliveries, scope=HOOKS),
        Route("GET", "/store/info", stores.store_info, scope=ANY),
        Route("GET", "/oauth2/user/info", stores.user_info, scope=ANY),
        Route("GET", "/oauth2/auth", consent.ask, public=True, refuse=page_refused),
        Route("POST", "/oauth2/auth", consent.answer, public=True, refuse=page_refused),
        Route("POST", "/oauth2/token", tokens.token, public=True, refuse=oauth_refused),
        Route("GET", "/_/login", sessions.show_login, public=True, refuse=page_refused),
        Route("POST", "/_/login", sessions.sign_in, public=True, refuse=page_refused),
        Route("POST", "/_/logout", sessions.sign_out, public=True, refuse=page_refused),
        Route("GET", "/_/setup", setup.show_setup, public=True, refuse=page_refused),
        Route("POST", "/_/setup", setup.set_up, public=True, refuse=page_refused),
        Route("GET", "/healthz", health.healthz, public=True),
        Route("GET", "/readyz", health.readyz, public=True),
        Route("GET", "/metrics", health.metrics, public=True),
        Route("GET", "/_/openapi.json", description.openapi, public=True),
        Route("GET", "/_/docs", description.docs, public=True),
    )
