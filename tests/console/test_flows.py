"""Flows over pages of customers in Chromium: without a script, and as people type."""

import pytest
from fixtures.chromium import Chromium

from console.driving import Demo, awaited, faults_of, signed_in
from console.test_without_scripts import scriptless

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "customers are created and all matches are changed without a script, and a search in the "
        "console answers while people type"
    ),
]


def test_a_customer_is_created_without_a_script(chromium: Chromium, served: Demo) -> None:
    page = scriptless(chromium, served)
    store = page.run("location.pathname")
    page.open(f"{served.url}{store}/customers/new?lang=en")
    page.type("[id=c-email]", "typed@example.com")
    page.follow("form.form button.primary")
    assert "The customer was created." in page.run("document.querySelector('main').innerText")
    assert page.faults() == []


def test_a_change_of_all_matches_is_asked_for_and_its_page_is_fit(
    chromium: Chromium, served: Demo, axe: str
) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}/_/console")
    store = page.run("location.pathname")
    page.open(f"{served.url}{store}/customers/act?lang=en&banned=1")
    page.run("document.querySelector('[name=action]').value = 'unban'")
    page.follow("form.form button.primary")
    place = page.run("location.pathname")
    assert "/customers/act/" in place
    for language in ("ar", "en"):
        assert faults_of(page, served, place, language, axe) == []


def test_a_search_answers_while_people_type_and_leaves_the_field(
    chromium: Chromium, served: Demo
) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}/_/console")
    store = page.run("location.pathname")
    page.open(f"{served.url}{store}/customers?lang=en")
    page.type("[name=q]", "nobody@example.com")
    awaited(
        page,
        """new Promise((done) => {
            const look = () => document.querySelector("main").innerText.includes("Nothing found")
                ? done(true) : setTimeout(look, 50);
            look();
        })""",
    )
    assert page.run("document.querySelector('[name=q]').value") == "nobody@example.com"
    assert "q=nobody" in page.run("location.search")
    assert page.faults() == []
