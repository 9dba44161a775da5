"""
The guard of the console: who asks, in which store, and whether the person's role permits it.

The dispatcher asks it about every route that names a permission, before the body is received.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from sijill.audit.causes import Cause
from sijill.errors import Fault, NotFound
from sijill.http.query import parse_id
from sijill.http.request import Request
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.oauth.acting import person_cause
from sijill.oauth.browser import (
    SESSION,
    NotPermitted,
    check_form,
    check_origin,
    read_form,
    session_token,
)
from sijill.oauth.people import Person
from sijill.oauth.roles import Permission, may
from sijill.oauth.session_handlers import CONSOLE, SessionHandlers
from sijill.pages.look import Look, look_of
from sijill.stores.model import Store

_STORE = 3
"""The place of the store's id among the segments of a path: after "", `_` and `console`."""


class NotSignedIn(Fault):
    """A page of the console is asked for without a session."""


class NoStore(Fault):
    """A person has an account and no store."""


class Entry(NamedTuple):
    """An entry of the navigation of the console, as it stands for everybody who may see it."""

    word: str
    """The key of its word, by which a page names the entry that it belongs to."""
    path: str
    """The path of its page behind the store."""
    permission: Permission = "view_masked"
    text: Localized | None = None
    """Its word, where the console has no such key."""


@dataclass(frozen=True)
class Visit:
    """One request of a person to the console."""

    request: Request
    person: Person
    store: Store
    """The store of the path; of a path without one, the person's first."""
    stores: Sequence[Store]
    """Every store of the person."""
    look: Look
    public_url: str
    entries: Sequence[Entry] = ()
    """The entries of the navigation that not every store has."""

    @property
    def cause(self) -> Cause:
        """The cause of what the request does, for the audit log."""
        return person_cause(self.request, self.person.id)

    @property
    def token(self) -> str:
        """The CSRF token of every form of the page."""
        return session_token(self.request)

    @property
    def masked(self) -> bool:
        """Whether names, mobiles and e-mails are shown masked."""
        return not self.may("reveal")

    def may(self, permission: Permission) -> bool:
        """Return whether the person's role permits something."""
        return may(self.person.role, permission)

    def at(self, path: str = "") -> str:
        """Return the address of a page of this store, such as `/customers`."""
        return f"{CONSOLE}/{self.store.id}{path}"

    def segment(self, number: int) -> str:
        """Return a segment of the path behind the store, from 0; "" where there is none."""
        segments = self.request.path.decode("latin-1").split("/")[_STORE + 1 :]
        return segments[number] if number < len(segments) else ""

    def id_at(self, number: int) -> int:
        """Return the id in a segment of the path behind the store. Raises: NotFound."""
        found = parse_id(self.segment(number))
        if found is None:
            raise NotFound
        return found

    async def form(self) -> Mapping[str, str]:
        """Return the fields of the form, which the page sent. Raises: BadRequest; ForgedForm."""
        return await read_form(self.request, self.public_url, SESSION)

    def check(self, form: Mapping[str, str]) -> None:
        """Raise ForgedForm unless the page sent a form that came in parts: one with a file."""
        check_form(self.request, self.public_url, SESSION, form)


@dataclass(frozen=True)
class Guard:
    """Lets people into the pages of the console."""

    sessions: SessionHandlers
    entries_of: Callable[[Store], Awaitable[Sequence[Entry]]]
    """Returns the entries of the navigation that a store has beside those of every store."""

    async def admit(self, request: Request, route: Route) -> Visit:
        """
        Return the visit of a request.

        Raises, in this order: NotSignedIn; NoStore; NotFound for the store of others; NotPermitted;
        ForgedForm for a form that another site sends; Unavailable.
        """
        look = look_of(request)
        request.kept_language = look.language
        session = await self.sessions.session_of(request)
        if session is None:
            raise NotSignedIn
        person = session.person
        stores = await self.sessions.people.stores_of(person.id)
        store = _store(request, route, stores)
        if not may(person.role, cast(Permission, route.permission)):
            raise NotPermitted
        public_url = self.sessions.public_url()
        if request.method not in ("GET", "HEAD"):
            check_origin(request, public_url)
        entries = await self.entries_of(store)
        return Visit(request, person, store, stores, look, public_url, entries)


def _store(request: Request, route: Route, stores: Sequence[Store]) -> Store:
    """Return the store that a path names. Raises: NoStore; NotFound."""
    if not stores:
        raise NoStore
    if "{store}" not in route.path:
        return stores[0]
    wanted = parse_id(request.path.decode("latin-1").split("/")[_STORE])
    for store in stores:
        if store.id == wanted:
            return store
    raise NotFound
