"""The page of an invited person, who chooses a password there and has an account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sijill.errors import NotFound, Taken
from sijill.http.request import Request, Response
from sijill.oauth.acting import person_cause
from sijill.oauth.browser import UsedLink, show_to_visitor
from sijill.oauth.invitations import InvitationTable, Invited
from sijill.oauth.password_rules import MIN_LENGTH, fault_of
from sijill.oauth.passwords import Passwords
from sijill.oauth.people import PersonAccount
from sijill.oauth.session_handlers import CONSOLE, SessionHandlers
from sijill.oauth.tokens import digest
from sijill.values.ids import Draw

Form = dict[str, str]


@dataclass(frozen=True)
class InvitationHandlers:
    """Makes accounts of people who were invited. Every method may raise Unavailable."""

    invitations: InvitationTable
    passwords: Passwords
    sessions: SessionHandlers
    now: Callable[[], datetime]
    draw: Draw

    async def show(self, request: Request, link: str, path: str) -> Response:
        """Answer with the form of an invited person. Raises: UsedLink."""
        return self._form(request, await self._find(link), link, path)

    async def accept(self, request: Request, link: str, password: str, path: str) -> Response:
        """Make the account, and begin a session in the console. Raises: UsedLink."""
        invited = await self._find(link)
        fault = fault_of(password)
        if fault is not None:
            return self._form(request, invited, link, path, fault)
        hashed = await self.passwords.hashed(password)
        cause = person_cause(request, invited.invitation.id)
        try:
            person = await self.invitations.by(cause).accept(digest(link), hashed, self.now())
        except (NotFound, Taken) as fault:
            raise UsedLink from fault
        return await self.sessions.begin(request, PersonAccount(person, hashed), CONSOLE)

    async def _find(self, link: str) -> Invited:
        try:
            return await self.invitations.find(digest(link), self.now())
        except NotFound as fault:
            raise UsedLink from fault

    def _form(
        self, request: Request, invited: Invited, link: str, path: str, fault: str = ""
    ) -> Response:
        return show_to_visitor(
            request,
            self.draw,
            "invitation.html",
            f"{path}?link={link}",
            status=422 if fault else 200,
            link=link,
            store=invited.store,
            invitation=invited.invitation,
            fault=fault,
            min_length=MIN_LENGTH,
        )
