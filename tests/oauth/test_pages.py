"""The common parts of all pages, and the parts of each page."""

import re
import subprocess
import sys

import pytest
from fixtures.pages import (
    APP,
    CONSENT,
    FAULTS,
    LANGUAGES,
    LOGIN,
    OWNER,
    PAGES,
    QUERY,
    READY,
    SETUP,
    STORES,
    TOKEN,
    Reading,
)
from fixtures.tables import rows

from sijill.localized import Language
from sijill.oauth import pages

EVERY = rows(("name", "language"), [(name, language) for name in PAGES for language in LANGUAGES])
EITHER = pytest.mark.parametrize("language", LANGUAGES)


def read(name: str, language: Language = "en") -> Reading:
    return Reading(PAGES[name](language))


# Every page


@EVERY
def test_a_page_says_its_language_and_direction(name: str, language: Language) -> None:
    (html,) = read(name, language).named("html")
    assert html == {"lang": language, "dir": {"ar": "rtl", "en": "ltr"}[language]}


@EVERY
def test_a_page_has_one_heading_one_title_and_fits_a_phone(name: str, language: Language) -> None:
    page = read(name, language)
    assert len(page.named("h1")) == len(page.named("title")) == len(page.named("main")) == 1
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.named(
        "meta"
    )


@EVERY
def test_a_page_links_to_itself_in_the_other_language(name: str, language: Language) -> None:
    other = {"ar": "en", "en": "ar"}[language]
    (link,) = [link for link in read(name, language).named("a") if "hreflang" in link]
    assert link["hreflang"] == link["lang"] == other
    assert link["href"].startswith("?")
    assert link["href"].endswith(f"lang={other}")


@EVERY
def test_a_page_has_no_script_no_inline_style_and_nothing_of_another_server(
    name: str, language: Language
) -> None:
    for tag, attributes in read(name, language).tags:
        assert tag not in ("script", "style", "iframe", "img", "object", "embed", "base")
        assert not {name for name in attributes if name == "style" or name.startswith("on")}
        assert "javascript:" not in " ".join(attributes.values())
        assert "src" not in attributes


@EVERY
def test_every_input_has_one_label_and_an_autocomplete(name: str, language: Language) -> None:
    page = read(name, language)
    labels = [label["for"] for label in page.named("label")]
    inputs = [one for form in page.forms for one in form.inputs if one["type"] != "hidden"]
    shown = [one for one in inputs if "hidden" not in one]
    assert sorted(labels) == sorted(one["id"] for one in shown)
    assert all("autocomplete" in one for one in shown if one["type"] != "radio")


@EVERY
def test_ids_are_unique_and_descriptions_stand_on_the_page(name: str, language: Language) -> None:
    tags = read(name, language).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for _, attributes in tags:
        assert set(attributes.get("aria-describedby", "").split()) <= set(ids)


@EVERY
def test_every_form_is_posted_with_its_token(name: str, language: Language) -> None:
    for form in read(name, language).forms:
        assert form.attributes["method"] == "post"
        assert form.values("hidden")["token"] == TOKEN


@EVERY
def test_addresses_are_left_to_right_and_names_are_isolated(name: str, language: Language) -> None:
    page = read(name, language)
    for within, text in page.texts:
        if any(part in text for part in (OWNER.email, "://")):
            assert within in ("bdi", "code")
        if any(chosen in text for chosen in (APP.name, OWNER.name, *(s.name for s in STORES))):
            assert within == "bdi"
    for form in page.forms:
        assert all(one["dir"] == "ltr" for one in form.inputs if one["name"] == "email")


# Sign in


@EITHER
def test_the_login_form_sends_what_the_handler_reads(language: Language) -> None:
    form = read("login", language).form("/_/login")
    assert form.values("hidden") == {"token": TOKEN, "onward": LOGIN["onward"]}
    visible = {one["name"]: one for one in form.inputs if one["type"] != "hidden"}
    assert {name: one["autocomplete"] for name, one in visible.items()} == {
        "email": "username",
        "password": "current-password",
    }
    assert visible["password"]["type"] == "password"


def test_a_login_that_failed_keeps_the_email_and_says_so_of_both_fields() -> None:
    page = read("login, wrong")
    email, password = (i for i in page.form("/_/login").inputs if i["type"] != "hidden")
    assert email["value"] == OWNER.email
    assert "value" not in password
    assert email["aria-describedby"] == password["aria-describedby"] == "fault"
    assert email["aria-invalid"] == password["aria-invalid"] == "true"
    assert "autofocus" in password
    assert "autofocus" not in email
    assert "The e-mail or the password is wrong." in page.text()


def test_too_many_attempts_blame_no_field() -> None:
    page = read("login, too many")
    assert "Too many attempts." in page.text()
    assert not [one for one in page.form("/_/login").inputs if "aria-invalid" in one]


@pytest.mark.parametrize(("name", "shown"), [("login", False), ("login, wrong", True)])
def test_the_login_page_names_the_app_that_waits(name: str, shown: bool) -> None:
    assert (("bdi", APP.name) in read(name).texts) is shown


# Consent


@EITHER
def test_consent_lists_every_scope_in_words(language: Language) -> None:
    page = read("consent", language)
    told = {
        "ar": [
            "الاطلاع على بيانات العملاء وتعديلها",
            "الاطلاع على قوائم الدول والمدن واللغات",
            "الوصول إلى بيانات متجرك وأنت غير متصل",
        ],
        "en": [
            "Read and change customers' data",
            "Read lists of countries, cities and languages",
            "Stay connected when you are away",
        ],
    }
    assert [text for within, text in page.texts if within == "li"] == told[language]


@EITHER
def test_consent_shows_the_owner_and_the_address_of_the_app(language: Language) -> None:
    page = read("consent", language)
    for shown in (OWNER.name, OWNER.email, "https://loyalty.example.com"):
        assert ("bdi", shown) in page.texts


@EITHER
def test_signing_out_returns_to_the_consent_page(language: Language) -> None:
    form = read("consent", language).form("/_/logout")
    assert form.values("hidden") == {"token": TOKEN, "onward": CONSENT["here"]}


def test_among_several_stores_one_must_be_chosen() -> None:
    form = read("consent").form("/oauth2/auth")
    radios = [one for one in form.inputs if one["type"] == "radio"]
    assert [(one["name"], one["value"]) for one in radios] == [("store", "11"), ("store", "12")]
    assert all("required" in one and "checked" not in one for one in radios)
    assert form.values("hidden") == {"token": TOKEN, "request": QUERY}


def test_a_single_store_is_sent_by_itself() -> None:
    form = read("consent, one store").form("/oauth2/auth")
    assert form.values("hidden") == {"token": TOKEN, "request": QUERY, "store": "11"}
    assert ("bdi", STORES[0].name) in read("consent, one store").texts


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("consent", ["allow", "deny"]),
        ("consent, one store", ["allow", "deny"]),
        ("consent, no store", ["deny"]),
    ],
)
def test_only_an_owner_of_a_store_can_allow(name: str, answers: list[str]) -> None:
    page = read(name)
    buttons = page.form("/oauth2/auth").buttons
    assert [button["value"] for button in buttons] == answers
    assert {button["name"] for button in buttons} == {"answer"}
    assert "formnovalidate" in buttons[-1]  # nobody has to choose a store in order to deny
    assert ("You own no store" in page.text()) is (name == "consent, no store")


# Set-up


@EITHER
def test_the_setup_form_sends_what_the_handler_reads(language: Language) -> None:
    form = read("setup", language).form("/_/setup")
    assert form.values("hidden") == {"token": TOKEN, "link": "abc"}
    visible = {one["name"]: one for one in form.inputs if one["type"] != "hidden"}
    assert list(visible) == ["name", "email", "password", "store"]
    assert visible["password"]["autocomplete"] == "new-password"
    assert visible["password"]["minlength"] == "12"


def test_the_setup_form_asks_for_a_store_only_if_there_is_none() -> None:
    names = [one["name"] for one in read("setup, of stores").form("/_/setup").inputs]
    assert "store" not in names
    assert "every store that is on this server" in read("setup, of stores").text()
    assert "every store that is on this server" not in read("setup").text()


def test_each_faulty_field_has_a_message_and_the_first_has_the_focus() -> None:
    page = read("setup, faults")
    visible = [one for one in page.form("/_/setup").inputs if one["type"] != "hidden"]
    assert all(f"{one['name']}-fault" in one["aria-describedby"] for one in visible)
    assert all(one["aria-invalid"] == "true" for one in visible)
    assert [one["name"] for one in visible if "autofocus" in one] == ["name"]


@rows(
    "fault",
    ["required", "email", "short", "long", "taken", "too_long", "characters", "digits"],
)
@rows("field", FAULTS)
def test_a_fault_marks_its_own_field_alone(field: str, fault: str) -> None:
    page = Reading(pages.page("setup.html", "en", **SETUP | {"faults": {field: fault}}))
    invalid = [one["name"] for one in page.form("/_/setup").inputs if "aria-invalid" in one]
    assert invalid == [field]
    assert page.text().startswith("Error: ")


def test_the_setup_form_comes_back_without_the_password() -> None:
    values = {"name": "Nora", "email": "n@example.com", "store": "Coffee", "password": "secret 123"}
    page = pages.page("setup.html", "en", **SETUP | {"values": values})
    inputs = Reading(page).form("/_/setup").inputs
    kept = {one["name"]: one.get("value") for one in inputs if one["type"] != "hidden"}
    assert kept == values | {"password": None}
    assert values["password"] not in page.body.decode()


# Signed in, and problems


@EITHER
def test_an_owner_sees_their_stores_and_can_sign_out(language: Language) -> None:
    page = read("ready", language)
    for shown in (OWNER.name, OWNER.email, *(store.name for store in STORES)):
        assert ("bdi", shown) in page.texts
    assert page.form("/_/logout").values("hidden") == {"token": TOKEN, "onward": READY["here"]}
    assert "sijill app create" in page.text()


LEADS = {
    "problem, used_link": ["/_/login?lang=en"],
    "problem, not_permitted": ["/_/console?lang=en"],
    "problem, not_found": ["/_/console?lang=en"],
}
"""Where the page of a problem leads on to."""


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("problem")])
def test_a_page_of_a_problem_has_no_form(name: str) -> None:
    page = read(name)
    assert page.forms == []
    links = [link["href"] for link in page.named("a") if "hreflang" not in link]
    assert links == LEADS.get(name, [])


# Loading


def test_nothing_but_a_page_loads_the_template_engine() -> None:
    code = "import sys, sijill.oauth.pages; print('jinja2' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert re.sub(r"\s", "", ran.stdout) == "False"
