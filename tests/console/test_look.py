"""How the console looks to a person: language, theme, and what a page tells once."""

import re

import pytest
from fixtures.tables import rows
from fixtures.world import World

from console.desks import Seat, seat
from sijill.console.answers import TOLD
from sijill.pages.look import LOOK, Look, chosen_look


def test_the_choice_of_a_language_and_of_a_theme_is_kept(world: World) -> None:
    person = seat(world, "viewer")
    assert b'<html lang="en" dir="ltr">' in person.get(accept_language="en").body
    answer = person.post("/look", language="ar", back=person.at("?x=1"))
    assert (answer.status, answer.headers["location"]) == (303, person.at("?x=1"))
    person.post("/look", theme="dark")
    page = person.get(accept_language="en")
    assert b'<html lang="ar" dir="rtl" data-theme="dark">' in page.body
    assert page.headers["content-language"] == "ar"
    assert b'lang="en" dir="ltr"' in person.get("?lang=en").body
    person.post("/look", theme="sepia", language="xx")
    assert b'<html lang="ar" dir="rtl" data-theme="dark">' in person.get().body


@rows(
    "wanted",
    ["", "https://evil.example", "//evil.example", "/_/login", "/_/console/1/x", "/_/console/12"],
)
def test_a_form_leads_back_to_pages_of_its_store_alone(viewer: Seat, wanted: str) -> None:
    answer = viewer.post("/look", theme="dark", back=wanted)
    assert answer.headers["location"] == viewer.at()


@pytest.mark.parametrize(
    ("told", "kind"), [("done_import_begun", "ok"), ("refused_import_late", "warn")]
)
def test_what_was_not_done_is_told_as_a_warning(owner: Seat, told: str, kind: str) -> None:
    owner.browser.cookies[TOLD] = told
    page = owner.get("/people").body.decode()
    assert page.count(f'<div class="note {kind}" role="status">') == 1


@rows(
    ("path", "control"),
    [
        ("/customers/new", 'name="c[email]" value="" dir="ltr" inputmode="email"'),
        ("/customers/new", 'name="c[first_name]" value="" autocomplete="off"'),
        ("/customers/export", 'aria-describedby="ticket-hint" dir="ltr" autocomplete="off"'),
        ("/groups/new", 'name="conditions[0][value]" value="" dir="ltr" inputmode="decimal"'),
        ("/groups/new", '<textarea id="payment_method" name="payment_method" dir="ltr">'),
        ("/people/invite", 'name="person_email" value="" autocomplete="off" autocapitalize="none"'),
    ],
)
def test_a_control_has_the_attributes_that_its_page_gives(
    owner: Seat, path: str, control: str
) -> None:
    assert control in owner.get(path).body.decode()


def test_pictures_of_a_direction_alone_are_mirrored(owner: Seat) -> None:
    page = owner.get("/customers/new", accept_language="en").body.decode()
    said = re.findall(r'<svg class="icon( mirrors)?".*?</svg>([^<]*)', page)
    assert {word for mirrored, word in said if mirrored} == {"Customers", "Webhooks"}
    assert {"Limits", "Health", "Audit"} <= {word for mirrored, word in said if not mirrored}


def test_a_cookie_that_names_no_choice_is_none() -> None:
    assert chosen_look(Look("ar", "dark"), "", "") == Look("ar", "dark")
    assert chosen_look(Look(), "en", "light") == Look("en", "light")


@pytest.mark.parametrize("value", ["", "-", "xx-yy", "ar", "ar-", "<script>", "done_x"])
def test_odd_cookies_change_nothing_but_what_they_name(world: World, value: str) -> None:
    person = seat(world, "viewer")
    notes = person.get().body.count(b'role="status"')
    person.browser.cookies[LOOK] = value
    person.browser.cookies[TOLD] = value
    page = person.get(accept_language="en")
    assert page.status == 200
    assert b"data-theme" not in page.body
    assert page.body.count(b'role="status"') == notes
    assert (b'lang="ar" dir="rtl"' in page.body.split(b"<head>")[0]) is value.startswith("ar")
