"""Every word of the pages in both languages, and no unused word."""

import re
from pathlib import Path
from string import Formatter

import pytest
from fixtures.pages import LANGUAGES, PAGES, Reading
from fixtures.tables import rows
from jinja2 import UndefinedError

from sijill import pages as console
from sijill.description.front import WORDS as FRONT_WORDS
from sijill.localized import Localized
from sijill.oauth.roles import ROLES
from sijill.oauth.scopes import KNOWN, OFFLINE, RESOURCES, permissions
from sijill.oauth.wording import PROBLEMS, WORDS, words
from sijill.pages.html import rendered

SOURCE = Path(console.__file__).parent
ARABIC, LATIN = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-z]{2,}")

TEXTS = {
    **{key: text for key, text in WORDS.items() if key != "other_language"},
    **{f"front {key}": text for key, text in FRONT_WORDS.items() if key != "other_language"},
    **{f"noun of {name}": noun for name, noun in RESOURCES.items()},
    **{
        f"{kind}, {part}": getattr(told, part)
        for kind, told in PROBLEMS.items()
        for part in ("heading", "happened", "remedy")
    },
}
MEANT = {"Sijill", "name", "example", "com", "Webhooks", "app", "origin", "client_id"}
MEANT |= {"http", "https", "ASCII", "tls", "demo", "OpenAPI"}
"""Latin words that may stand in Arabic."""


@rows("text", TEXTS.values(), ids=TEXTS)
def test_every_text_is_written_in_both_languages(text: Localized) -> None:
    assert ARABIC.search(text.ar)
    assert LATIN.search(text.en)
    assert not ARABIC.search(text.en)
    assert set(LATIN.findall(text.ar)) <= MEANT


@rows("text", TEXTS.values(), ids=TEXTS)
def test_both_languages_have_the_same_blanks_and_endings(text: Localized) -> None:
    def blanks(sentence: str) -> list[str]:
        return [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]

    assert sorted(blanks(text.ar)) == sorted(blanks(text.en))
    assert text.ar.endswith(".") == text.en.endswith(".")


@rows("language", LANGUAGES)
@rows("name", PAGES)
def test_no_page_shows_a_key_a_blank_or_the_other_language(name: str, language: str) -> None:
    page = Reading(PAGES[name](language))
    text = page.text()
    assert not [key for key in WORDS if "_" in key and key in text]
    assert "{" not in text
    sentences = [part for within, part in page.texts if within not in ("style", "bdi", "a", "code")]
    words = {word for part in sentences for word in LATIN.findall(part)}
    if language == "ar":
        assert words <= MEANT
    else:
        assert not ARABIC.search("".join(sentences))


def words_of(*templates: str) -> set[str]:
    written = "".join((SOURCE / "templates" / name).read_text("utf-8") for name in templates)
    return set(re.findall(r"\bword\.(\w+)", written))


def test_the_words_are_exactly_those_of_the_templates() -> None:
    names = {path.name for path in (SOURCE / "templates").glob("*.html")}
    assert words_of("base.html", "front.html") | {"folder", "token"} == set(FRONT_WORDS)
    used = words_of(*names - {"front.html"})
    by_code = (
        {f"login_{fault}" for fault in ("wrong", "too_many")}
        | {
            f"fault_{fault}"
            for fault in (
                *("required", "email", "short", "long", "taken"),
                *("too_long", "characters", "digits"),
            )
        }
        | {f"role_{role}" for role in ROLES}
        | {"client_label", "client_add", "redirect_address", "redirect_add", "redirect_rule"}
    )
    assert used | by_code == set(WORDS)


def test_a_word_that_is_missing_stops_the_page() -> None:
    with pytest.raises(UndefinedError):
        rendered("problem.html", word={})


def test_no_key_hides_behind_a_method_of_the_table() -> None:
    assert not set(WORDS) & set(dir(words("en")))


# Scopes in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scope_has_a_sentence_of_its_own(language: str) -> None:
    told = [permissions({scope}, language) for scope in sorted({*KNOWN, OFFLINE})]
    assert all(len(sentences) == 1 for sentences in told)
    assert len({sentences[0] for sentences in told}) == len(KNOWN) + 1


def test_a_scope_within_another_has_no_sentence_of_its_own() -> None:
    assert permissions({"customers.read", "customers.read_write"}, "en") == [
        "Read and change customers' data"
    ]


def test_the_order_of_the_sentences_does_not_depend_on_the_set() -> None:
    scopes = ["offline_access", "orders.read", "settings.read", "customers.read"]
    expected = [
        "Read customers' data",
        "Read the store's settings",
        "Read orders",
        "Stay connected when you are away",
    ]
    assert permissions(scopes, "en") == permissions(scopes[::-1], "en") == expected


def test_an_unknown_scope_has_no_sentence() -> None:
    with pytest.raises(KeyError):
        permissions({"keys.read"}, "en")
