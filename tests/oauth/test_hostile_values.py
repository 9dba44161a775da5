"""Texts of people and clients stay texts: the page around them is the same."""

from html import escape

from fixtures.pages import APP, CONSENT, LOGIN, OWNER, READY, SETUP, STORES, UNKNOWN, Reading
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.localized import Language
from sijill.oauth.pages import consent as consent_page
from sijill.oauth.pages import page
from sijill.oauth.problems import AtFault
from sijill.pages.page import RenderedPage
from sijill.stores.model import Store

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onfocus="alert(1)" autofocus="',
    "' onfocus='alert(1)' autofocus='",
    "` onfocus=alert(1) `",
    "javascript:alert(1)",
    "</bdi></p></form><form action=https://evil.example>",
    "<!--",
    "--><b>",
    "]]><b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&quot;onfocus=alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "{app.__class__}{0}%s%(x)s",
    "\u202egnp.exe\u202c \u2066abc\u2069",
    "مرحبًا <b>\u200fabc</b> שלום",
    "<base href=//evil.example>",
    "a\tb\u00a0c\ud7ffd\U0001f600",
]


def everywhere(text: str, language: Language = "en") -> list[RenderedPage]:
    """Return each page with a text in every place that others can fill."""
    app, person = replace(APP, name=text), replace(OWNER, name=text, email=text)
    stores = [Store(11, text), Store(12, text)]
    values = {"name": text, "email": text, "store": text}
    faults = {"name": "characters"}
    here = f"/oauth2/auth?{text}"
    return [
        page(
            "login.html",
            language,
            **LOGIN
            | {"onward": text, "here": here, "token": text}
            | {"email": text, "fault": "wrong", "app": app},
        ),
        consent_page(
            language,
            **CONSENT
            | {"app": app, "person": person, "stores": stores, "request": text, "here": here},
        ),
        page(
            "setup.html",
            language,
            **SETUP | {"values": values, "faults": faults, "link": text, "here": here},
        ),
        page("ready.html", language, **READY | {"person": person, "stores": stores, "here": here}),
        page(
            "problem.html",
            language,
            **UNKNOWN | {"here": here, "fault": AtFault("client_label", text, "client_add", text)},
        ),
    ]


def shape(page: RenderedPage) -> list[tuple[str, list[str]]]:
    """Return the elements of a page and the names of their attributes."""
    return [(tag, list(attributes)) for tag, attributes in Reading(page).tags]


ORDINARY = [shape(page) for page in everywhere("a")]


@rows("payload", PAYLOADS)
def test_a_payload_adds_no_element_and_no_attribute(payload: str) -> None:
    assert [shape(page) for page in everywhere(payload)] == ORDINARY


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_no_text_adds_an_element_or_an_attribute(text: str) -> None:
    assert [shape(page) for page in everywhere(text)] == ORDINARY


@rows("payload", PAYLOADS)
def test_a_payload_is_shown_and_sent_back_as_it_was_written(payload: str) -> None:
    login, consent, setup, ready, _ = (Reading(page) for page in everywhere(payload))
    assert login.form("/_/login").values("hidden")["onward"] == payload
    assert login.form("/_/login").values("text") == {"email": payload}
    assert consent.form("/oauth2/auth").values("hidden")["request"] == payload
    assert setup.form("/_/setup").values("hidden")["link"] == payload
    assert setup.form("/_/setup").values("text")["name"] == payload
    for each in (login, consent, ready):
        assert ("bdi", payload) in each.texts


@rows("payload", [text for text in PAYLOADS if "<" in text])
def test_markup_in_a_name_is_never_on_the_page_unescaped(payload: str) -> None:
    assert escape(payload) != payload
    for each in everywhere(payload, "ar"):
        assert payload not in each.body.decode()


def test_hostile_values_leave_the_policy_as_it_is() -> None:
    ordinary = [page.policy for page in everywhere("a")]
    for payload in PAYLOADS:
        assert [page.policy for page in everywhere(payload)] == ordinary


def test_many_stores_stay_one_choice() -> None:
    stores = [replace(STORES[0], id=number) for number in range(1, 200)]
    form = Reading(consent_page("ar", **CONSENT | {"stores": stores})).form("/oauth2/auth")
    assert len({one["id"] for one in form.inputs if one["type"] == "radio"}) == 199
