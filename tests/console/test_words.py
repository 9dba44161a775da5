"""The words of the console: the same keys in both languages, and each of them is used."""

import re
from pathlib import Path

from fixtures.tables import rows

import sijill.console
import sijill.sandbox.console
from sijill.console.words import PARTS
from sijill.console.words import WORDS as OWN
from sijill.sandbox.console.words import WORDS as OF_SANDBOX

SOURCES = [Path(package.__path__[0]) for package in (sijill.console, sijill.sandbox.console)]
WORDS = OWN | OF_SANDBOX
ARABIC = re.compile(r"[\u0600-\u06ff]")
PLACES = re.compile(r"\{\w*\}")
IN_BOTH = {"other_language"}
"""The name of the other language, in that language."""


def test_no_word_is_said_by_two_parts() -> None:
    assert len(WORDS) == sum(map(len, (*PARTS, OF_SANDBOX)))


@rows("key", WORDS)
def test_a_word_is_there_in_both_languages_with_the_same_places(key: str) -> None:
    text = WORDS[key]
    assert text.ar.strip()
    assert text.en.strip()
    assert not ARABIC.search(text.en) or key in IN_BOTH, "Arabic letters in the English text"
    assert ARABIC.search(text.ar) or key in IN_BOTH, "no Arabic letter in the Arabic text"
    assert sorted(PLACES.findall(text.ar)) == sorted(PLACES.findall(text.en))
    assert not re.search(r"[٠-٩۰-۹]", text.ar), "digits are Western in both languages"
    assert "\u20c1" not in text.ar + text.en


def test_every_command_is_marked_and_every_sentence_with_one_is_shown_as_such() -> None:
    commands = {key for key, one in WORDS.items() if "`" in one.ar + one.en}
    unmarked = re.compile(r"(?<!`)\bsijill [a-z]")
    assert [key for key, one in WORDS.items() if unmarked.search(f"{one.ar}\n{one.en}")] == []
    shown = "".join(
        line
        for source in SOURCES
        for path in source.glob("templates/*.html")
        for line in path.read_text("utf-8").splitlines()
        if "| prose" in line
    )
    named = re.compile(r'word(?:\.|\[")(\w+)')
    begun = tuple(named.findall(shown))
    assert sorted(key for key in commands if not key.startswith(begun)) == []


def test_no_button_says_what_the_way_back_says() -> None:
    cancel = WORDS["cancel"]
    same = [key for key, one in WORDS.items() if one.ar == cancel.ar or one.en == cancel.en]
    assert same == ["cancel"]


def test_every_word_of_a_template_is_there_and_every_word_is_used() -> None:
    templates = "".join(
        path.read_text("utf-8") for source in SOURCES for path in source.glob("templates/*.html")
    )
    code = "".join(
        path.read_text("utf-8")
        for source in SOURCES
        for path in source.rglob("*.py")
        if "words" not in path.parts and path.name != "words.py"
    )
    named = set(re.findall(r"(?<![.\w])word\.(\w+)", templates))
    assert sorted(named - set(WORDS)) == []
    begun = {*re.findall(r'word\["(\w+_)" ~', templates), *re.findall(r'word\[f"(\w+_)\{', code)}
    quoted = set(re.findall(r'"(\w+)"', code + templates))
    unused = [
        key for key in WORDS if key not in named | quoted and not any(map(key.startswith, begun))
    ]
    assert unused == []


def test_digits_are_western_and_money_is_written_in_letters() -> None:
    told = "".join(f"{text.ar}{text.en}" for text in WORDS.values())
    assert re.findall("[٠-٩۰-۹\u20c1]", told) == []
    assert (WORDS["customers_sar"].ar, WORDS["customers_sar"].en) == ("ر.س", "SAR")
