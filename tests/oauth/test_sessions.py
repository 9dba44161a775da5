"""The end of sessions, and the CSRF tokens of forms (ASVS 5 V7.3, V3.5.1)."""

from datetime import datetime, timedelta

import pytest
from fixtures.clients import NOW
from hypothesis import given
from hypothesis import strategies as st

from sijill.oauth.people import Person
from sijill.oauth.sessions import (
    TOUCH_AFTER,
    Session,
    SessionLife,
    form_token,
    is_form_token,
    is_over,
)
from sijill.oauth.tokens import SESSION, digest, mint

LIFE = SessionLife()
TICK = timedelta(microseconds=1)
VISIT = Session(Person(1, "Noura", "noura@example.com", "", NOW), NOW, NOW)


@pytest.mark.parametrize(
    ("seen", "now", "over"),
    [
        (NOW, NOW, False),
        (NOW, NOW + LIFE.idle - TICK, False),
        (NOW, NOW + LIFE.idle, True),
        (NOW + timedelta(hours=1), NOW + timedelta(hours=1) + LIFE.idle - TICK, False),
        (NOW + LIFE.max - TICK, NOW + LIFE.max - TICK, False),
        (NOW + LIFE.max - TICK, NOW + LIFE.max, True),
    ],
)
def test_a_session_ends_without_use_and_in_any_case(
    seen: datetime, now: datetime, over: bool
) -> None:
    assert is_over(VISIT._replace(seen_at=seen), LIFE, now) is over


def test_sessions_live_half_an_hour_without_use_and_twelve_hours_at_most() -> None:
    assert (timedelta(minutes=30), timedelta(hours=12)) == LIFE
    assert LIFE.idle > TOUCH_AFTER


def test_a_csrf_token_belongs_to_one_cookie() -> None:
    cookie, other = mint(SESSION), mint(SESSION)
    assert is_form_token(form_token(cookie), cookie)
    assert not is_form_token(form_token(other), cookie)
    assert not is_form_token("", cookie)
    assert form_token(cookie) not in (cookie, digest(cookie).hex())


@given(st.text(max_size=70))
def test_no_other_text_is_a_csrf_token(sent: str) -> None:
    assert not is_form_token(sent, "sjl_ws_kept")
