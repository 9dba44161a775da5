"""
Devices that signed in before: a signed cookie, by which limits tell owners from strangers.

Guesses at an owner's password, from any number of addresses, use up no attempts
of a browser in which that owner signed in before. The cookie lets nobody in: it has attempts of
its own, and as few of them as an address.
Source: OWASP "Slow Down Online Guessing Attacks with Device Cookies".
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sijill.database.sealing import Sealer
from sijill.http.cookies import Header, cookie, set_cookie
from sijill.http.request import Request
from sijill.oauth.people import PersonAccount
from sijill.values.ids import Draw, by_chance

DEVICE = "__Host-sijill-device"
"""The cookie of a browser in which an owner signed in, kept when the session ends."""

LIFE = 180 * 86_400
"""Seconds for which a device is known after it signed in."""

PREFIX = "sjl_wd_"
_COOKIE = re.compile(PREFIX + r"([0-9]{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})", re.ASCII)
"""When it ends (UTC epoch seconds), the name of the device, and the signature."""


CONTEXT = "device"
_NO_KEY = (OSError, ValueError)
"""Why there is no key: its file cannot be read, or cannot be written at first."""


@dataclass(frozen=True)
class Devices:
    """Signs and reads the cookies of devices. A new password makes every device unknown."""

    sealer: Sealer
    clock: Callable[[], float]
    draw: Draw = by_chance

    def known(self, request: Request, account: PersonAccount | None) -> str | None:
        """Return the name of the device, if it signed in to this account; else None."""
        match = _COOKIE.fullmatch(cookie(request, DEVICE) or "")
        if match is None or account is None:
            return None
        end, name, signature = match.groups()
        if int(end) <= self.clock():
            return None
        text, sent = _text(end, name, account), bytes.fromhex(signature)
        with suppress(*_NO_KEY):
            return name if self.sealer.is_signed(text, sent, CONTEXT) else None
        return None

    def remember(self, request: Request, account: PersonAccount) -> tuple[Header, ...]:
        """
        Return the header that makes the device known from now on, under the name that it has.

        No header without a key: signing in works all the same.
        """
        name = self.known(request, account) or self.draw("device", 16).hex()
        end = str(int(self.clock()) + LIFE)
        try:
            signature = self.sealer.sign(_text(end, name, account), CONTEXT).hex()
        except _NO_KEY:
            return ()
        return (set_cookie(request, DEVICE, f"{PREFIX}{end}.{name}.{signature}", LIFE),)


def _text(end: str, name: str, account: PersonAccount) -> str:
    return "\n".join((str(account.person.id), account.password, end, name))
