"""Texts of others: nothing in them is unseen, and nothing in them is HTML."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.pages.visible import plain, visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("نورة", "نورة"),
        ("a\x00b", "a␀b"),
        ("a\nb", "a␊b"),
        ("a\x7fb", "a␡b"),
        ("a\u202eb\u2069", "aU+202EbU+2069"),
        ("\u200b\ufeff", "U+200BU+FEFF"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_what_nobody_would_see_is_a_symbol(text: str, shown: str) -> None:
    assert plain(text) == shown
    assert visible(text).striptags() == shown


def test_html_in_a_text_is_text() -> None:
    assert visible("<b>&\"'") == "&lt;b&gt;&amp;&#34;&#39;"
    assert visible_lines("<b>\n\t\x00") == ('&lt;b&gt;\n\t<span class="control" dir="ltr">␀</span>')


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    left = plain(text)
    assert not any(unicodedata.category(one) in ("Cc", "Zl", "Zp") for one in left)
    assert not any(unicodedata.bidirectional(one) in BIDI for one in left)


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
