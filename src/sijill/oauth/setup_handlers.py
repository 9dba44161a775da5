"""Accounts that are made with one-time links: of the first owner, and of who was invited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sijill.errors import NotFound, Taken
from sijill.http.query import parse_query
from sijill.http.request import Request, Response
from sijill.oauth.acting import person_cause
from sijill.oauth.browser import VISITOR, UsedLink, read_form, show_to_visitor
from sijill.oauth.invitation_handlers import InvitationHandlers
from sijill.oauth.invitations import is_invitation
from sijill.oauth.password_rules import MIN_LENGTH, fault_of
from sijill.oauth.passwords import Passwords
from sijill.oauth.people import Person, PersonAccount, PersonTable
from sijill.oauth.person_forms import read_email, read_name
from sijill.oauth.session_handlers import SessionHandlers
from sijill.oauth.tokens import digest
from sijill.stores.model import Store
from sijill.stores.table import StoreTable
from sijill.values.ids import Draw, random_id

SET_UP = "/_/setup"

Texts = Mapping[str, str]


@dataclass(frozen=True)
class SetupHandlers:
    """Creates the first owner, and lets in who was invited."""

    people: PersonTable
    stores: StoreTable
    passwords: Passwords
    sessions: SessionHandlers
    invitations: InvitationHandlers
    now: Callable[[], datetime]
    draw: Draw
    public_url: Callable[[], str]

    async def show_setup(self, request: Request) -> Response:
        """Answer with the form of the first owner, or of who was invited. Raises: UsedLink."""
        link = dict(parse_query(request.query)).get("link", "")
        if is_invitation(link):
            return await self.invitations.show(request, link, SET_UP)
        await self._check_link(link)
        return await self._form(request, link, {}, {})

    async def set_up(self, request: Request) -> Response:
        """
        Create the first owner, of a new store or of every store, and begin a session.

        The link of an invitation makes the account of who was invited.

        Raises: BadRequest; ForgedForm; UsedLink; Unavailable.
        """
        form = await read_form(request, self.public_url(), VISITOR)
        link = form.get("link", "")
        if is_invitation(link):
            password = form.get("password", "")
            return await self.invitations.accept(request, link, password, SET_UP)
        await self._check_link(link)
        values, faults = _read(form, asks_store=await self._asks_store())
        if faults:
            return await self._form(request, link, values, faults, 422)
        now = self.now()
        person = Person(random_id(self.draw), values["name"], values["email"], "", now)
        store = None
        if "store" in values:
            store = Store(random_id(self.draw), values["store"], created_at=now)
        password = await self.passwords.hashed(form["password"])
        try:
            people = self.people.by(person_cause(request, person.id))
            await people.set_up(digest(link), person, password, store, now)
        except Taken:
            return await self._form(request, link, values, {"store": "taken"}, 422)
        except NotFound as fault:
            raise UsedLink from fault
        return await self.sessions.begin(request, PersonAccount(person, password), "")

    async def _check_link(self, link: str) -> None:
        if await self.people.is_set_up(digest(link), self.now()):
            raise UsedLink

    async def _asks_store(self) -> bool:
        return not await self.stores.all()

    async def _form(
        self, request: Request, link: str, texts: Texts, faults: Texts, status: int = 200
    ) -> Response:
        return show_to_visitor(
            request,
            self.draw,
            "setup.html",
            f"{SET_UP}?link={link}",
            status=status,
            link=link,
            asks_store=await self._asks_store(),
            values=texts,
            faults=faults,
            min_length=MIN_LENGTH,
        )


def _read(form: Texts, *, asks_store: bool) -> tuple[Texts, Texts]:
    """Return the texts but the password, which no page shows again, and the faults by field."""
    read = {"name": read_name(form.get("name", "")), "email": read_email(form.get("email", ""))}
    if asks_store:
        read["store"] = read_name(form.get("store", ""))
    values = {name: one.text for name, one in read.items()}
    faults: dict[str, str] = {name: one.fault for name, one in read.items() if one.fault}
    if values.get("store", "").isdigit():
        faults["store"] = "digits"
    fault = fault_of(form.get("password", ""))
    if fault is not None:
        faults["password"] = fault
    return values, faults
