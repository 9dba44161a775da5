"""The reading of authorization requests, and the target of each refusal (RFC 6749 §4.1)."""

import pytest
from fixtures.clients import APP, PUBLIC, asked_for
from fixtures.redirects import HOSTILE, REGISTERED
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.oauth.apps import App
from sijill.oauth.refusals import NotAuthorizable, RedirectError
from sijill.oauth.requests import client_of, read
from sijill.oauth.scopes import OFFLINE, satisfies

CALLBACK = REGISTERED[0]
ALL = APP.scopes | {OFFLINE}
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
S256 = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
ONE = replace(APP, redirect_uris=(CALLBACK,))
NAMES = ["response_type", "client_id", "redirect_uri", "scope", "state", *S256, "prompt"]


@pytest.mark.parametrize(
    ("pairs", "app", "problem"),
    [
        (asked_for(APP), None, "unknown_client"),
        ([], None, "missing_client"),
        (asked_for(APP, client_id=""), None, "missing_client"),
        (asked_for(APP, redirect_uri=None), APP, "missing_redirect"),
        (asked_for(APP, redirect_uri=""), APP, "missing_redirect"),
        (asked_for(APP, redirect_uri="https://evil.example"), ONE, "unknown_redirect"),
        (asked_for(APP), replace(APP, redirect_uris=()), "unknown_redirect"),
        (asked_for(APP, redirect_uri=None), replace(APP, redirect_uris=()), "missing_redirect"),
        ([*asked_for(APP), ("client_id", APP.client_id)], APP, "repeated"),
        ([*asked_for(APP), ("redirect_uri", CALLBACK)], APP, "repeated"),
        ([*asked_for(APP), ("redirect_uri", "")], APP, "repeated"),
        ([*asked_for(APP), ("client_id", "other")], None, "repeated"),
    ],
)
def test_a_client_or_redirect_uri_that_is_not_known_is_refused_on_a_page(
    pairs: list[tuple[str, str]], app: App | None, problem: str
) -> None:
    with pytest.raises(NotAuthorizable) as refused:
        read(pairs, app)
    assert refused.value.problem == problem


@pytest.mark.proves("`state`, and every fault that is sent back")
@pytest.mark.parametrize(
    ("changes", "app", "error"),
    [
        ({"response_type": None}, APP, "unsupported_response_type"),
        ({"response_type": ""}, APP, "unsupported_response_type"),
        ({"response_type": "token"}, APP, "unsupported_response_type"),
        ({"response_type": "code token"}, APP, "unsupported_response_type"),
        ({"response_type": "Code"}, APP, "unsupported_response_type"),
        ({"scope": "orders.read"}, APP, "invalid_scope"),
        ({"scope": "metadata.read_write"}, APP, "invalid_scope"),
        ({"scope": "customers.read orders.read"}, APP, "invalid_scope"),
        ({"scope": "offline_access everything"}, APP, "invalid_scope"),
        ({"scope": "Customers.Read"}, APP, "invalid_scope"),
        ({}, PUBLIC, "invalid_request"),
        ({"code_challenge_method": "S256"}, PUBLIC, "invalid_request"),
        ({"code_challenge": CHALLENGE}, APP, "invalid_request"),
        (S256 | {"code_challenge_method": "plain"}, APP, "invalid_request"),
    ],
)
def test_every_other_fault_is_sent_back_with_the_state(
    changes: dict[str, str | None], app: App, error: str
) -> None:
    with pytest.raises(RedirectError) as refused:
        read(asked_for(app, **changes), app)
    fault = refused.value
    assert (fault.redirect_uri, fault.error, fault.state) == (CALLBACK, error, "xyz")
    assert fault.description.isascii()
    assert not set(fault.description) & set('"\\')  # RFC 6749 §4.1.2.1


@pytest.mark.parametrize("name", ["response_type", "scope", "state", *S256])
def test_a_repeated_parameter_is_sent_back(name: str) -> None:
    pairs = asked_for(APP, scope="customers.read", **S256)
    for value in (dict(pairs)[name], "other", ""):
        with pytest.raises(RedirectError) as refused:
            read([*pairs, (name, value)], APP)
        assert refused.value.error == "invalid_request"
        assert name in refused.value.description


def test_unknown_parameters_are_ignored_even_repeated() -> None:
    asked = read([*asked_for(APP), ("prompt", "login"), ("prompt", "none"), ("x", "")], APP)
    assert asked.scopes == ALL


def test_a_state_without_a_value_was_not_sent() -> None:
    assert read(asked_for(APP, state=""), APP).state is None
    assert read(asked_for(APP, state=None), APP).state is None
    assert read(asked_for(APP, state="a-b ة\r\n&"), APP).state == "a-b ة\r\n&"


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        (None, ALL),
        ("", ALL),
        (" , ", ALL),
        ("offline_access", ALL),
        ("customers.read_write metadata.read offline_access", ALL),
        ("customers.read_write,metadata.read,offline_access", ALL),
        ("customers.read_write+metadata.read+offline_access", ALL),
        ("customers.read_write", {"customers.read_write"}),
        ("customers.read", {"customers.read"}),
        ("customers.read customers.read", {"customers.read"}),
        ("metadata.read offline_access", {"metadata.read", OFFLINE}),
    ],
)
def test_a_scope_only_narrows_what_the_app_may_have(
    scope: str | None, granted: frozenset[str]
) -> None:
    assert read(asked_for(APP, scope=scope), APP).scopes == granted


def test_the_redirect_uri_may_be_left_out_where_one_is_registered() -> None:
    for left_out in (None, ""):
        asked = read(asked_for(ONE, redirect_uri=left_out), ONE)
        assert (asked.redirect_uri, asked.redirect_given) == (CALLBACK, False)
    asked = read(asked_for(ONE), ONE)
    assert (asked.redirect_uri, asked.redirect_given) == (CALLBACK, True)


def test_a_loopback_redirect_uri_is_kept_with_the_port_that_was_asked_for() -> None:
    asked = read(asked_for(APP, redirect_uri="http://127.0.0.1:50123/callback"), APP)
    assert asked.redirect_uri == "http://127.0.0.1:50123/callback"


def test_the_client_id_of_a_request_may_be_empty() -> None:
    assert client_of([]) == client_of([("client_id", "")]) == ""
    assert client_of([("x", "1"), ("client_id", "a"), ("x", "2")]) == "a"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.sampled_from(["code", CALLBACK, *REGISTERED, *HOSTILE[:40], CHALLENGE, "S256"])
            | st.text(max_size=12)
            | st.sampled_from([*ALL, "customers.read", "orders.read"]),
        ),
        max_size=9,
    ),
    st.sampled_from([APP, PUBLIC, ONE]),
)
def test_every_request_stays_within_the_registered_uris_and_scopes(
    pairs: list[tuple[str, str]], app: App
) -> None:
    try:
        asked = read(pairs, app)
    except NotAuthorizable:
        return
    except RedirectError as fault:
        where = fault.redirect_uri
    else:
        where = asked.redirect_uri
        assert all(satisfies(ALL, scope) for scope in asked.scopes)
        assert asked.challenge == CHALLENGE if app is PUBLIC else True
    assert where in app.redirect_uris
