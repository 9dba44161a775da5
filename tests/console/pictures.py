"""
Takes pictures of every page for people: `make pictures` puts them into build/pictures.

`make pictures PICTURES=--docs` takes those that the documents show, and puts them beside them.
"""

import sys
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from fixtures.chromium import Chromium, Page, found

from console import copied
from console.driving import HEIGHT, NARROW, WIDE, Demo, demo, is_page, look, signed_in
from console.entrances import LONG, SHOWN, Settle, settled
from console.made import MADE, Scene
from console.places import places
from console.used import PASSED, made_places, receiver, use
from sijill.localized import Language
from sijill.stores.model import CUSTOMER_ID, SHOP

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
TAKEN = ROOT / "build" / "pictures"
LANGUAGES: tuple[Language, ...] = ("ar", "en")
THEMES = ("light", "dark")

DOCS = (
    ("overview", "en", "light", WIDE),
    ("customers", "ar", "light", WIDE),
    (f"customers-{CUSTOMER_ID}", "en", "dark", WIDE),
    ("endpoint", "ar", "dark", WIDE),
    ("overview", "ar", "dark", NARROW),
    ("delivery", "en", "light", NARROW),
)
"""The pictures that documents show: the name of the page, language, theme, width."""


def doc_file(name: str, language: str, width: int) -> str:
    """Return the name of the file of a picture of documents."""
    return f"console-{name}-{language}{'-narrow' if width == NARROW else ''}.png"


def main(options: list[str]) -> None:
    """Take the pictures."""
    command = found()
    if command is None:
        sys.exit("Pictures need Chromium, which is not on the path.")
    options_of_demo = ("--demo-customers", "300")
    with (
        TemporaryDirectory() as folder,
        receiver() as address,
        demo(Path(folder), *options_of_demo) as served,
    ):
        hooks = use(served, address)
        chromium = Chromium(command, Path(folder))
        try:
            page = signed_in(chromium, served)
            pages = {_name(one): one for one in places() if is_page(page, one)}
            pages |= made_places(page, served, places()[1], hooks)
            if options == ["--docs"]:
                _take_for_docs(page, served, pages)
            else:
                _take_all(chromium, served, pages, Path(folder))
        finally:
            chromium.close()


def _take_all(chromium: Chromium, served: Demo, pages: dict[str, str], folder: Path) -> None:
    """Take the pages before the console, its own, those that people make, and those of a copy."""
    _take_entrances(chromium, served)
    scenes = [Scene(chromium, served, language) for language in LANGUAGES]
    for scene in scenes:
        for name, place in pages.items():
            scene.owner.open(f"{served.url}{place}")
            _take_looks(scene.owner, name, scene.language)
        for name, steps in MADE.items():
            _take_looks(steps(scene), name, scene.language)
    data = folder / ".sijill" / "demo-documented"
    copied.make_in(data, SHOP.id, datetime.now(UTC) + timedelta(seconds=PASSED))
    for scene in scenes:
        for path in ("/mirror", "/mirror/tombstones", "/mirror/release", "/health"):
            _take_looks(scene.open(path), f"copy{path.replace('/', '-')}", scene.language)
    sys.stdout.write(f"{TAKEN}\n")


def _take_entrances(chromium: Chromium, served: Demo) -> None:
    for language in LANGUAGES:
        page = chromium.page(language)
        for name, steps in SHOWN.items():
            steps(page, served, language)
            _take_looks(page, name, language)
        for name, (steps, settle) in LONG.items():
            steps(page, served, language)
            _take_looks(page, name, language, settle)


def _take_looks(page: Page, name: str, language: str, settle: Settle | None = None) -> None:
    """Take a page in every theme and width: all of it, or the window after `settle`."""
    TAKEN.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for width in (NARROW, WIDE):
            _take(page, TAKEN / f"{name}-{language}-{theme}-{width}.png", width, theme, settle)


def _take_for_docs(page: Page, served: Demo, pages: dict[str, str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, language, theme, width in DOCS:
        page.open(_address(served, pages[name], language))
        file = PICTURES / doc_file(name, language, width)
        _take(page, file, width, theme, settled)
        sys.stdout.write(f"{file}\n")


def _take(page: Page, file: Path, width: int, theme: str, settle: Settle | None) -> None:
    look(page, width, theme)
    if settle is not None:
        settle(page)
    else:
        height = page.call("Page.getLayoutMetrics")["cssContentSize"]["height"]
        look(page, width, theme, max(HEIGHT, int(height)))
    file.write_bytes(b64decode(page.call("Page.captureScreenshot")["data"]))


def _address(served: Demo, place: str, language: str) -> str:
    return f"{served.url}{place}{'&' if '?' in place else '?'}lang={language}"


def _name(place: str) -> str:
    """Return the name of a page in that of a file: `customers-2075683582`."""
    path = place.partition("?")[0].removeprefix(places()[1]).strip("/")
    return "choose" if path == "_/console" else path.replace("/", "-") or "overview"


if __name__ == "__main__":
    main(sys.argv[1:])
