import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixtures.tables import rows

from sijill import errors
from sijill.errors import Fault, Invalid, MethodNotAllowed, MissingScope
from sijill.fields.rules import DOCUMENTED, RULES, render
from sijill.http.errors import KINDS, refusal
from sijill.http.sentences import SENTENCES, language

PAYLOADS = Path(__file__).parents[1] / "payloads"

ARGUMENTS = {"MissingScope": ("customers.read",), "TooManyRequests": (7,), "Taken": ("email",)}
ARGUMENTS |= {"Held": ("court", datetime(2027, 1, 1, tzinfo=UTC))}
ARGUMENTS |= {"MethodNotAllowed": (["GET"],), "Invalid": ({"date_from": ["date"]},)}
SENT = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, Fault) and kind.code in KINDS
]

TABLE = [
    # code, status, error.code
    ("invalid_token", 401, "Unauthorized"),
    ("missing_scope", 401, "Unauthorized"),
    ("bad_request", 400, 400),
    ("wallet_forbidden", 403, "error"),
    ("not_found", 404, 404),
    ("method_not_allowed", 405, "method_not_allowed"),
    ("request_timeout", 408, "request_timeout"),
    ("held", 409, "held"),
    ("gone", 410, "gone"),
    ("precondition_failed", 412, "precondition_failed"),
    ("payload_too_large", 413, "payload_too_large"),
    ("uri_too_long", 414, "uri_too_long"),
    ("invalid_fields", 422, "error"),
    ("too_many_requests", 429, "too_many_requests"),
    ("headers_too_large", 431, "headers_too_large"),
    ("server_error", 500, "server_error"),
    ("service_unavailable", 503, "service_unavailable"),
    ("not_stored", 504, "not_stored"),
]


def fault_of(code: str) -> Fault:
    kind = next(kind for kind in SENT if kind.code == code)
    return kind(*ARGUMENTS.get(kind.__name__, ()))


@pytest.mark.proves("every error's status, code and envelope")
@pytest.mark.parametrize(("code", "status", "wire"), TABLE)
def test_every_refusal_has_its_status_code_and_envelope(
    code: str, status: int, wire: str | int
) -> None:
    refused = refusal(fault_of(code), "en")
    document = json.loads(refused.body)
    assert refused.status == document["status"] == status
    assert document["success"] is False
    assert document["error"]["code"] == wire
    first = "success" if status == 404 else "status"
    assert list(document) == [first, *({"status", "success"} - {first}), "error"]


def test_the_table_above_names_every_fault_that_can_be_sent() -> None:
    assert {kind.code for kind in SENT} == {code for code, _, _ in TABLE}


@pytest.mark.proves("the two languages of errors")
@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_arabic_or_english_and_say_which(code: str) -> None:
    arabic, english = SENTENCES[code]["ar"], SENTENCES[code]["en"]
    assert any("؀" <= letter <= "ۿ" for letter in arabic)
    assert english.isascii()
    assert arabic != english


def test_faulty_fields_are_told_by_name_in_the_language_asked() -> None:
    fault = Invalid({"date_from": ["date"], "date_to": ["date"]})
    for name in ("ar", "en"):
        document = json.loads(refusal(fault, name).body)
        assert document["error"]["message"] == "alert.invalid_fields"
        assert document["error"]["fields"] == {
            field: [render(field, "date", name)] for field in ("date_from", "date_to")
        }


def test_the_inside_of_a_fault_never_shows() -> None:
    class Broken(Fault):
        pass

    refused = refusal(Broken("SELECT secret FROM customers"), "en")
    assert refused.status == 500
    assert b"secret" not in refused.body


def test_a_missing_scope_is_named() -> None:
    document = json.loads(refusal(MissingScope("customers.read"), "ar").body)
    assert document["error"]["message"].endswith("scopes: customers.read")


def test_methods_are_not_in_the_body() -> None:
    assert b"HEAD" not in refusal(MethodNotAllowed(["GET", "HEAD"]), "en").body


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "ar"),
        ("", "ar"),
        ("ar", "ar"),
        ("en", "en"),
        ("EN-us", "en"),
        ("en-US,en;q=0.9", "en"),
        ("ar,en", "ar"),
        ("en,ar", "en"),
        ("ar;q=0.5,en", "en"),
        ("en;q=0.5,ar", "ar"),
        ("fr,en;q=0.2", "en"),
        ("fr", "ar"),
        ("*", "ar"),
        ("en;q=0", "ar"),
        ("en;q=abc", "ar"),
        ("en;q=2", "ar"),
        ("en;level=1", "ar"),
        (";;;,,,", "ar"),
    ],
)
def test_the_language_is_arabic_unless_english_is_preferred(
    header: str | None, expected: str
) -> None:
    assert language(header) == expected


def test_documented_texts_are_those_of_the_sample() -> None:
    sample = json.loads(
        (Path(__file__).parents[1] / "payloads" / "error_422_multiple_fields.json").read_text(
            "utf-8"
        )
    )["error"]
    fault = Invalid({name: ["required"] for name in sample["fields"]})
    assert json.loads(refusal(fault, "ar").body)["error"] == sample
    webhook = json.loads(
        (Path(__file__).parents[1] / "payloads" / "error_422_webhook_register.json").read_text(
            "utf-8"
        )
    )["error"]
    fault = Invalid({"url": ["url"], "event": ["invalid"]})
    assert json.loads(refusal(fault, "ar").body)["error"] == webhook
    assert {name for name, _ in DOCUMENTED} == set(sample["fields"]) | set(webhook["fields"])


@rows("rule", sorted(RULES))
def test_every_rule_has_a_text_in_both_languages(rule: str) -> None:
    arabic, english = (
        render("city_name", f"{rule}:25", "ar"),
        render("city_name", f"{rule}:25", "en"),
    )
    assert any("؀" <= letter <= "ۿ" for letter in arabic)
    assert not any("؀" <= letter <= "ۿ" for letter in english)
    assert "{" not in arabic + english


def test_a_fault_that_has_no_answer_of_its_own_is_our_own_fault() -> None:
    assert refusal(errors.Taken("id"), "en") == refusal(Fault(), "en")
