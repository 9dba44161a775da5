"""An app: the program of a developer, which stores install and which acts with their tokens."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from sijill.webhooks.events import Event


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


class Apps(Protocol):
    """Whoever keeps apps, and in which stores they are installed."""

    async def create_app(self, app: App) -> None:
        """
        Keep a new app.

        Raises: Taken if its id, name or client_id is another's; Unavailable.
        """

    async def update_app(self, app: App) -> None:
        """
        Keep what is new of an app; its id and its moment stay.

        Raises: NotFound; Taken as above; Unavailable.
        """

    async def apps(self) -> list[App]:
        """
        Return every app, by id.

        Raises: Unavailable.
        """

    async def app(self, app_id: int) -> App | None:
        """
        Return one app, or None; without its webhook_secret if that does not open.

        Raises: Unavailable.
        """

    async def client(self, client_id: str) -> App | None:
        """
        Return the app that calls itself so, or None.

        Raises: Unavailable.
        """

    async def installs(self) -> list[Install]:
        """
        Return every install, by store and app.

        Raises: Unavailable.
        """

    async def uninstall(
        self, store_id: int, app_id: int, at: datetime, told: Event | None = None
    ) -> None:
        """
        Take an app out of a store with its webhooks there, and revoke every token it holds there.

        `told` is the event that says so. All of it is one transaction.
        Raises: NotFound if it is not installed there and holds no token; Unavailable.
        """
