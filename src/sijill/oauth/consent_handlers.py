"""The authorization endpoint: an owner is asked, and the browser is sent back with the answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sijill.http.query import parse_id, parse_query
from sijill.http.request import Request, Response, chosen_language, with_language
from sijill.oauth.apps import App, AppTable
from sijill.oauth.browser import SESSION, cookie, here, is_ours, sent, shown
from sijill.oauth.grant_table import GrantTable
from sijill.oauth.grants import Code, Consent, Lifetimes
from sijill.oauth.owners import Owner, OwnerTable
from sijill.oauth.pages import consent
from sijill.oauth.refusals import RedirectError
from sijill.oauth.requests import AuthorizationRequest, client_of, read
from sijill.oauth.scopes import scope_text
from sijill.oauth.session_handlers import SessionHandlers, forged, to_login
from sijill.oauth.sessions import form_token
from sijill.oauth.tokens import CODE, digest, mint
from sijill.oauth.wire import parse_form, sent_to
from sijill.stores.model import Store
from sijill.values.ids import random_id

AUTHORIZE = "/oauth2/auth"


OnInstall = Callable[[App, Store, frozenset[str]], Awaitable[None]]
"""Gets the app, the store, and the scopes that the owner agreed to."""


class ConsentHandlers:
    """Asks an owner to let an app in."""

    def __init__(
        self,
        apps: AppTable,
        grants: GrantTable,
        owners: OwnerTable,
        sessions: SessionHandlers,
        lifetimes: Lifetimes,
        on_install: OnInstall,
        now: Callable[[], datetime],
        public_url: Callable[[], str],
        strips_state: bool,
    ) -> None:
        self._apps = apps
        self._grants = grants
        self._owners = owners
        self._sessions = sessions
        self._lifetimes = lifetimes
        self._on_install = on_install
        self._now = now
        self._public_url = public_url
        self._strips_state = strips_state

    async def ask(self, request: Request) -> Response:
        """
        Answer with the page on which an owner agrees or not; first of all they sign in.

        Raises: NotAuthorizable; Unavailable.
        """
        try:
            asked = await self._asked(request.query)
        except RedirectError as fault:
            return self._sent_back(fault)
        visit = await self._sessions.session_of(request)
        if visit is None:
            return to_login(here(request))
        language = chosen_language(request)
        page = consent(
            language,
            here=here(request),
            action=with_language(request, AUTHORIZE),
            token=form_token(cookie(request, SESSION) or ""),
            request=request.query.decode("latin-1"),
            app=asked.app,
            scopes=asked.scopes,
            owner=visit.owner,
            stores=await self._owners.stores_of(visit.owner.id),
            redirect_uri=asked.redirect_uri,
        )
        return shown(page, language)

    async def answer(self, request: Request) -> Response:
        """
        Take the owner's answer and send the browser back, with a code or with a refusal.

        The request is read anew: nothing in the form is trusted because a page of ours held it.
        Raises: NotAuthorizable; BadRequest; Unavailable.
        """
        form = parse_form(await request.body())
        query = form.get("request", "").encode("ascii", "replace")
        visit = await self._sessions.session_of(request)
        if visit is None:
            return to_login(f"{AUTHORIZE}?{query.decode('ascii')}")
        if not is_ours(request, self._public_url(), form, cookie(request, SESSION)):
            return forged(request)
        try:
            asked = await self._asked(query)
            if form.get("answer") != "allow":
                raise RedirectError(
                    asked.redirect_uri, "access_denied", "the owner did not agree", asked.state
                )
        except RedirectError as fault:
            return self._sent_back(fault)
        theirs = {store.id: store for store in await self._owners.stores_of(visit.owner.id)}
        store = theirs.get(parse_id(form.get("store", "")) or 0)
        if store is None:
            return forged(request)
        code = await self._agree(asked, visit.owner, store.id)
        await self._on_install(asked.app, store, asked.scopes)
        granted = [("code", code), ("scope", scope_text(asked.scopes)), self._state(asked.state)]
        return sent(sent_to(asked.redirect_uri, granted))

    async def _asked(self, query: bytes) -> AuthorizationRequest:
        pairs = parse_query(query)
        return read(pairs, await self._apps.find_client(client_of(pairs)))

    async def _agree(self, asked: AuthorizationRequest, owner: Owner, store_id: int) -> str:
        """Return the code that stands for what was agreed to."""
        code, now = mint(CODE), self._now()
        await self._grants.authorize(
            Consent(random_id(), store_id, asked.app.id, owner.id, asked.scopes, now),
            Code(
                digest(code),
                asked.redirect_uri,
                asked.redirect_given,
                asked.challenge,
                now + self._lifetimes.code,
            ),
        )
        return code

    def _sent_back(self, fault: RedirectError) -> Response:
        told = [("error", fault.error), ("error_description", fault.description)]
        return sent(sent_to(fault.redirect_uri, [*told, self._state(fault.state)]))

    def _state(self, state: str | None) -> tuple[str, str | None]:
        if state is not None and self._strips_state:
            return "state", state.replace("-", "")
        return "state", state
