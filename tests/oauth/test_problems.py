"""The value at fault that a page shows, and the command that fixes it."""

import re
import shlex

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import Unavailable
from sijill.oauth.problems import SHOWN, AtFault, adding_command, at_fault, shown
from sijill.oauth.refusals import NotAuthorizable


@given(st.text())
def test_a_refused_address_is_shown_short_and_in_visible_ascii(uri: str) -> None:
    text = shown(uri)
    assert len(text) <= SHOWN + 1
    assert re.fullmatch(r"[\x21-\x7e]*…?", text)


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("https://a.example/cb?x=1&y=%20", "https://a.example/cb?x=1&y=%20"),
        ("https://a.example/\u202egpj", "https://a.example/%E2%80%AEgpj"),
        ("https://تطبيق.example", "https://%D8%AA%D8%B7%D8%A8%D9%8A%D9%82.example"),
        ("a b\r\n", "a%20b%0D%0A"),
        ("\ud800", "?"),
    ],
)
def test_characters_that_deceive_are_percent_encoded(uri: str, text: str) -> None:
    assert shown(uri) == text


@rows(
    "uri",
    [
        "https://a.example/cb",
        "https://a.example/?a=1&b=$(reboot)",
        "https://a.example/';reboot;'",
        "https://a.example/`x`|y>z!!",
        "http://127.0.0.1:8000/oauth/callback",
        "http://localhost/--name=x",
    ],
)
def test_the_command_adds_this_one_address_and_runs_nothing_else(uri: str) -> None:
    words = shlex.split(adding_command(7, uri))
    assert words == ["sijill", "app", "update", "7", "--add-redirect-uri", uri]


@given(st.text(min_size=1))
def test_an_address_that_cannot_be_registered_has_no_command(text: str) -> None:
    assert adding_command(7, f"ftp://{text}") == adding_command(7, f"http://a.{text}") == ""


@rows("client_id", ["loyalty", "demo-1", "$(reboot)", "';reboot;'", "--public", "`x`"])
def test_an_unknown_client_id_is_shown_with_the_command_that_registers_it(client_id: str) -> None:
    told = at_fault(NotAuthorizable("unknown_client", client_id))
    assert (told.label, told.value, told.advice) == ("client_label", client_id, "client_add")
    listing, registering = told.command.split("\n", 1)
    assert listing == "sijill app list"
    words = shlex.split(registering.replace("\\\n", ""))
    assert words[: words.index("--client-id") + 2] == [
        *("sijill", "app", "create", "My app", "--client-id", client_id)
    ]


@rows("client_id", ["a b", "تطبيق", "x" * 256, "\x00"])
def test_a_client_id_that_no_app_can_have_has_no_command(client_id: str) -> None:
    told = at_fault(NotAuthorizable("unknown_client", client_id))
    assert told == AtFault("client_label", shown(client_id))


@pytest.mark.parametrize(
    "fault", [Unavailable(), NotAuthorizable("repeated"), NotAuthorizable("missing_client")]
)
def test_a_fault_of_no_value_shows_no_value(fault: Exception) -> None:
    assert at_fault(fault) == AtFault()  # type: ignore[arg-type]
