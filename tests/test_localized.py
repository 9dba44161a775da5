"""Texts in two languages."""

from sijill.localized import Localized, render

HELLO = Localized("مرحبًا", "Hello")


def test_a_text_is_rendered_in_the_language_asked() -> None:
    assert HELLO.render("ar") == "مرحبًا"
    assert HELLO.render("en") == "Hello"


def test_texts_join_as_paragraphs() -> None:
    both = HELLO.then(Localized("ب", "b"), Localized("ج", "c"))
    assert both == Localized("مرحبًا\n\nب\n\nج", "Hello\n\nb\n\nc")


def test_a_structure_is_rendered_to_its_leaves() -> None:
    structure = {"a": [HELLO, {"b": HELLO}], "c": (1, None), "d": "x"}
    assert render(structure, "en") == {"a": ["Hello", {"b": "Hello"}], "c": [1, None], "d": "x"}
