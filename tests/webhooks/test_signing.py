"""Signatures against published vectors, and which headers a delivery carries."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fixtures.events import HOOK, happened
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.fields.rules import render
from sijill.webhooks.message import headers
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.signing import (
    MAX_HEADER_CHARACTERS,
    MAX_HEADERS,
    TOLERANCE,
    header_fault,
    headers_fault,
    new_secret,
    salla_signature,
    standard_headers,
    verify_salla,
    verify_standard,
)

VECTORS = json.loads(
    (Path(__file__).parents[1] / "payloads" / "signature_vectors.json").read_text("utf-8")
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIME = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
"""The vector that the libraries of Standard Webhooks share."""


def sent_with(
    strategy: Any, secret: str | None, custom: Sequence[tuple[str, str]] = (), *, standard: bool
) -> list[tuple[str, str]]:
    """Return the headers of a delivery."""
    hook = replace(HOOK, strategy=strategy, secret=secret, headers=tuple(custom))
    due = ClaimedDelivery(hook, happened(1, id=ID, body=BODY), 1)
    return headers(due, TIME, "both" if standard else "salla")


@pytest.mark.parametrize("vector", VECTORS["vectors"])
def test_sallas_signature_is_that_of_every_vector(vector: Any) -> None:
    body = vector["body"].encode()
    assert salla_signature(VECTORS["secret"], body) == vector["hex"]
    assert verify_salla(VECTORS["secret"], body, vector["hex"])
    assert not verify_salla(VECTORS["secret"], body + b" ", vector["hex"])
    assert not verify_salla("another", body, vector["hex"])


@pytest.mark.parametrize("signature", ["", "سر", "\ud800", "0" * 64])
def test_a_signature_that_cannot_be_one_is_refused(signature: str) -> None:
    assert not verify_salla("s", b"", signature)
    assert not verify_standard(SECRET, ID, str(TIME), signature, BODY, TIME)


def test_the_standard_headers_are_the_published_vector() -> None:
    assert standard_headers(SECRET, ID, TIME, BODY) == [
        ("webhook-id", ID),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", SIGNATURE),
    ]


@pytest.mark.parametrize(
    ("secret", "accepted"),
    [
        (SECRET, True),
        (SECRET.removeprefix("whsec_"), False),  # then its text is the key
        ("whsec_", False),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw!", False),
    ],
)
def test_only_whsec_and_base64_is_decoded(secret: str, accepted: bool) -> None:
    assert verify_standard(secret, ID, str(TIME), SIGNATURE, BODY, TIME) is accepted


@pytest.mark.parametrize("secret", ["whsec_test_0123456789", "whsec_", "سر", "plain"])
def test_any_other_secret_is_its_utf8_bytes(secret: str) -> None:
    wanted = hmac.digest(secret.encode(), b"m.7.body", "sha256")
    headers = dict(standard_headers(secret, "m", 7, b"body"))
    assert headers["webhook-signature"] == "v1," + b64encode(wanted).decode()


@pytest.mark.parametrize(
    ("now", "accepted"),
    [
        (TIME - TOLERANCE, True),
        (TIME + TOLERANCE, True),
        (TIME - TOLERANCE - 1, False),
        (TIME + TOLERANCE + 1, False),
    ],
)
def test_a_time_may_differ_by_five_minutes_either_way(now: float, accepted: bool) -> None:
    assert TOLERANCE == 300
    assert verify_standard(SECRET, ID, str(TIME), SIGNATURE, BODY, now) is accepted


@pytest.mark.parametrize(
    "timestamp",
    ["", "now", "+1614265330", "1_614265330", " 1614265330", "١٦١٤٢٦٥٣٣٠", "0" * 20 + "1614265330"],
)
def test_a_timestamp_that_is_none_is_refused_however_well_it_is_signed(timestamp: Any) -> None:
    signature = dict(standard_headers(SECRET, ID, timestamp, BODY))["webhook-signature"]
    assert not verify_standard(SECRET, ID, timestamp, signature, BODY, TIME)


@pytest.mark.parametrize(
    ("signatures", "accepted"),
    [
        (f"v1,AAAA {SIGNATURE}", True),
        (f"{SIGNATURE} v1a,AAAA", True),
        (SIGNATURE.removeprefix("v1,"), False),
        (SIGNATURE.replace("v1,", "v2,"), False),
        (SIGNATURE[:-2], False),
    ],
)
def test_one_right_signature_among_several_is_enough(signatures: str, accepted: bool) -> None:
    assert verify_standard(SECRET, ID, str(TIME), signatures, BODY, TIME) is accepted


@pytest.mark.parametrize(
    ("message_id", "timestamp", "body"),
    [("other", TIME, BODY), (ID, TIME + 1, BODY), (ID, TIME, BODY + b" ")],
)
def test_the_id_the_time_and_the_body_are_all_signed(
    message_id: str, timestamp: int, body: bytes
) -> None:
    assert not verify_standard(SECRET, message_id, str(timestamp), SIGNATURE, body, TIME)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.binary(max_size=99))
def test_a_signed_body_is_accepted_whatever_the_secret(secret: str, body: bytes) -> None:
    assert verify_salla(secret, body, salla_signature(secret, body))
    signed = dict(standard_headers(secret, ID, TIME, body))["webhook-signature"]
    assert verify_standard(secret, ID, str(TIME), signed, body, TIME)


def test_a_new_secret_is_24_random_bytes() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert len(b64decode(first.removeprefix("whsec_"), validate=True)) == 24
    assert header_fault("Authorization", first) is None


MARKED = ["webhook-id", "webhook-timestamp"]
STANDARD = [*MARKED, "webhook-signature"]
PLAIN = ["Content-Type", "User-Agent"]
SIGNED = ["X-Salla-Security-Strategy", "X-Salla-Signature"]
TOKEN = ["X-Salla-Security-Strategy", "Authorization"]


@pytest.mark.parametrize(
    ("strategy", "secret", "standard", "names"),
    [
        ("signature", SECRET, True, PLAIN + SIGNED + STANDARD),
        ("signature", SECRET, False, PLAIN + SIGNED),
        ("signature", None, True, PLAIN + MARKED),
        ("signature", "", True, PLAIN + MARKED),
        ("token", SECRET, True, PLAIN + TOKEN + STANDARD),
        ("token", SECRET, False, PLAIN + TOKEN),
        ("token", None, True, PLAIN + MARKED),
        ("none", SECRET, True, PLAIN + STANDARD),
        ("none", SECRET, False, PLAIN),
        ("none", None, True, PLAIN + MARKED),
    ],
)
def test_each_strategy_has_its_headers(
    strategy: Any, secret: str | None, standard: bool, names: list[str]
) -> None:
    sent = sent_with(strategy, secret, standard=standard)
    assert sorted(name for name, _ in sent) == sorted(names)
    said = dict(sent)
    assert said["Content-Type"] == "application/json"
    assert said["User-Agent"].startswith("Sijill/")
    assert said.get("webhook-signature", SIGNATURE) == SIGNATURE


def test_a_signature_is_of_the_bytes_that_are_sent() -> None:
    said = dict(sent_with("signature", SECRET, standard=False))
    assert said["X-Salla-Security-Strategy"] == "Signature"
    assert said["X-Salla-Signature"] == salla_signature(SECRET, BODY)


def test_a_token_is_the_bare_secret() -> None:
    said = dict(sent_with("token", "s3cret", standard=False))
    assert said["X-Salla-Security-Strategy"] == "Token"
    assert said["Authorization"] == "s3cret"


def named(sent: list[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in sent if key.lower() == name]


@pytest.mark.parametrize(
    ("strategy", "values"),
    [("none", ["mine"]), ("signature", ["mine"]), ("token", ["s3cret"])],
)
def test_an_authorization_of_the_app_stands_unless_the_token_does(
    strategy: Any, values: list[str]
) -> None:
    custom = [("authorization", "mine"), ("Accept-Language", "AR")]
    sent = sent_with(strategy, "s3cret", custom, standard=True)
    assert named(sent, "authorization") == values
    assert ("Accept-Language", "AR") in sent


def test_of_ours_an_app_replaces_user_agent_alone() -> None:
    kept = sent_with("signature", SECRET, standard=True)
    custom = [(name.upper(), "theirs") for name, _ in kept]
    sent = sent_with("signature", SECRET, custom, standard=True)
    assert named(sent, "user-agent") == ["theirs"]
    assert [pair for pair in sent if "theirs" not in pair] == [
        pair for pair in kept if pair[0] != "User-Agent"
    ]
    assert len(sent) == len(kept)


@rows(
    ("name", "value", "fault"),
    [
        ("Authorization", "Bearer a.b-c", None),
        ("Accept-Language", "AR", None),
        ("X-Empty", "", None),
        ("X-Tab", "a\tb  c", None),
        ("X_Under~Score|!#$%&'*+.^`", "~!", None),
        ("X-Sallah", "a", None),
        ("Webhooks", "a", None),
        ("", "a", "header_name"),
        ("Your Secret token key name", "a", "header_name"),
        ("X:Y", "a", "header_name"),
        ("X\r\nHost", "a", "header_name"),
        ("X\n", "a", "header_name"),
        ("Ｘ-Wide", "a", "header_name"),
        ("ترويسة", "a", "header_name"),
        ("X-A", "a\r\nHost: evil", "header_value"),
        ("X-A", "a\n", "header_value"),
        ("X-A", "a\0", "header_value"),
        ("X-A", "\x7f", "header_value"),
        ("X-A", " a", "header_value"),
        ("X-A", "a\t", "header_value"),
        ("X-A", "é", "header_value"),
        ("Host", "a", "header_reserved"),
        ("connection", "close", "header_reserved"),
        ("Keep-Alive", "a", "header_reserved"),
        ("Proxy-Authenticate", "a", "header_reserved"),
        ("Proxy-Authorization", "a", "header_reserved"),
        ("Proxy-Connection", "a", "header_reserved"),
        ("TE", "a", "header_reserved"),
        ("Trailer", "a", "header_reserved"),
        ("TRANSFER-ENCODING", "chunked", "header_reserved"),
        ("Transfer_Encoding", "chunked", "header_reserved"),
        ("Upgrade", "h2c", "header_reserved"),
        ("HTTP2-Settings", "a", "header_reserved"),
        ("Expect", "100-continue", "header_reserved"),
        ("Content-Length", "0", "header_reserved"),
        ("content-type", "a", "header_reserved"),
        ("X-Salla-Signature", "a", "header_reserved"),
        ("X_SALLA_SIGNATURE", "a", "header_reserved"),
        ("Webhook-Id", "a", "header_reserved"),
    ],
)
def test_which_headers_an_app_may_choose(name: str, value: str, fault: str | None) -> None:
    assert header_fault(name, value) == fault
    if fault is not None:
        assert render("headers.0", fault, "ar") != render("headers.0", fault, "en")


@given(st.text(max_size=8), st.text(max_size=8))
def test_a_header_that_may_be_sent_is_one_line_that_reads_as_written(name: str, value: str) -> None:
    if header_fault(name, value) is not None:
        return
    line = f"{name}: {value}\r\n".encode("ascii")
    assert line.splitlines() == [line[:-2]]
    read_name, _, read_value = line.decode().partition(":")
    assert (read_name, read_value.strip()) == (name, value)


def test_twenty_headers_and_four_kilobytes_are_the_most() -> None:
    assert headers_fault([("X-A", "a")] * MAX_HEADERS) is None
    assert headers_fault([("X-A", "a")] * (MAX_HEADERS + 1)) == "max_items:20"
    assert headers_fault([("X-A", "a" * (MAX_HEADER_CHARACTERS - 3))]) is None
    assert headers_fault([("X-A", "a" * (MAX_HEADER_CHARACTERS - 2))]) == "max:4096"
    assert MAX_HEADER_CHARACTERS == 4096
