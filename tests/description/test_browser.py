"""The page of the description in a browser: it asks for nothing, and is shown as it was meant."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from description.reading import Page
from description.serving import SECONDS, served
from fixtures.chromium import Chromium, found
from fixtures.require import missing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def command() -> str:
    """Return where Chromium is, or skip."""
    return found() or missing("chromium", "it is not on PATH")


@pytest.fixture(scope="module")
def chromium(command: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(command, tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def address(command: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a demo."""
    with served(tmp_path_factory.mktemp("demo")) as address:
        yield address


_NO_PAGE = "not an origin"


def visited(command: str, url: str, folder: Path) -> tuple[str, set[str]]:
    """Return the DOM of a page as Chromium has it, and the addresses the page itself asked for."""
    net_log = folder / "net.json"
    flags = """
        --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
        --disable-background-networking --disable-component-update --disable-default-apps
    """
    arguments = [
        command,
        *flags.split(),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    arguments += [f"--user-data-dir={folder / 'profile'}", f"--log-net-log={net_log}"]
    process = subprocess.run(
        [*arguments, "--dump-dom", url], capture_output=True, timeout=2 * SECONDS, check=True
    )
    log = json.loads(net_log.read_text())
    started = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    asked_for = {
        event["params"]["url"]
        for event in log["events"]
        if event["type"] == started
        # No page begins the requests of a person or of the browser itself.
        and event.get("params", {}).get("initiator", _NO_PAGE) != _NO_PAGE
    }
    return process.stdout.decode(), asked_for


@pytest.mark.parametrize(
    ("language", "direction", "title"),
    [("ar", "rtl", "سجل: توثيق الواجهة"), ("en", "ltr", "Sijill: the API")],
)
def test_a_browser_shows_the_page_and_asks_for_nothing_else(
    command: str, address: str, tmp_path: Path, language: str, direction: str, title: str
) -> None:
    dom, asked_for = visited(command, f"{address}/_/docs?lang={language}", tmp_path)
    page = Page(dom)
    assert page.elements[0] == ("html", {"lang": language, "dir": direction})
    assert f"<h1>{title}</h1>" in dom
    assert page.headings.count("h2") >= 10
    assert f"{address}/admin/v2" in page.text
    assert asked_for == set()


def test_the_browsers_log_would_show_what_a_page_asks_for(command: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://127.0.0.1:50999/picture.png">')
    _, asked_for = visited(command, page.as_uri(), tmp_path)
    assert asked_for == {"http://127.0.0.1:50999/picture.png"}


BROKEN = """
[...document.querySelectorAll("a")]
  .filter(link => !link.textContent.trim().includes(" "))
  .filter(link => [...link.getClientRects()].filter(box => box.width > 0).length > 1)
  .map(link => link.textContent)
"""
"""The links of one word that stand on more than one line."""


LINES = """
[...new Set(
  [...document.querySelectorAll("pre code")].map(one => getComputedStyle(one).whiteSpace)
)]
"""
"""How lines of code are broken: only where they end."""

WIDER = """
[...document.querySelectorAll("body *")]
  .filter(element => !element.closest("pre, .skip, thead"))
  .filter(element => {
    const box = element.getBoundingClientRect();
    return box.left < -1 || box.right > innerWidth + 1;
  })
  .map(element => element.outerHTML.slice(0, 200))
"""
"""The elements that reach beyond the window; a block of code scrolls by itself."""


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("width", "folded"), [(390, True), (699, True), (700, False)])
def test_the_contents_are_folded_where_the_window_is_narrow(
    chromium: Chromium, address: str, language: str, width: int, folded: bool
) -> None:
    tab = chromium.page(language)
    tab.resize(width, 844)
    tab.open(f"{address}/_/docs?lang={language}")
    assert tab.run("document.querySelector('nav details').open") is not folded
    if folded:
        assert tab.run("document.querySelector('h1').getBoundingClientRect().top") < 400
        tab.click("nav summary")
        assert tab.run("document.querySelector('nav a').checkVisibility()")
    assert tab.run(WIDER) == []
    assert tab.run(LINES) == ["pre"]
    assert tab.run(BROKEN) == []
    assert tab.faults() == []


def test_a_link_that_breaks_inside_would_be_found(chromium: Chromium, address: str) -> None:
    tab = chromium.page("en")
    tab.resize(390, 844)
    tab.open(f"{address}/_/docs?lang=en")
    tab.run("document.querySelector('main p').innerHTML = `<a href='#x'>${'x'.repeat(99)}</a>`")
    assert tab.run(BROKEN) == ["x" * 99]


def test_a_button_copies_the_lines_of_its_block(chromium: Chromium, address: str) -> None:
    tab = chromium.page("en")
    tab.resize(1000, 800)
    tab.open(f"{address}/_/docs?lang=en")
    blocks = tab.run("document.querySelectorAll('pre').length")
    assert tab.run("document.querySelectorAll('pre + button').length") == blocks > 100
    tab.run(
        "window.copied = new Promise(done => document.addEventListener("
        "'copy', () => done(getSelection().toString())));"
        "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    tab.click("#getCustomer .block button")
    told = tab.call("Runtime.evaluate", expression="window.copied", awaitPromise=True)
    assert told["result"]["value"].startswith("curl -H")
    assert told["result"]["value"].endswith("/admin/v2/customers/2075683582")
    assert tab.run("document.querySelector('#getCustomer .block button').textContent") == "Copied"


def test_one_sample_is_shown_at_a_time(chromium: Chromium, address: str) -> None:
    tab = chromium.page("ar")
    tab.resize(390, 844)
    tab.open(f"{address}/_/docs?lang=ar")
    shown = (
        "[...document.querySelectorAll('#getCustomer .samples pre')]"
        ".map(one => one.checkVisibility({contentVisibilityAuto: true}))"
    )
    assert tab.run(shown) == [True, False, False]
    tab.click("#getCustomer .samples details:nth-of-type(3) summary")
    assert tab.run(shown) == [False, False, True]
