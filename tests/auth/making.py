"""Apps and requests for tests of what OAuth decides."""

from datetime import UTC, datetime

from fixtures.redirects import REGISTERED
from msgspec.structs import replace

from sijill.auth.tokens import digest
from sijill.domain.apps import App

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)

APP = CONFIDENTIAL = App(
    7,
    "Loyalty",
    NOW,
    client_id="loyalty",
    client_secret=digest("secret"),
    redirect_uris=REGISTERED,
    scopes=frozenset({"customers.read_write", "metadata.read"}),
)
PUBLIC = replace(APP, id=8, client_id="phone", client_secret=None)


def asked_for(app: App, **changes: str | None) -> list[tuple[str, str]]:
    """Return the parameters of an authorization request, some changed or, as None, left out."""
    plain = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": REGISTERED[0],
        "state": "xyz",
    }
    return [(name, value) for name, value in (plain | changes).items() if value is not None]
