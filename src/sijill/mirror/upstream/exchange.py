"""
The token endpoint of upstream: a code or a refresh token for a pair of tokens.

Each request has a connection of its own: one that upstream is closing at this moment would lose the
answer, and with it the grant.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from sijill.egress.message import Answered, NotSent
from sijill.egress.sending import Sender
from sijill.mirror.upstream.model import Issued, Link, Lost, Outcome, Unsent

FORM = "application/x-www-form-urlencoded"

ABSOLUTE = 1_349_067_600
"""From here on `expires` is a moment and no duration. Source: league/oauth2-client."""

LONGEST = 10 * 366 * 86_400
"""Seconds that a token may live at most; an answer with more is not believed."""

OPEN = frozenset({"timeout", "protocol"})
"""The reasons of a message that may have arrived all the same."""


class Exchange:
    """Asks the token endpoint."""

    def __init__(self, sender: Callable[[], Sender], clock: Callable[[], float]) -> None:
        """`clock` gives UTC epoch seconds."""
        self._sender, self._clock = sender, clock

    async def renew(self, link: Link) -> Outcome:
        """Send the refresh token of a link. It is the caller's to send none twice."""
        return await self._ask(
            link.accounts,
            {
                "grant_type": "refresh_token",
                "refresh_token": link.refresh or "",
                "client_id": link.client_id,
                "client_secret": link.client_secret,
            },
        )

    async def redeem(
        self, accounts: str, code: str, redirect_uri: str, client_id: str, client_secret: str | None
    ) -> Outcome:
        """Send the code of an authorization; `accounts` is the base of OAuth."""
        return await self._ask(
            accounts,
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "client_id": client_id,
                "client_secret": client_secret,
            },
        )

    async def _ask(self, accounts: str, fields: Mapping[str, str | None]) -> Outcome:
        given = {name: value for name, value in fields.items() if value is not None}
        headers = [("Content-Type", FORM), ("Accept", "application/json")]
        sender = self._sender()
        try:
            answer = await sender.ask(
                "POST", f"{accounts}/oauth2/token", headers, urlencode(given).encode()
            )
        except NotSent as fault:
            return Lost(fault.reason) if fault.reason in OPEN else Unsent(fault.reason)
        finally:
            await sender.close()
        return read(answer, self._clock())


def read(answer: Answered, now: float) -> Issued | Lost:
    """Return what an answer of the token endpoint says at a moment, in UTC epoch seconds."""
    if answer.status != 200:
        return Lost(f"status_{answer.status}")
    try:
        fields = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Lost("body")
    access = fields.get("access_token") if isinstance(fields, dict) else None
    if not isinstance(access, str) or not access:
        return Lost("body")
    refresh = fields.get("refresh_token")
    known = refresh if isinstance(refresh, str) and refresh else None
    return Issued(access, known, _lifetime(fields, now))


def _lifetime(fields: Mapping[str, Any], now: float) -> float | None:
    """Return the seconds of `expires_in`, or of `expires`, a duration or a moment."""
    for name in ("expires_in", "expires"):
        value = fields.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value - now if name == "expires" and value >= ABSOLUTE else value
            if 0 < seconds <= LONGEST:
                return float(seconds)
    return None
