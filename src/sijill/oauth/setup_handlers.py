"""The first owner, whose account is created with the one-time link."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from sijill.errors import NotFound, Taken
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, with_language
from sijill.oauth.browser import VISITOR, UsedLink, read_form, show, visitor
from sijill.oauth.owners import Owner, OwnerTable
from sijill.oauth.passwords import MIN_LENGTH, Passwords, fault_of
from sijill.oauth.session_handlers import SessionHandlers
from sijill.oauth.sessions import form_token
from sijill.oauth.tokens import digest
from sijill.stores.model import Store
from sijill.stores.table import StoreTable
from sijill.values.ids import random_id
from sijill.values.texts import clean, parse_email

SET_UP = "/_/setup"

MAX_NAME = 255
"""Characters of a name at most."""


class _Form(NamedTuple):
    values: Mapping[str, str]
    """Without the password, which the page never shows again."""
    faults: Mapping[str, str]


class SetupHandlers:
    """Creates the first owner."""

    def __init__(
        self,
        owners: OwnerTable,
        stores: StoreTable,
        passwords: Passwords,
        sessions: SessionHandlers,
        now: Callable[[], datetime],
        public_url: Callable[[], str],
    ) -> None:
        self._owners, self._stores, self._passwords = owners, stores, passwords
        self._sessions, self._now, self._public_url = sessions, now, public_url

    async def show_setup(self, request: Request) -> Response:
        """
        Answer with the form of the first owner.

        Raises: UsedLink; Unavailable.
        """
        link = dict(parse_query(request.query)).get("link", "")
        await self._check_link(link)
        return await self._form(request, link, _Form({}, {}))

    async def set_up(self, request: Request) -> Response:
        """
        Create the first owner, of a new store or of every store, and begin a session.

        Raises: BadRequest; ForgedForm; UsedLink; Unavailable.
        """
        form = await read_form(request, self._public_url(), VISITOR)
        link = form.get("link", "")
        await self._check_link(link)
        read = _read(form, asks_store=await self._asks_store())
        if read.faults:
            return await self._form(request, link, read, 422)
        values, now = read.values, self._now()
        owner = Owner(random_id(), values["name"], values["email"], "", now)
        store = Store(random_id(), values["store"]) if "store" in values else None
        password = await self._passwords.hashed(form["password"])
        try:
            await self._owners.set_up(digest(link), owner, password, store, now)
        except Taken:
            return await self._form(request, link, _Form(values, {"store": "taken"}), 422)
        except NotFound as fault:
            raise UsedLink from fault
        return await self._sessions.begin(request, owner, "")

    async def _check_link(self, link: str) -> None:
        if await self._owners.is_set_up(digest(link), self._now()):
            raise UsedLink

    async def _asks_store(self) -> bool:
        return not await self._stores.all()

    async def _form(self, request: Request, link: str, form: _Form, status: int = 200) -> Response:
        value, cookies = visitor(request)
        return show(
            request,
            "setup.html",
            f"{SET_UP}?link={link}",
            *cookies,
            status=status,
            action=with_language(request, SET_UP),
            token=form_token(value),
            link=link,
            asks_store=await self._asks_store(),
            values=form.values,
            faults=form.faults,
            min_length=MIN_LENGTH,
        )


def _read(form: Mapping[str, str], *, asks_store: bool) -> _Form:
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
        faults["store"] = "characters"  # a name of digits alone would look like an id
    fault = fault_of(form.get("password", ""))
    if fault is not None:
        faults["password"] = fault
    return _Form(values, faults)
