"""The console without a script, and by keyboard alone."""

import pytest
from fixtures.chromium import Chromium, Page

from console.driving import NARROW, Demo, signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "the frame of the console works without a script, and by keyboard alone: its navigation, "
        "language, theme and sign-out"
    ),
]


def scriptless(chromium: Chromium, served: Demo) -> Page:
    page = signed_in(chromium, served)
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.open(f"{served.url}/_/console?lang=en")
    return page


def visible(page: Page, selector: str) -> bool:
    return bool(page.run(f"document.querySelector({selector!r}).checkVisibility()"))


def test_the_link_of_the_start_opens_the_console(chromium: Chromium, served: Demo) -> None:
    page = chromium.page("en")
    page.open(served.link)
    assert "/_/console/" in page.run("location.pathname")
    assert page.run("document.querySelector('h1').innerText") == "Overview"


def test_theme_and_language_change_and_stay(chromium: Chromium, served: Demo) -> None:
    page = scriptless(chromium, served)
    assert page.run("document.documentElement.className") == ""
    page.follow("button[name=theme][value=dark]")
    assert page.run("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.open(f"{served.url}/_/console")
    page.follow("button[name=language][value=ar]")
    assert page.run("document.documentElement.dir") == "rtl"
    page.open(f"{served.url}/_/console")
    assert page.run("[document.documentElement.dir, document.documentElement.dataset.theme]") == [
        *("rtl", "dark")
    ]
    assert page.faults() == []


def test_the_navigation_unfolds_on_a_telephone(chromium: Chromium, served: Demo) -> None:
    page = scriptless(chromium, served)
    page.resize(NARROW, 844)
    assert not visible(page, "#side")
    page.click("[popovertarget=side]")
    assert visible(page, "#side")
    page.press("Escape")
    assert not visible(page, "#side")


def test_the_keyboard_alone_skips_to_the_content_and_signs_out(
    chromium: Chromium, served: Demo
) -> None:
    page = scriptless(chromium, served)
    page.press("Tab")
    assert page.run("document.activeElement.className") == "skip"
    page.press("Enter")
    assert page.run("document.activeElement.id") == "main"
    page.run("document.querySelector('form[action$=logout] button').focus()")
    with page._loading("sign out"):
        page.press("Enter")
    assert page.run("location.pathname") == "/_/login"
