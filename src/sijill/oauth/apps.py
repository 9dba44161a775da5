"""An app: the program of a developer, which stores install and which acts with their tokens."""

from datetime import datetime

from msgspec import Struct


class App(Struct, frozen=True):
    """A client of OAuth; access tokens are issued to one app for one store."""

    id: int
    name: str
    created_at: datetime
    wallets: bool = True
    """Whether it may move money in customers' wallets."""
    client_id: str = ""
    """What it calls itself in OAuth; "" is its id."""
    client_secret: bytes | None = None
    """SHA-256 of its secret; None is a public client (RFC 6749 §2.1), which cannot keep one."""
    redirect_uris: tuple[str, ...] = ()
    """Where a browser may be sent with a code; each as `auth.redirects.registrable` has it."""
    scopes: frozenset[str] = frozenset()
    """The most it may be granted; `offline_access` is every app's and stands in no list."""
    webhook_url: str = ""
    """Where it hears of its own installs, without a subscription; "" is nowhere."""
    webhook_secret: str | None = None
    """What those deliveries are signed with, and those of subscriptions without a secret."""


class Install(Struct, frozen=True):
    """An app in a store, and who let it in."""

    store_id: int
    app_id: int
    owner_id: int | None
    """None where the operator did it, by a command."""
    installed_at: datetime
