"""Signing in and out: who an owner in a browser is."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

from sijill.errors import TooManyRequests
from sijill.http.errors import waiting
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, chosen_language, with_language
from sijill.oauth.admission import Admission
from sijill.oauth.apps import AppTable
from sijill.oauth.browser import (
    SESSION,
    VISITOR,
    cookie,
    here,
    is_ours,
    problem_shown,
    sent,
    set_cookie,
    shown,
)
from sijill.oauth.owners import Owner, OwnerTable
from sijill.oauth.pages import login, ready
from sijill.oauth.passwords import Passwords
from sijill.oauth.sessions import SEEN, Session, SessionLife, SessionTable, form_token, is_over
from sijill.oauth.tokens import SESSION as SESSION_PREFIX
from sijill.oauth.tokens import digest, mint
from sijill.oauth.wire import parse_form
from sijill.values.texts import parse_email

LOGIN, LOGOUT = "/_/login", "/_/logout"

_ONWARD = re.compile(r"/oauth2/auth\?[\x21-\x7e]*", re.ASCII)
"""Where signing in may lead: a request for consent, on this server, and nowhere else."""


class SessionHandlers:
    """Signs owners in and out."""

    def __init__(
        self,
        owners: OwnerTable,
        sessions: SessionTable,
        apps: AppTable,
        passwords: Passwords,
        admission: Admission,
        session_life: SessionLife,
        now: Callable[[], datetime],
        public_url: Callable[[], str],
    ) -> None:
        self._owners = owners
        self._sessions = sessions
        self._apps = apps
        self._passwords = passwords
        self._admission = admission
        self._session_life = session_life
        self._now = now
        self._public_url = public_url

    async def session_of(self, request: Request) -> Session | None:
        """
        Return the session of a request, or None without one that goes on.

        Raises: Unavailable.
        """
        kept = cookie(request, SESSION)
        if kept is None:
            return None
        visit, now = await self._sessions.find(digest(kept)), self._now()
        if visit is None or is_over(visit, self._session_life, now):
            return None
        if now - visit.seen_at >= SEEN:
            await self._sessions.touch(digest(kept), now)
        return visit

    async def show_login(self, request: Request) -> Response:
        """Answer with the form to sign in; to somebody who is, with what is theirs."""
        onward = onward_of(dict(parse_query(request.query)).get("onward", ""))
        visit = await self.session_of(request)
        if visit is None:
            return await self._form(request, onward)
        if onward:
            return sent(onward)
        language = chosen_language(request)
        page = ready(
            language,
            here=here(request),
            owner=visit.owner,
            stores=await self._owners.stores_of(visit.owner.id),
            token=form_token(cookie(request, SESSION) or ""),
        )
        return shown(page, language)

    async def sign_in(self, request: Request) -> Response:
        """
        Begin a session, and send the browser onward.

        An attempt is counted before the password is looked at, for the account and for the address.
        """
        form = parse_form(await request.body())
        if not is_ours(request, self._public_url(), form, cookie(request, VISITOR)):
            return forged(request)
        onward, email = onward_of(form.get("onward", "")), form.get("email", "").strip()
        try:
            await self._admission.count_login(account(email), request)
        except TooManyRequests as fault:
            answer = await self._form(request, onward, email, "too_many", 429)
            answer.headers.extend(waiting(fault))
            return answer
        known = await self._owners.find_by_email(email)
        kept = None if known is None else known.password
        if not await self._passwords.matches(form.get("password", ""), kept) or known is None:
            return await self._form(request, onward, email, "wrong", 403)
        return await self.begin(request, known.owner, _in_language(request, onward))

    async def begin(self, request: Request, owner: Owner, onward: str) -> Response:
        """Return the answer that begins a session under a new cookie; one before it ends."""
        before, fresh = cookie(request, SESSION), mint(SESSION_PREFIX)
        if before is not None:
            await self._sessions.close(digest(before))
        await self._sessions.open(digest(fresh), owner.id, self._now())
        return sent(onward or LOGIN, set_cookie(SESSION, fresh))

    async def sign_out(self, request: Request) -> Response:
        """End the session, and show the form to sign in."""
        form, kept = parse_form(await request.body()), cookie(request, SESSION)
        if kept is None or not is_ours(request, self._public_url(), form, kept):
            return forged(request)
        await self._sessions.close(digest(kept))
        onward = onward_of(form.get("onward", ""))
        return sent(login_at(onward), set_cookie(SESSION, ""))

    async def _form(
        self,
        request: Request,
        onward: str,
        email: str = "",
        fault: str | None = None,
        status: int = 200,
    ) -> Response:
        language = chosen_language(request)
        kept, cookies = visitor(request)
        page = login(
            language,
            here=login_at(onward),
            action=with_language(request, LOGIN),
            token=form_token(kept),
            onward=onward,
            email=email,
            fault=fault,
            client=await self._client_name(onward),
        )
        return shown(page, language, status, *cookies)

    async def _client_name(self, onward: str) -> str | None:
        query = onward.partition("?")[2].encode("ascii")
        app = await self._apps.find_client(dict(parse_query(query)).get("client_id", ""))
        return None if app is None else app.name


def to_login(onward: str) -> Response:
    """Return the answer that sends a browser to sign in, and from there onward."""
    return sent(login_at(onward))


def login_at(onward: str) -> str:
    """Return the address at which to sign in; "" leads nowhere from there."""
    return f"{LOGIN}?onward={quote(onward, safe='')}" if onward else LOGIN


def forged(request: Request) -> Response:
    """Return the answer to a form that no page of ours was shown for."""
    return problem_shown(request, "forged", 403)


def onward_of(text: str) -> str:
    """Return where to go on, or "" for anywhere but a request for consent."""
    return text if _ONWARD.fullmatch(text) else ""


def visitor(request: Request) -> tuple[str, list[tuple[bytes, bytes]]]:
    """Return the cookie of a browser that nobody signed in with, and the header that sets it."""
    kept = cookie(request, VISITOR)
    if kept is not None:
        return kept, []
    fresh = mint(SESSION_PREFIX)
    return fresh, [set_cookie(VISITOR, fresh)]


def account(email: str) -> str:
    """Return what attempts are counted under: one for all spellings that find the same owner."""
    with suppress(ValueError):
        email = parse_email(email)
    return hashlib.sha256(email.casefold().encode()).hexdigest()[:32]


def _in_language(request: Request, onward: str) -> str:
    """Return where to go on, in the language that was chosen here: it means nothing to OAuth."""
    chosen = with_language(request, "").removeprefix("?")
    return f"{onward}&{chosen}" if onward and chosen else onward
