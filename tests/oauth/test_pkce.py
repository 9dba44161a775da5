"""PKCE by S256 alone (ASVS 5 V10.2.1, V10.4.6; RFC 7636, RFC 9700 §2.1.1)."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from string import ascii_letters, digits

import pytest
from fixtures.clients import APP, CONFIDENTIAL, NOW, PUBLIC, asked_for
from hypothesis import given
from hypothesis import strategies as st

from sijill.oauth.apps import App
from sijill.oauth.grants import Code, CodeExchange, CodeState, decide_code, verifies
from sijill.oauth.refusals import RedirectError
from sijill.oauth.requests import is_challenge, read

RIGHT = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""Source: RFC 7636 appendix B."""

WRONG = RIGHT[:-1] + "j"
SENT = {
    "none": {},
    "S256": {"code_challenge": CHALLENGE, "code_challenge_method": "S256"},
    "plain": {"code_challenge": RIGHT, "code_challenge_method": "plain"},
}
"""PKCE in an authorization request."""

VERIFIERS = st.text(ascii_letters + digits + "-._~", min_size=43, max_size=128)


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def outcome(app: App, challenge: str, verifier: str | None) -> str:
    """Return what becomes of a whole flow: `not asked`, `refused` or `granted`."""
    try:
        asked = read(asked_for(app, **SENT[challenge]), app)
    except RedirectError:
        return "not asked"
    until = NOW + timedelta(seconds=60)
    code = Code(b"", asked.redirect_uri, asked.redirect_given, asked.challenge, until)
    state = CodeState(code, app.id, used=False, revoked=False)
    decision = decide_code(state, CodeExchange(app.id, asked.redirect_uri, verifier), NOW)
    assert not decision.reused
    return "refused" if decision.granted is None else "granted"


@pytest.mark.proves("`code_challenge`", "`code_challenge_method`", "`code_verifier`")
@pytest.mark.parametrize(
    ("challenge", "verifier", "confidential", "public"),
    [
        ("none", None, "granted", "not asked"),
        ("none", RIGHT, "refused", "not asked"),
        ("none", WRONG, "refused", "not asked"),
        ("S256", None, "refused", "refused"),
        ("S256", RIGHT, "granted", "granted"),
        ("S256", WRONG, "refused", "refused"),
        ("plain", None, "not asked", "not asked"),
        ("plain", RIGHT, "not asked", "not asked"),
        ("plain", WRONG, "not asked", "not asked"),
    ],
)
def test_pkce_cannot_be_downgraded(
    challenge: str, verifier: str | None, confidential: str, public: str
) -> None:
    assert outcome(CONFIDENTIAL, challenge, verifier) == confidential
    assert outcome(PUBLIC, challenge, verifier) == public


@pytest.mark.parametrize(
    "sent",
    [
        {"code_challenge": CHALLENGE},
        {"code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "s256"},
        {"code_challenge": CHALLENGE + "=", "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE[:-1], "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE + "\n", "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE.replace("-", "+"), "code_challenge_method": "S256"},
        {"code_challenge": "", "code_challenge_method": "S256"},
    ],
)
@pytest.mark.parametrize("app", [CONFIDENTIAL, PUBLIC])
def test_an_incomplete_challenge_is_sent_back(app: App, sent: dict[str, str]) -> None:
    with pytest.raises(RedirectError) as fault:
        read(asked_for(app, **sent), app)
    assert fault.value.error == "invalid_request"


def test_the_challenge_is_that_of_the_request() -> None:
    assert read(asked_for(PUBLIC, **SENT["S256"]), PUBLIC).challenge == CHALLENGE
    assert read(asked_for(APP), APP).challenge is None
    assert read(asked_for(APP, code_challenge="", code_challenge_method=""), APP).challenge is None
    with pytest.raises(RedirectError):
        read(asked_for(PUBLIC, code_challenge="", code_challenge_method=""), PUBLIC)


def test_the_example_of_rfc_7636_verifies() -> None:
    assert is_challenge(CHALLENGE)
    assert verifies(RIGHT, CHALLENGE)
    assert not verifies(CHALLENGE, CHALLENGE)
    assert not verifies(WRONG, CHALLENGE)


@given(VERIFIERS, VERIFIERS)
def test_a_verifier_belongs_to_its_own_challenge_alone(one: str, other: str) -> None:
    assert is_challenge(challenge_of(one))
    assert verifies(one, challenge_of(one))
    assert verifies(other, challenge_of(one)) == (one == other)
    assert not verifies(one, None)
    assert not verifies(None, challenge_of(one))


@given(st.text(max_size=140))
def test_a_verifier_of_another_form_belongs_to_no_challenge(text: str) -> None:
    form = 43 <= len(text) <= 128 and set(text) <= set(ascii_letters + digits + "-._~")
    made = challenge_of(text.encode("utf-8", "replace").decode())
    assert verifies(text, made) is form


@pytest.mark.parametrize("length", [42, 129])
def test_a_verifier_that_is_too_short_or_too_long_belongs_to_no_challenge(length: int) -> None:
    assert not verifies("a" * length, challenge_of("a" * length))


@given(st.text(max_size=60))
def test_a_challenge_is_a_sha_256_in_base64url(text: str) -> None:
    assert is_challenge(text) == (
        len(text) == 43 and set(text) <= set(ascii_letters + digits + "-_")
    )
