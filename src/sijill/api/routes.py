"""Every route: method, path, handler, and the scope it needs."""

from sijill.api import customers, operations, pages
from sijill.api.router import Route, Router

PREFIXES = ("", "/admin/v2")
"""The API answers under both: the origin has the prefix, the page it is built after has none."""

READ = "customers.read"

ROUTES = (
    Route("GET", "/customers", customers.list_customers, scope=READ, customers=True),
    Route("GET", "/customers/{customer}", customers.details, scope=READ, customers=True),
    Route("GET", "/healthz", operations.healthz, public=True),
    Route("GET", "/readyz", operations.readyz, public=True),
    Route("GET", "/metrics", operations.metrics, public=True),
    Route("GET", "/_/openapi.json", pages.openapi, public=True),
    Route("GET", "/_/docs", pages.docs, public=True),
)

ROUTER = Router(ROUTES, PREFIXES)
