"""The authorization endpoint: an owner is asked for consent, and the app gets the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sijill.http.query import parse_id, parse_query
from sijill.http.request import Request, Response, chosen_language, with_language
from sijill.oauth.acting import person_cause
from sijill.oauth.apps import App, AppTable
from sijill.oauth.bodies import parse_form
from sijill.oauth.browser import (
    SESSION,
    ForgedForm,
    NotPermitted,
    check_form,
    lead,
    path_and_query,
    see_other,
    session_token,
)
from sijill.oauth.grant_table import GrantTable
from sijill.oauth.grants import Code, Consent, Lifetimes
from sijill.oauth.pages import consent
from sijill.oauth.people import Person, PersonTable
from sijill.oauth.refusals import RedirectError
from sijill.oauth.requests import AuthorizationRequest, client_of, read
from sijill.oauth.roles import may
from sijill.oauth.scopes import scope_text
from sijill.oauth.session_handlers import SessionHandlers, login_at
from sijill.oauth.tokens import CODE, digest, mint
from sijill.oauth.wire import with_parameters
from sijill.pages.page import page_response
from sijill.stores.model import Store
from sijill.values.ids import Draw, random_id

AUTHORIZE = "/oauth2/auth"

OnInstall = Callable[[App, Store, frozenset[str]], Awaitable[None]]
"""Gets the app, the store, and the scopes that the owner granted."""


@dataclass(frozen=True)
class ConsentHandlers:
    """Asks an owner for consent."""

    apps: AppTable
    grants: GrantTable
    people: PersonTable
    sessions: SessionHandlers
    lifetimes: Lifetimes
    on_install: OnInstall
    now: Callable[[], datetime]
    draw: Draw
    public_url: Callable[[], str]
    strips_state: bool

    async def ask(self, request: Request) -> Response:
        """
        Answer with the page that asks for consent.

        Raises: NotAuthorizable; NotPermitted; Unavailable.
        """
        try:
            asked = await self._read(request.query)
        except RedirectError as fault:
            return self._refused(fault)
        session = await self.sessions.session_of(request)
        if session is None:
            return lead(request, login_at(path_and_query(request)))
        if not may(session.person.role, "consent"):
            raise NotPermitted
        page = consent(
            chosen_language(request),
            path_and_query(request),
            action=with_language(request, AUTHORIZE),
            token=session_token(request),
            request=request.query.decode("latin-1"),
            app=asked.app,
            scopes=asked.scopes,
            person=session.person,
            stores=await self.people.stores_of(session.person.id),
            redirect_uri=asked.redirect_uri,
        )
        return page_response(request, page)

    async def answer(self, request: Request) -> Response:
        """
        Redirect the browser to the app, with a code or with an error.

        The authorization request in the form is checked again: a browser can change it.
        Raises: NotAuthorizable; BadRequest; ForgedForm; NotPermitted; Unavailable.
        """
        form = parse_form(await request.body())
        query = form.get("request", "").encode("ascii", "replace")
        session = await self.sessions.session_of(request)
        if session is None:
            return lead(request, login_at(f"{AUTHORIZE}?{query.decode('ascii')}"))
        check_form(request, self.public_url(), SESSION, form)
        if not may(session.person.role, "consent"):
            raise NotPermitted
        try:
            asked = await self._read(query)
        except RedirectError as fault:
            return self._refused(fault)
        uri, state = asked.redirect_uri, asked.state
        if form.get("answer") != "allow":
            denied = RedirectError(uri, "access_denied", "the owner did not agree", state)
            return self._refused(denied)
        stores = {store.id: store for store in await self.people.stores_of(session.person.id)}
        store = stores.get(parse_id(form.get("store", "")) or 0)
        if store is None:
            raise ForgedForm
        code = await self._authorize(request, asked, session.person, store.id)
        await self.on_install(asked.app, store, asked.scopes)
        granted = [("code", code), ("scope", scope_text(asked.scopes)), self._state(state)]
        return see_other(with_parameters(uri, granted))

    async def _read(self, query: bytes) -> AuthorizationRequest:
        pairs = parse_query(query)
        return read(pairs, await self.apps.find_client(client_of(pairs)))

    async def _authorize(
        self, request: Request, asked: AuthorizationRequest, owner: Person, store_id: int
    ) -> str:
        """Store the authorization, and return its code."""
        code, now = mint(CODE, self.draw), self.now()
        uri, until = asked.redirect_uri, now + self.lifetimes.code
        await self.grants.by(person_cause(request, owner.id)).authorize(
            Consent(random_id(self.draw), store_id, asked.app.id, owner.id, asked.scopes, now),
            Code(digest(code), uri, asked.redirect_given, asked.challenge, until),
        )
        return code

    def _refused(self, fault: RedirectError) -> Response:
        error = [("error", fault.error), ("error_description", fault.description)]
        return see_other(with_parameters(fault.redirect_uri, [*error, self._state(fault.state)]))

    def _state(self, state: str | None) -> tuple[str, str | None]:
        return "state", state.replace("-", "") if state and self.strips_state else state
