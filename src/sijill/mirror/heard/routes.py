"""The route of upstream's webhooks."""

from typing import Any

from sijill.http.router import Route

PATH = "/_/mirror/{store}/webhooks"


def heard_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the route that webhooks of upstream come in by; upstream has no token of ours."""
    return (Route("POST", PATH, handlers.hear, public=True, undescribed=True),)
