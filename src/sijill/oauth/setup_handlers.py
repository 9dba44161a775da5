"""Setting up: whoever holds the one-time link becomes the first owner."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from sijill.errors import NotFound, Taken
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, chosen_language, with_language
from sijill.oauth.browser import VISITOR, cookie, is_ours, problem_shown, shown
from sijill.oauth.owners import Owner, OwnerTable
from sijill.oauth.pages import setup
from sijill.oauth.passwords import Passwords, fault_of
from sijill.oauth.session_handlers import SessionHandlers, forged, visitor
from sijill.oauth.sessions import form_token
from sijill.oauth.tokens import digest
from sijill.oauth.wire import parse_form
from sijill.stores.model import Store
from sijill.stores.table import StoreTable
from sijill.values.ids import random_id
from sijill.values.texts import clean, parse_email

SET_UP = "/_/setup"

MAX_NAME = 255

"""Characters of a name at most."""

_KEPT = ("name", "email", "store")

"""What a form that comes back still holds: never the password."""


class _First(NamedTuple):
    values: Mapping[str, str]
    faults: Mapping[str, str]


class SetupHandlers:
    """Makes the first owner."""

    def __init__(
        self,
        owners: OwnerTable,
        stores: StoreTable,
        passwords: Passwords,
        sessions: SessionHandlers,
        now: Callable[[], datetime],
        public_url: Callable[[], str],
    ) -> None:
        self._owners = owners
        self._stores = stores
        self._passwords = passwords
        self._sessions = sessions
        self._now = now
        self._public_url = public_url

    async def show_setup(self, request: Request) -> Response:
        """Answer with the form that makes the first owner."""
        link = dict(parse_query(request.query)).get("link", "")
        if await self._owners.is_set_up(digest(link), self._now()):
            return _used(request)
        return await self._form(request, link, _First({}, {}))

    async def set_up(self, request: Request) -> Response:
        """Make the first owner, of a new store or of all there are, and sign them in."""
        form, now = parse_form(await request.body()), self._now()
        if not is_ours(request, self._public_url(), form, cookie(request, VISITOR)):
            return forged(request)
        link = form.get("link", "")
        if await self._owners.is_set_up(digest(link), now):
            return _used(request)
        first = _first(form, asks_store=await self._asks_store())
        if first.faults:
            return await self._form(request, link, first, 422)
        told = first.values
        owner = Owner(random_id(), told["name"], told["email"], "", now)
        store = Store(random_id(), told["store"]) if "store" in told else None
        password = await self._passwords.hashed(form["password"])
        try:
            await self._owners.set_up(digest(link), owner, password, store, now)
        except Taken:
            return await self._form(request, link, _First(told, {"store": "taken"}), 422)
        except NotFound:
            return _used(request)
        return await self._sessions.begin(request, owner, "")

    async def _asks_store(
        self,
    ) -> bool:
        return not await self._stores.all()

    async def _form(
        self, request: Request, link: str, first: _First, status: int = 200
    ) -> Response:
        language = chosen_language(request)
        kept, cookies = visitor(request)
        page = setup(
            language,
            here=f"{SET_UP}?link={link}",
            action=with_language(request, SET_UP),
            token=form_token(kept),
            link=link,
            asks_store=await self._asks_store(),
            values={name: first.values.get(name, "") for name in _KEPT},
            faults=first.faults,
        )
        return shown(page, language, status, *cookies)


def _first(form: Mapping[str, str], *, asks_store: bool) -> _First:
    values: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name in ("name", "email", *(["store"] if asks_store else [])):
        text = form.get(name, "").strip()
        values[name] = text
        try:
            values[name] = parse_email(text) if name == "email" else clean(text, MAX_NAME)
        except ValueError:
            faults[name] = "email" if name == "email" else "characters"
        if not text:
            faults[name] = "required"
    if values.get("store", "").isdigit():
        faults["store"] = "characters"  # a name of digits alone would be taken for an id
    fault = fault_of(form.get("password", ""))
    if fault is not None:
        faults["password"] = fault
    return _First(values, faults)


def _used(request: Request) -> Response:
    return problem_shown(request, "used_link", 404)
