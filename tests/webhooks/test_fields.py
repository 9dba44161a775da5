"""The bodies of webhook requests, and every way in which they can be wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.errors import Invalid
from sijill.http.envelope import Sentence, encode, listing, success
from sijill.http.errors import refusal
from sijill.http.sentences import REMOVED
from sijill.webhooks.fields import read_change, read_removal, read_subscription
from sijill.webhooks.model import Webhook, changed, subscribed
from sijill.webhooks.wire import events, listed, registered, updated

URL = "https://app.example.com/webhooks"
GOOD = {"event": "customer.updated", "url": URL}
AT = datetime(2026, 11, 25, tzinfo=UTC)
HOOK = Webhook(
    id=60587520,
    store_id=1,
    app_id=2,
    name="Salla Update Customer Event",
    event="customer.updated",
    url="https://webhook.site/07254470-c763-4ee3-bef1-ab2480262814",
    version=2,
    rule="payment_method = mada OR price < 50",
    headers=(("Authorization", "abcd1234"), ("Accept-Language", "AR")),
    strategy="none",
    secret=None,
    created_at=AT,
)


def payload(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "payloads" / f"{name}.json").read_text("utf-8"))


def compact(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def accepts(url: str) -> bool:
    return url.startswith("https://")


def read(fields: Any) -> dict[str, Any]:
    return read_subscription(fields, accepts)


def made(own_secret: str | None = None, **fields: Any) -> Webhook:
    return subscribed(
        read(GOOD | fields), webhook_id=1, store_id=1, app_id=2, own_secret=own_secret, at=AT
    )


def faults(work: Any, *args: Any) -> Any:
    with pytest.raises(Invalid) as refused:
        work(*args)
    return refused.value.fields


# Out


@pytest.mark.proves("the answers to Register Webhook, of both versions")
@pytest.mark.parametrize("version", [1, 2])
def test_a_registration_is_answered_byte_for_byte_as_documented(version: int) -> None:
    ours = success(registered(replace(HOOK, version=version)))
    assert ours == compact(payload(f"webhook_register_response_v{version}"))


@pytest.mark.proves("the answer to Update Webhook")
def test_an_update_is_answered_byte_for_byte_as_documented() -> None:
    hook = replace(
        HOOK,
        id=773200552,
        name="Salla Update Customer Evensst",
        event="test",
        url="https://webhook.site/fake_url",
        headers=(("Your Secret token key name", "Your Secret token value"),),
    )
    assert success(updated(hook)) == compact(payload("webhook_update_response"))


@pytest.mark.proves("`GET /webhooks`")
def test_a_list_is_the_documented_one_and_security_behind_it() -> None:
    sample = payload("webhook_list_response")
    hook = replace(
        HOOK,
        id=831980095,
        name="Customer Login",
        event="customer.login",
        rule="first_name = `User`",
        url="https://webhook.site/ae7ff328-b54d-42d0-bc7c-94673cd2e982",
        headers=(("Authorization", "Your Secret Token"), ("Accept-Language", "AR")),
    )
    # The sample of Update has `security`, and Salla's default of it is not to be guessed.
    (item,) = sample["data"]
    item["security"] = {"strategy": "", "secret": None}
    # The sample's numbers are a generator's filler.
    assert listing([listed(hook)], sample["pagination"]) == compact(sample)


@pytest.mark.proves("`GET /webhooks/events`")
def test_events_are_the_documented_ones_that_concern_customers() -> None:
    documented = payload("webhook_events_response")["data"]
    customers = [item for item in documented if item["event"].startswith("customer.")]
    assert encode(events("ar")[:2]) == compact(customers)
    assert [item.event for item in events("en")[2:]] == [
        "customer.login",
        "customer.otp.request",
    ]


def test_a_removal_is_answered_byte_for_byte_as_documented() -> None:
    ours = success(Sentence(REMOVED, 202), 202)
    assert ours == compact(payload("webhook_unsubscribe_response"))


@pytest.mark.proves("422 of Register and of Deactivate Webhook as in Salla's samples")
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("error_422_webhook_register", {"url": "http://localhost/x", "event": "customer.gone"}),
        ("error_422_webhook_unsubscribe", None),
    ],
)
def test_refusals_are_byte_for_byte_the_documented_ones(name: str, fault: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read_removal([("id", "x")]) if fault is None else read(fault)
    assert refusal(refused.value, "ar").body == compact(payload(name))


def test_headers_are_an_object_and_an_empty_list_where_there_are_none() -> None:
    assert registered(HOOK).headers == dict(HOOK.headers)
    assert registered(replace(HOOK, headers=())).headers == []


@pytest.mark.parametrize("told", [registered, updated, listed])
def test_no_answer_tells_the_secret(told: Any) -> None:
    hook = replace(HOOK, secret="whsec_canary", strategy="token")
    assert b"canary" not in encode(told(hook))


# In


@pytest.mark.proves(
    "`event`",
    "`url`",
    "`name`",
    "`version`",
    "`rule`",
    "`headers`",
    "`security_strategy`",
    "`secret`",
)
@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ({}, {}),
        ({"id": 9, "type": "auto", "store_id": 5}, {}),
        ({"name": "  نبأ "}, {"name": "نبأ"}),
        ({"version": 1}, {"version": 1}),
        ({"version": "2"}, {"version": 2}),
        ({"rule": "city\t= `الرياض`"}, {"rule": "city\t= `الرياض`"}),
        (
            {"headers": [{"key": "Authorization", "value": "Bearer x"}]},
            {"headers": (("Authorization", "Bearer x"),)},
        ),
        ({"headers": [{"key": "X-Empty", "value": ""}]}, {"headers": (("X-Empty", ""),)}),
        ({"security_strategy": "Signature"}, {"security_strategy": "signature"}),
        ({"secret": " kept as it is "}, {"secret": " kept as it is "}),
        (
            dict.fromkeys(("name", "version", "rule", "headers", "security_strategy", "secret")),
            {
                "name": "",
                "version": 2,
                "rule": None,
                "headers": (),
                "security_strategy": None,
                "secret": None,
            },
        ),
        ({"headers": [], "rule": ""}, {"headers": (), "rule": None}),
    ],
)
def test_documented_fields_are_read_and_others_ignored(fields: Any, values: Any) -> None:
    assert read(GOOD | fields) == GOOD | values
    assert read_change(fields, accepts) == values


@pytest.mark.proves("each of these fields when it is faulty")
@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"url": 5}, {"url": ["url"]}),
        ({"url": "http://example.com"}, {"url": ["url"]}),
        ({"url": ""}, {"url": ["required"]}),
        ({"name": "x" * 256}, {"name": ["max:255"]}),
        ({"name": ["x"]}, {"name": ["string"]}),
        ({"version": 3}, {"version": ["invalid"]}),
        ({"version": "two"}, {"version": ["integer"]}),
        ({"rule": "price < 50"}, {"rule": ["rule_attribute:1"]}),
        ({"rule": "city = "}, {"rule": ["rule_value:8"]}),
        ({"rule": 5}, {"rule": ["string"]}),
        ({"rule": "city = `\0`"}, {"rule": ["characters"]}),
        ({"headers": {"a": "b"}}, {"headers": ["array"]}),
        ({"headers": ["a"]}, {"headers.0": ["invalid"]}),
        ({"headers": [{"value": "b"}]}, {"headers.0.key": ["required"]}),
        ({"headers": [{"key": "a", "value": 5}]}, {"headers.0.value": ["string"]}),
        (
            {"headers": [{"key": "a", "value": "b"}, {"key": "a b", "value": "b"}]},
            {"headers.1.key": ["header_name"]},
        ),
        ({"headers": [{"key": "a", "value": "b\r\nc: d"}]}, {"headers.0.value": ["header_value"]}),
        ({"headers": [{"key": "Host", "value": "x"}]}, {"headers.0.key": ["header_reserved"]}),
        (
            {"headers": [{"key": "a", "value": "1"}, {"key": "A", "value": "2"}]},
            {"headers.1.key": ["taken"]},
        ),
        ({"headers": [{"key": "a", "value": "b"}] * 21}, {"headers": ["max_items:20"]}),
        ({"headers": [{"key": "a", "value": "b" * 5000}]}, {"headers": ["max:4096"]}),
        ({"security_strategy": "sha1"}, {"security_strategy": ["invalid"]}),
        ({"secret": 5}, {"secret": ["string"]}),
        ({"secret": "x" * 256}, {"secret": ["max:255"]}),
        (
            {"url": "x", "name": 5, "version": 9},
            {"url": ["url"], "name": ["string"], "version": ["invalid"]},
        ),
    ],
)
def test_every_faulty_field_is_named_at_once(fields: Any, broken: Any) -> None:
    assert faults(read, GOOD | fields) == broken
    assert faults(read_change, fields, accepts) == broken


@pytest.mark.parametrize(
    ("event", "broken"),
    [
        ("customer.deleted", "invalid"),
        ("Customer.Created", "invalid"),
        ("app.*", "invalid"),
        (["customer.created"], "invalid"),
        (None, "required"),
    ],
)
def test_an_event_is_one_of_the_four(event: Any, broken: str) -> None:
    assert faults(read, GOOD | {"event": event}) == {"event": [broken]}
    assert read_change({"event": event}, accepts) == {}


def test_url_and_event_are_required_of_a_new_webhook_alone() -> None:
    assert faults(read, {}) == {"url": ["required"], "event": ["required"]}
    assert read_change({}, accepts) == {}


# Which strategy


@pytest.mark.proves("which strategy a webhook has")
@pytest.mark.parametrize(
    ("fields", "own", "strategy", "secret"),
    [
        ({}, None, "none", None),
        ({}, "app", "signature", "app"),
        ({"secret": "mine"}, None, "signature", "mine"),
        ({"secret": "mine"}, "app", "signature", "mine"),
        ({"secret": "mine", "security_strategy": "token"}, None, "token", "mine"),
        ({"security_strategy": "token"}, "app", "token", "app"),
        ({"security_strategy": None}, None, "none", None),
        ({"secret": "mine", "security_strategy": "none"}, None, "none", "mine"),
    ],
)
def test_a_webhook_signs_where_a_secret_is_known(
    fields: Any, own: str | None, strategy: str, secret: str | None
) -> None:
    hook = made(own, **fields)
    assert (hook.strategy, hook.secret) == (strategy, secret)


@pytest.mark.parametrize(
    ("old", "fields", "strategy", "secret"),
    [
        ({"strategy": "token", "secret": "a"}, {"name": "n"}, "token", "a"),
        ({"strategy": "token", "secret": "a"}, {"secret": "b"}, "token", "b"),
        ({"strategy": "token", "secret": "a"}, {"security_strategy": None}, "signature", "a"),
        ({"strategy": "none", "secret": None}, {"secret": "b"}, "signature", "b"),
        ({"strategy": "none", "secret": "a"}, {"secret": "b"}, "none", "b"),
        (
            {"strategy": "signature", "secret": "a"},
            {"secret": None, "security_strategy": None},
            "none",
            None,
        ),
    ],
)
def test_an_update_changes_the_security_it_names(
    old: Any, fields: Any, strategy: str, secret: str | None
) -> None:
    plain = replace(HOOK, rule=None)
    new = changed(replace(plain, **old), read_change(fields, accepts), None)
    assert (new.strategy, new.secret) == (strategy, secret)


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"security_strategy": "signature"}, {"secret": ["required"]}),
        ({"security_strategy": "token"}, {"secret": ["required"]}),
        ({"security_strategy": "token", "secret": "سر"}, {"secret": ["header_value"]}),
        ({"version": 1, "rule": "city = x"}, {"rule": ["rule_version"]}),
        (
            {"version": 1, "rule": "city = x", "security_strategy": "token"},
            {"rule": ["rule_version"], "secret": ["required"]},
        ),
    ],
)
def test_fields_that_do_not_go_together_are_named(fields: Any, broken: Any) -> None:
    assert faults(lambda: made(None, **fields)) == broken


def test_an_update_to_version_1_is_refused_while_a_rule_stands() -> None:
    assert faults(changed, HOOK, {"version": 1}, None) == {"rule": ["rule_version"]}
    assert changed(HOOK, {"version": 1, "rule": None}, None).version == 1


def test_an_update_changes_what_it_names_alone() -> None:
    for name, value in {"name": "x", "url": URL, "headers": ()}.items():
        assert changed(HOOK, {name: value}, "app") == replace(HOOK, **{name: value})


# Webhooks to remove


@pytest.mark.parametrize(
    ("pairs", "which"),
    [
        ([("id", "5")], (5, None)),
        ([("url", URL)], (None, URL)),
        ([("id", "5"), ("url", URL)], (5, URL)),
        ([("id", ""), ("url", URL)], (None, URL)),
        ([("id", "5"), ("url", "")], (5, None)),
    ],
)
def test_a_removal_names_an_id_a_url_or_both(pairs: Any, which: Any) -> None:
    assert read_removal(pairs) == which


@pytest.mark.parametrize(
    ("pairs", "broken"),
    [
        ([], {"id": ["integer"]}),
        ([("id", ""), ("url", "")], {"id": ["integer"]}),
        ([("id", "x"), ("url", URL)], {"id": ["integer"]}),
        ([("id", "9" * 19)], {"id": ["integer"]}),
        ([("url", "https://a\0b")], {"url": ["characters"]}),
    ],
)
def test_a_removal_that_names_nothing_is_refused(pairs: Any, broken: Any) -> None:
    assert faults(read_removal, pairs) == broken


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["key", "value", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
_NAMES = (
    *("event", "url", "name", "version", "rule"),
    *("headers", "security_strategy", "secret"),
)


@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES))
def test_whatever_is_sent_is_read_or_refused_by_a_rule_that_has_words(fields: Any) -> None:
    for work in (read, lambda some: read_change(some, accepts)):
        try:
            values = work(fields)
        except Invalid as fault:
            refusal(fault, "ar")
            refusal(fault, "en")
        else:
            assert set(values) <= set(_NAMES)
