"""Decisions on codes and refresh tokens (ASVS 5 V10.4.2 to V10.4.5, RFC 9700 §4.14.2)."""

from datetime import datetime, timedelta

import pytest
from fixtures.clients import NOW
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.oauth.grants import (
    Code,
    CodeExchange,
    CodeState,
    GrantDecision,
    IssuedTokens,
    Lifetimes,
    RefreshState,
    decide_code,
    decide_refresh,
    new_pair,
)
from sijill.oauth.refusals import GRANT, invalid_grant
from sijill.oauth.scopes import OFFLINE, satisfies
from sijill.oauth.tokens import PREFIX, REFRESH

URI = "https://app.example.com/callback"
TICK = timedelta(microseconds=1)
UNTIL = NOW + timedelta(seconds=60)
CODE = Code(b"c" * 32, URI, True, None, UNTIL)
FRESH = CodeState(CODE, 7, used=False, revoked=False)
SILENT = replace(FRESH, code=replace(CODE, redirect_given=False))
EXCHANGE = CodeExchange(7, URI, None)

SCOPES = frozenset({"customers.read_write", "metadata.read", OFFLINE})
RENEWS = RefreshState(7, SCOPES, UNTIL, used=False, revoked=False)

GRANTED, REFUSED, REUSED = GrantDecision(frozenset()), GrantDecision(), GrantDecision(reused=True)
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("state", "exchange", "at", "decision"),
    [
        (FRESH, EXCHANGE, NOW, GRANTED),
        (FRESH, EXCHANGE, UNTIL - TICK, GRANTED),
        (FRESH, EXCHANGE, UNTIL, REFUSED),
        (FRESH, EXCHANGE, UNTIL + TICK, REFUSED),
        (FRESH, EXCHANGE._replace(app_id=8), NOW, REFUSED),
        (FRESH, EXCHANGE._replace(redirect_uri=None), NOW, REFUSED),
        (FRESH, EXCHANGE._replace(redirect_uri=URI + "/"), NOW, REFUSED),
        (FRESH, EXCHANGE._replace(redirect_uri=""), NOW, REFUSED),
        (SILENT, EXCHANGE._replace(redirect_uri=None), NOW, GRANTED),
        (SILENT, EXCHANGE, NOW, GRANTED),
        (SILENT, EXCHANGE._replace(redirect_uri=URI + "/"), NOW, REFUSED),
        (FRESH, EXCHANGE._replace(verifier="v" * 43), NOW, REFUSED),
        (replace(FRESH, revoked=True), EXCHANGE, NOW, REFUSED),
        (replace(FRESH, used=True), EXCHANGE, NOW, REUSED),
        (replace(FRESH, used=True), EXCHANGE, UNTIL, REUSED),
        (replace(FRESH, used=True, revoked=True), EXCHANGE, NOW, REUSED),
        (replace(FRESH, used=True), EXCHANGE._replace(redirect_uri=None), NOW, REUSED),
        (replace(FRESH, used=True), EXCHANGE._replace(app_id=8), NOW, REFUSED),
    ],
)
def test_a_code_is_good_once_in_time_for_its_client_and_redirect_uri(
    state: CodeState, exchange: CodeExchange, at: datetime, decision: GrantDecision
) -> None:
    assert decide_code(state, exchange, at) == decision


@pytest.mark.parametrize(
    ("state", "app_id", "at", "decision"),
    [
        (RENEWS, 7, NOW, GrantDecision(SCOPES)),
        (RENEWS, 7, UNTIL - TICK, GrantDecision(SCOPES)),
        (RENEWS, 7, UNTIL, REFUSED),
        (RENEWS, 7, UNTIL + TICK, REFUSED),
        (RENEWS, 8, NOW, REFUSED),
        (replace(RENEWS, revoked=True), 7, NOW, REFUSED),
        (replace(RENEWS, used=True), 7, NOW, REUSED),
        (replace(RENEWS, used=True), 7, UNTIL, REUSED),
        (replace(RENEWS, used=True, revoked=True), 7, NOW, REUSED),
        (replace(RENEWS, used=True), 8, NOW, REFUSED),
    ],
)
def test_a_refresh_token_is_good_once_in_time_for_its_client(
    state: RefreshState, app_id: int, at: datetime, decision: GrantDecision
) -> None:
    assert decide_refresh(state, app_id, NONE, at) == decision


@pytest.mark.parametrize(
    ("asked", "decision"),
    [
        (set(), GrantDecision(SCOPES)),
        ({OFFLINE}, GrantDecision(SCOPES)),
        (SCOPES, GrantDecision(SCOPES)),
        ({"customers.read_write"}, GrantDecision(frozenset({"customers.read_write"}))),
        ({"customers.read"}, GrantDecision(frozenset({"customers.read"}))),
        ({"customers.read", OFFLINE}, GrantDecision(frozenset({"customers.read", OFFLINE}))),
        ({"metadata.read_write"}, GrantDecision(too_wide=("metadata.read_write",))),
        ({"customers.read", "orders.read"}, GrantDecision(too_wide=("orders.read",))),
    ],
)
def test_a_refresh_may_only_narrow_the_scope(asked: set[str], decision: GrantDecision) -> None:
    assert decide_refresh(RENEWS, 7, frozenset(asked), NOW) == decision


def test_a_scope_that_is_too_wide_reveals_nothing_about_an_invalid_token() -> None:
    wide = frozenset({"orders.read"})
    assert decide_refresh(replace(RENEWS, used=True), 7, wide, NOW) == REUSED
    assert decide_refresh(replace(RENEWS, revoked=True), 7, wide, NOW) == REFUSED
    assert decide_refresh(RENEWS, 8, wide, NOW) == REFUSED
    assert decide_refresh(RENEWS, 7, wide, UNTIL) == REFUSED


MOMENTS = st.integers(-120, 120).map(lambda seconds: NOW + timedelta(seconds=seconds))
NAMES = st.frozensets(
    st.sampled_from([*SCOPES, "customers.read", "orders.read", "metadata.read_write"])
)


@given(
    used=st.booleans(),
    revoked=st.booleans(),
    given=st.booleans(),
    shown=st.sampled_from([None, URI, "https://evil.example"]),
    app_id=st.sampled_from([7, 8]),
    until=MOMENTS,
    at=MOMENTS,
)
def test_a_code_is_granted_exactly_when_every_condition_holds(
    used: bool,
    revoked: bool,
    given: bool,
    shown: str | None,
    app_id: int,
    until: datetime,
    at: datetime,
) -> None:
    code = replace(CODE, redirect_given=given, expires_at=until)
    decision = decide_code(CodeState(code, 7, used, revoked), CodeExchange(app_id, shown, None), at)
    fits = shown == URI or (shown is None and not given)
    good = not used and not revoked and app_id == 7 and at < until and fits
    assert (decision.granted is not None) is good
    assert decision.reused is (used and app_id == 7)
    assert not decision.too_wide


@given(
    used=st.booleans(),
    revoked=st.booleans(),
    held=NAMES,
    asked=NAMES,
    app_id=st.sampled_from([7, 8]),
    until=MOMENTS,
    at=MOMENTS,
)
def test_a_refresh_is_granted_exactly_when_every_condition_holds(
    used: bool,
    revoked: bool,
    held: frozenset[str],
    asked: frozenset[str],
    app_id: int,
    until: datetime,
    at: datetime,
) -> None:
    state = RefreshState(7, held, until, used, revoked)
    decision = decide_refresh(state, app_id, asked, at)
    good = not used and not revoked and app_id == 7 and at < until
    within = asked <= {OFFLINE} or all(satisfies(held, scope) for scope in asked)
    assert (decision.granted is not None) is (good and within)
    assert bool(decision.too_wide) is (good and not within)
    assert decision.reused is (used and app_id == 7)
    assert all(satisfies(held, scope) for scope in decision.granted or ())


def test_a_refusal_names_no_reason_and_reuse_is_a_401() -> None:
    fault, reused = invalid_grant(), invalid_grant(reused=True)
    assert (fault.error, fault.status) == ("invalid_grant", 400)
    assert (reused.error, reused.status) == ("invalid_grant", 401)
    assert fault.description == reused.description == GRANT


def test_a_pair_is_two_new_tokens_with_the_lifetimes_of_the_settings() -> None:
    lifetimes = Lifetimes(access=timedelta(hours=1), refresh=timedelta(days=2))
    pair, other = (new_pair(NOW, lifetimes) for _ in range(2))
    assert pair.access.startswith(PREFIX)
    assert pair.refresh.startswith(REFRESH)
    assert len({pair.access, pair.refresh, other.access, other.refresh}) == 4
    assert (pair.id != other.id, pair.at) == (True, NOW)
    assert (pair.access_until, pair.refresh_until) == (
        NOW + timedelta(hours=1),
        NOW + timedelta(days=2),
    )


def test_tokens_live_as_long_as_sallas_and_a_code_for_a_minute() -> None:
    assert Lifetimes() == (timedelta(seconds=60), timedelta(days=14), timedelta(days=30))


def test_without_offline_access_there_is_no_refresh_token() -> None:
    pair = new_pair(NOW, Lifetimes())
    read = frozenset({"customers.read"})
    assert IssuedTokens(pair, read, read).refresh is None
    assert IssuedTokens(pair, read, read | {OFFLINE}).refresh == pair.refresh
