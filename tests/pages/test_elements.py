"""The elements of pages: each escapes every text that it is given, and keeps HTML as it is."""

from collections.abc import Callable

import pytest
from markupsafe import Markup

from sijill.pages.elements import ELEMENTS, cell, code, latin, name, prose

HOSTILE = "<script>\"'&\u202e"
ESCAPED = "&lt;script&gt;&#34;&#39;&amp;"

GIVEN = {
    **dict.fromkeys(("name", "code", "latin", "prose"), (HOSTILE,)),
    "styled": (HOSTILE, "code"),
    "time": ((HOSTILE, HOSTILE),),
    **dict.fromkeys(("badge", "explained", "row_link"), (HOSTILE, HOSTILE)),
    "cell": (HOSTILE, HOSTILE, HOSTILE),
}
"""What each element is given, by its name."""


@pytest.mark.parametrize("each", ELEMENTS)
def test_no_text_that_an_element_is_given_is_html(each: str) -> None:
    html = ELEMENTS[each](*GIVEN[each])
    assert isinstance(html, Markup)
    assert html.count(ESCAPED) == str(GIVEN[each]).count("script")
    assert "<script" not in html


@pytest.mark.parametrize("element", [name, code, latin])
def test_no_text_is_no_element_and_an_unseen_character_is_a_symbol(
    element: Callable[[str], Markup],
) -> None:
    assert element("") == ""
    assert "U+202E" in element(HOSTILE)


def test_a_command_of_a_sentence_runs_left_to_right_and_stays_what_it_is() -> None:
    shown = prose("نفّذ: `sijill person <id>`.")
    assert shown == 'نفّذ: <code dir="ltr">sijill person &lt;id&gt;</code>.'


def test_a_long_address_is_broken_between_its_parts_and_a_short_one_nowhere() -> None:
    assert latin("sara@mail.example.com").count("<wbr>") == 0
    whole = "sara.alqahtani@mail.example.com"
    broken = latin(whole)
    assert broken.split("<wbr>")[1:] == ["alqahtani@", "mail.", "example.", "com</bdi>"]
    assert broken.striptags() == whole
    assert code("customers.read, customers.read_write").count("<wbr>") == 0
    hostile = code("https://example.com/?a=<b>&c=d")
    assert hostile.endswith("?<wbr>a=&lt;b&gt;&amp;c=<wbr>d</bdi>")


@pytest.mark.parametrize(
    ("arguments", "html"),
    [
        (("7", "Rows"), '<td role="cell" data-label="Rows"><span>7</span></td>'),
        (("7", "Rows", "end"), '<td role="cell" data-label="Rows" class="end"><span>7</span></td>'),
        (("7", "Name", "lead-cell"), '<td role="cell" class="lead-cell">7</td>'),
        (("", "Rows"), '<td role="cell"></td>'),
        ((Markup("<b>7</b>"),), '<td role="cell"><b>7</b></td>'),
    ],
)
def test_a_cell_repeats_its_heading_beside_a_value_that_needs_one(
    arguments: tuple[str, ...], html: str
) -> None:
    assert cell(*arguments) == html
