"""
One-time links that sign a person in: those that a sandbox prints when it starts.

They are kept in memory, by digest, and end with the process.
"""

from dataclasses import dataclass, field

from sijill.http.query import parse_query
from sijill.http.request import Request, Response
from sijill.oauth.browser import UsedLink, lead
from sijill.oauth.people import PersonTable
from sijill.oauth.session_handlers import CONSOLE, SessionHandlers
from sijill.oauth.tokens import ENTRY, digest, mint

ENTER = "/_/enter"
"""The path of a link."""


@dataclass
class Entries:
    """The links that nobody has used yet."""

    _emails: dict[bytes, str] = field(default_factory=dict)

    def offer(self, email: str) -> str:
        """Return the path and query of a new link that signs in the person with an e-mail."""
        link = mint(ENTRY)
        self._emails[digest(link)] = email
        return f"{ENTER}?link={link}"

    def use(self, link: str) -> str:
        """Return the e-mail of a link, which no longer works then. Raises: UsedLink."""
        email = self._emails.pop(digest(link), None)
        if email is None:
            raise UsedLink
        return email


@dataclass(frozen=True)
class EntryHandlers:
    """Signs people in by links."""

    entries: Entries
    people: PersonTable
    sessions: SessionHandlers

    async def enter(self, request: Request) -> Response:
        """Begin a session, and redirect to the console. Raises: UsedLink; Unavailable."""
        if request.method == "HEAD":  # what looks at a link first must not use it up
            return lead(request, CONSOLE)
        link = dict(parse_query(request.query)).get("link", "")
        account = await self.people.find_by_email(self.entries.use(link))
        if account is None or account.person.suspended_at is not None:
            raise UsedLink
        return await self.sessions.begin(request, account, CONSOLE)
