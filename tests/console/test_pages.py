"""Every page in Chromium: both languages, both themes, a telephone and a wide screen."""

import pytest
from fixtures.chromium import Chromium

from console.driving import (
    COLOURS,
    DIRECTIONS,
    WIDE,
    Demo,
    faults_of,
    findings,
    is_page,
    look,
    outside,
    sideways,
    signed_in,
    small_targets,
    tab_order,
    uneven,
)
from console.places import places

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "every page of the console, in both languages and both themes, has no serious finding of "
        "axe-core, is in the order of its tab stops, fits 390, 768, 900 and 1440 pixels, weighs "
        "60 KB at most, and asks no other host"
    ),
]


@pytest.mark.parametrize("language", DIRECTIONS)
def test_every_page_is_fit_for_everybody(
    chromium: Chromium, served: Demo, axe: str, language: str
) -> None:
    page = signed_in(chromium, served, language)
    wrong: dict[str, list[str]] = {}
    for place in places():
        if is_page(page, place) and (faults := faults_of(page, served, place, language, axe)):
            wrong[place] = faults
    assert wrong == {}
    assert outside(page, served) == []


def test_each_check_finds_what_it_looks_for(chromium: Chromium, served: Demo, axe: str) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}/_/console")
    look(page, WIDE, "light")
    assert uneven(page) == []
    assert (sideways(page), small_targets(page), tab_order(page), findings(page, axe)) == (
        *(0, [], []),
        [],
    )
    page.run("""(() => {
        const add = (name, more) => document.querySelector("main").append(
            Object.assign(document.createElement(name), more));
        add("p", {textContent: "pale", className: "pale"});
        add("button", {textContent: "x", tabIndex: 5, className: "small"});
        add("img", {src: "https://example.com/x.png"});
        add("p", {textContent: "wide", className: "wide"});
        const pair = document.createElement("div");
        pair.className = "pair";
        for (const name of ["field", "field low"]) {
            const field = document.createElement("div");
            field.className = name;
            field.append(document.createElement("label"), document.createElement("input"));
            pair.append(field);
        }
        document.querySelector("main").append(pair);
        const style = new CSSStyleSheet();
        style.replaceSync(".pale {color: #eee} .small {min-block-size: 0; padding: 0} " +
                          ".wide {inline-size: 3000px} .low input {margin: 9px !important}");
        document.adoptedStyleSheets.push(style);
    })()""")
    look(page, WIDE, "light")
    assert sideways(page) > 0
    assert len(small_targets(page)) == 1
    assert len(uneven(page)) == 1
    assert tab_order(page) != []
    assert {found.split(":")[0] for found in findings(page, axe)} >= {"color-contrast", "image-alt"}
    assert {found.split(":")[0] for found in findings(page, axe, *COLOURS)} == {"color-contrast"}
    assert outside(page, served) == ["https://example.com/x.png"]
    assert page.faults() != []
