"""Sessions of owners in a browser: a random cookie, kept as its digest, that ends by itself."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.oauth.owners import Owner
from sijill.oauth.tokens import digest

SEEN = timedelta(minutes=1)
"""How much of its idle time a session may lose, so that not every page is a write."""


class SessionLife(NamedTuple):
    """How long a session lives: without being used, and at all."""

    idle: timedelta = timedelta(minutes=30)
    most: timedelta = timedelta(hours=12)


class Session(NamedTuple):
    """A session that is kept."""

    owner: Owner
    created_at: datetime
    seen_at: datetime


def is_over(visit: Session, life: SessionLife, now: datetime) -> bool:
    """Return whether a session has ended."""
    return now >= visit.created_at + life.most or now >= visit.seen_at + life.idle


def form_token(cookie: str) -> str:
    """
    Return what every form of a page must send back: it follows from the cookie, and not the
    other way, so whoever cannot read the page cannot send its form.
    """
    return hashlib.sha256(b"form:" + digest(cookie)).hexdigest()


def is_form_token(sent: str, cookie: str) -> bool:
    """Return whether a form was made for this cookie."""
    return secrets.compare_digest(sent.encode("utf-8", "replace"), form_token(cookie).encode())
