"""Signing in and out, and the session of a request."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sijill.errors import TooManyRequests, Unavailable
from sijill.http.cookies import Header, cookie, set_cookie
from sijill.http.errors import waiting
from sijill.http.query import parse_query
from sijill.http.request import Request, Response
from sijill.oauth.acting import person_cause
from sijill.oauth.admission import Admission
from sijill.oauth.apps import AppTable
from sijill.oauth.browser import (
    SESSION,
    VISITOR,
    lead,
    path_and_query,
    read_form,
    session_token,
    show,
    show_to_visitor,
)
from sijill.oauth.devices import Devices
from sijill.oauth.pages import LOGIN
from sijill.oauth.passwords import Passwords
from sijill.oauth.people import PersonAccount, PersonTable
from sijill.oauth.sessions import TOUCH_AFTER, Session, SessionLife, SessionTable, is_over
from sijill.oauth.tokens import SESSION as SESSION_PREFIX
from sijill.oauth.tokens import digest, mint
from sijill.pages.look import keep_language
from sijill.values.ids import Draw
from sijill.values.texts import email_key, parse_email, trimmed

CONSOLE = "/_/console"
"""The path of the console."""

_ONWARD = re.compile(r"/oauth2/auth\?[\x21-\x7e]*|/_/console(?:[/?][\x21-\x7e]*)?", re.ASCII)
"""The addresses that signing in leads to: authorization requests, and pages of the console."""


@dataclass(frozen=True)
class SessionHandlers:
    """Signs people in and out. Every method may raise Unavailable."""

    people: PersonTable
    sessions: SessionTable
    apps: AppTable
    passwords: Passwords
    devices: Devices
    admission: Admission
    session_life: SessionLife
    now: Callable[[], datetime]
    draw: Draw
    public_url: Callable[[], str]

    async def session_of(self, request: Request) -> Session | None:
        """
        Return the session of a request; None without a session, or if it has ended.

        A stream, which a browser opens by itself, keeps no session alive.
        """
        value = cookie(request, SESSION)
        if value is None:
            return None
        session, now = await self.sessions.find(digest(value)), self.now()
        if session is None or is_over(session, self.session_life, now):
            return None
        streams = request.header(b"accept") == "text/event-stream"
        if now - session.seen_at >= TOUCH_AFTER and not streams:
            await self.sessions.touch(digest(value), now)
        return session

    async def show_login(self, request: Request) -> Response:
        """Answer with the form to sign in; with the person's stores if the person is signed in."""
        onward = onward_of(dict(parse_query(request.query)).get("onward", ""))
        session = await self.session_of(request)
        if session is None:
            return await self._form(request, onward)
        if onward:
            return lead(request, onward)
        return show(
            request,
            "ready.html",
            path_and_query(request),
            person=session.person,
            stores=await self.people.stores_of(session.person.id),
            token=session_token(request),
        )

    async def sign_in(self, request: Request) -> Response:
        """
        Begin a session, and redirect the browser to the address in the form.

        A place among the allowed attempts is taken before the password is checked, so that
        attempts at once are limited too, and given back unless the password was wrong. A device
        that signed in to the account before has places of its own.
        """
        form = await read_form(request, self.public_url(), VISITOR)
        onward, email = onward_of(form.get("onward", "")), trimmed(form.get("email", ""))
        account = await self.people.find_by_email(email)
        device = self.devices.known(request, account)
        try:
            place = await self.admission.take_login(account_key(email), request, device)
        except TooManyRequests as fault:
            return await self._form(request, onward, email, "too_many", 429, waiting(fault))
        hashed = None if account is None else account.password
        try:
            matches = await self.passwords.matches(form.get("password", ""), hashed)
        except Unavailable:  # raised before the password was checked
            await self.admission.give_back(place)
            raise
        if not matches or account is None or account.person.suspended_at is not None:
            return await self._form(request, onward, email, "wrong", 403)
        await self.admission.give_back(place)
        return await self.begin(request, account, onward or CONSOLE)

    async def begin(self, request: Request, account: PersonAccount, onward: str) -> Response:
        """
        Return the answer that begins a session under a new cookie; an earlier session ends.

        The browser keeps the language that `?lang=` chose.
        """
        before, fresh = cookie(request, SESSION), mint(SESSION_PREFIX, self.draw)
        if before is not None:
            await self.sessions.close(digest(before))
        sessions = self.sessions.by(person_cause(request, account.person.id))
        await sessions.open(digest(fresh), account.person.id, self.now())
        kept = (*self.devices.remember(request, account), *keep_language(request))
        return lead(request, onward or LOGIN, set_cookie(request, SESSION, fresh), *kept)

    async def sign_out(self, request: Request) -> Response:
        """End the session, and redirect the browser to the form to sign in."""
        form = await read_form(request, self.public_url(), SESSION)
        await self.sessions.close(digest(cookie(request, SESSION) or ""))
        onward = onward_of(form.get("onward", ""))
        return lead(request, login_at(onward), set_cookie(request, SESSION, ""))

    async def _form(
        self,
        request: Request,
        onward: str,
        email: str = "",
        fault: str = "",
        status: int = 200,
        more: tuple[Header, ...] | list[Header] = (),
    ) -> Response:
        query = parse_query(onward.partition("?")[2].encode("ascii"))
        return show_to_visitor(
            request,
            self.draw,
            "login.html",
            login_at(onward),
            *more,
            status=status,
            onward=onward,
            email=email,
            fault=fault,
            app=await self.apps.find_client(dict(query).get("client_id", "")),
        )


def login_at(onward: str) -> str:
    """Return the address of the form to sign in, which leads `onward` from there."""
    return f"{LOGIN}?onward={quote(onward, safe='')}" if onward else LOGIN


def onward_of(text: str) -> str:
    """Return the address after signing in: an authorization request or a page, else ""."""
    return text if _ONWARD.fullmatch(text) else ""


def account_key(email: str) -> str:
    """Return the key that counts attempts: the same for all spellings that find one account."""
    with suppress(ValueError):
        email = parse_email(email)
    return hashlib.sha256((email_key(email) or "").encode()).hexdigest()[:32]
