"""Every route: method, path, handler, and the scope it needs."""

from sijill.api import (
    authorize,
    blacklist,
    changes,
    countries,
    customer_writes,
    customers,
    deliveries,
    groups,
    health,
    imports,
    languages,
    loyalty,
    pages,
    setup,
    stores,
    token,
    visits,
    wallets,
    webhooks,
)
from sijill.api.http import PREFIX
from sijill.api.refusals import oauth_refused, page_refused
from sijill.api.router import Route, Router

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
