"""The names of operations."""

from fixtures.routes import ROUTES

from sijill.sandbox.operations import NAMES, OPERATIONS

WITHOUT = (
    *("/", "/_/", "/_/login", "/_/logout", "/_/setup", "/_/enter", "/_/docs", "/_/openapi.json"),
)
OPERATORS = ("/healthz", "/readyz", "/metrics")


def test_every_route_of_the_api_has_a_name_of_its_own() -> None:
    routes = {(route.method, route.path) for route in ROUTES}
    assert {key for key in routes if key[1] not in WITHOUT + OPERATORS} == OPERATIONS.keys()
    assert len(NAMES) == len(OPERATIONS)
