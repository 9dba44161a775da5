"""Every route: method, path, handler, and the scope it needs."""

from sijill.customers import blacklist_handlers as blacklist
from sijill.customers import handlers as customers
from sijill.customers import write_handlers as customer_writes
from sijill.groups import handlers as groups
from sijill.http import health
from sijill.http.refusals import oauth_refused, page_refused
from sijill.http.request import PREFIX
from sijill.http.router import Route, Router
from sijill.imports import handlers as imports
from sijill.ledgers import loyalty_handlers as loyalty
from sijill.ledgers import wallet_handlers as wallets
from sijill.oauth import consent_handlers as authorize
from sijill.oauth import session_handlers as visits
from sijill.oauth import setup_handlers as setup
from sijill.oauth import token_handlers as token
from sijill.openapi import handlers as pages
from sijill.stores import country_handlers as countries
from sijill.stores import handlers as stores
from sijill.stores import language_handlers as languages
from sijill.webhooks import delivery_handlers as deliveries
from sijill.webhooks import feed_handlers as changes
from sijill.webhooks import handlers as webhooks

PREFIXES = ("", PREFIX)
"""The API answers under both: the origin has the prefix, the page it is built after has none."""

READ, WRITE = "customers.read", "customers.read_write"
WALLETS, METADATA = "customer-wallets.read_write", "metadata.read"
HOOKS, MANAGE_HOOKS = "webhooks.read", "webhooks.read_write"
ANY = ""
"""Any valid token will do."""

ROUTES = (
    Route("GET", "/customers", customers.list_customers, scope=READ, customers=True),
    Route("GET", "/customers/{customer}", customers.details, scope=READ, customers=True),
    Route("POST", "/customers", customer_writes.create, scope=WRITE, customers=True),
    Route("PUT", "/customers/{customer}", customer_writes.update, scope=WRITE, customers=True),
    Route("DELETE", "/customers/{customer}", customer_writes.delete, scope=WRITE, customers=True),
    Route("PUT", "/customers/blacklist/{customer}", blacklist.ban, scope=WRITE, customers=True),
    Route(
        "DELETE", "/customers/blacklist/{customer}", blacklist.unban, scope=WRITE, customers=True
    ),
    Route("GET", "/customers/groups", groups.list_groups, scope=READ, customers=True),
    Route("POST", "/customers/groups", groups.create, scope=WRITE, customers=True),
    Route("PUT", "/customers/groups/{group}", groups.update, scope=WRITE, customers=True),
    Route("DELETE", "/customers/groups/{group}", groups.delete, scope=WRITE, customers=True),
    Route("POST", "/customers/groups/default", groups.update_default, scope=WRITE, customers=True),
    Route(
        *("POST", "/customers/groups/add_customers", groups.add_customers),
        scope=WRITE,
        customers=True,
    ),
    Route("POST", "/customers/import", imports.upload, scope=WRITE, customers=True),
    Route("POST", "/customers/wallets/deposit", wallets.deposit, scope=WALLETS, customers=True),
    Route("POST", "/customers/wallets/withdraw", wallets.withdraw, scope=WALLETS, customers=True),
    Route("GET", "/customers/loyalty/points", loyalty.list_points, scope=READ, customers=True),
    Route("POST", "/customers/loyalty/points", loyalty.change_points, scope=WRITE, customers=True),
    Route("GET", "/countries", countries.list_countries, scope=METADATA),
    Route("GET", "/countries/{country}", countries.details, scope=METADATA),
    Route("GET", "/countries/{country}/cities", countries.list_cities, scope=METADATA),
    Route("GET", "/languages", languages.list_languages, scope=METADATA),
    Route("POST", "/webhooks/subscribe", webhooks.subscribe, scope=MANAGE_HOOKS),
    Route("PUT", "/webhooks/{webhook}", webhooks.update, scope=MANAGE_HOOKS),
    Route("GET", "/webhooks", webhooks.list_webhooks, scope=HOOKS),
    Route("GET", "/webhooks/events", webhooks.list_events, scope=HOOKS),
    Route("DELETE", "/webhooks/unsubscribe", webhooks.unsubscribe, scope=MANAGE_HOOKS),
    Route("GET", "/_/changes", changes.changes, scope=READ),
    Route("GET", "/_/deliveries", deliveries.list_deliveries, scope=HOOKS),
    Route("GET", "/store/info", stores.store_info, scope=ANY),
    Route("GET", "/oauth2/user/info", stores.user_info, scope=ANY),
    Route("GET", "/oauth2/auth", authorize.ask, public=True, refuse=page_refused),
    Route("POST", "/oauth2/auth", authorize.answer, public=True, refuse=page_refused),
    Route("POST", "/oauth2/token", token.token, public=True, refuse=oauth_refused),
    Route("GET", "/_/login", visits.show_login, public=True, refuse=page_refused),
    Route("POST", "/_/login", visits.sign_in, public=True, refuse=page_refused),
    Route("POST", "/_/logout", visits.sign_out, public=True, refuse=page_refused),
    Route("GET", "/_/setup", setup.show_setup, public=True, refuse=page_refused),
    Route("POST", "/_/setup", setup.set_up, public=True, refuse=page_refused),
    Route("GET", "/healthz", health.healthz, public=True),
    Route("GET", "/readyz", health.readyz, public=True),
    Route("GET", "/metrics", health.metrics, public=True),
    Route("GET", "/_/openapi.json", pages.openapi, public=True),
    Route("GET", "/_/docs", pages.docs, public=True),
)

ROUTER = Router(ROUTES, PREFIXES)
