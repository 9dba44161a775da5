"""The page at the root: browsers get it, programs get the 404 of any unknown path."""

import pytest
from fixtures.world import World

from sijill.description.front import WORDS

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/", "/_/"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_browser_gets_a_page(world: World, path: str, language: str) -> None:
    answer = world.ask("GET", path, accept=CHROMIUM, accept_language=language)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    page = answer.body.decode()
    assert f'<html lang="{language}"' in page
    assert "/admin/v2</code>" in page
    assert "/_/docs" in page
    told = [WORDS[name].render("ar" if language == "ar" else "en") for name in ("folder", "token")]
    assert [words for words in told if words in page] == []


@pytest.mark.parametrize("path", ["/", "/_/"])
@pytest.mark.parametrize(
    ("method", "accept"),
    [
        ("GET", "*/*"),
        ("GET", "application/json"),
        ("GET", "application/json, text/html;q=0.9"),
        ("GET", "text/html;q=0"),
        ("GET", "text/html;q=x"),
        ("GET", ""),
        ("POST", CHROMIUM),
        ("DELETE", CHROMIUM),
    ],
)
def test_a_program_gets_the_answer_of_an_unknown_path(
    world: World, path: str, method: str, accept: str
) -> None:
    unknown = world.ask(method, "/nowhere", accept=accept)
    answer = world.ask(method, path, accept=accept)
    assert (answer.status, answer.body) == (404, unknown.body)
