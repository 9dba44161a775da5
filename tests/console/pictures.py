"""
Takes pictures of every page of the console: `make pictures` puts them into build/pictures.

`make pictures PICTURES=--docs` takes those that the documents show, and puts them beside them.
"""

import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

from fixtures.chromium import Chromium, Page, found

from console.driving import HEIGHT, NARROW, WIDE, Demo, demo, is_page, look, signed_in
from console.places import places

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES, THEMES = ("ar", "en"), ("light", "dark")

DOCS = (
    ("", "en", "light", WIDE),
    ("", "ar", "dark", NARROW),
)
"""The pictures that documents show: the page behind the store, language, theme, width."""


def main(options: list[str]) -> None:
    """Take the pictures."""
    command = found()
    if command is None:
        sys.exit("Pictures need Chromium, which is not on the path.")
    with TemporaryDirectory() as folder, demo(Path(folder), "--demo-customers", "300") as served:
        chromium = Chromium(command, Path(folder))
        try:
            page = signed_in(chromium, served)
            if options == ["--docs"]:
                _take_for_docs(page, served, ROOT / "docs" / "pictures")
            else:
                _take_all(page, served, ROOT / "build" / "pictures")
        finally:
            chromium.close()


def _take_all(page: Page, served: Demo, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place in filter(lambda one: is_page(page, one), places()):
        for language in LANGUAGES:
            page.open(_address(served, place, language))
            for theme in THEMES:
                for width in (NARROW, WIDE):
                    file = f"{_name(place)}-{language}-{theme}-{width}.png"
                    _take(page, folder / file, width, theme)
    sys.stdout.write(f"{folder}\n")


def _take_for_docs(page: Page, served: Demo, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    store = places()[1]
    for path, language, theme, width in DOCS:
        page.open(_address(served, store + path, language))
        file = f"console-{_name(store + path)}-{language}.png"
        _take(page, folder / file, width, theme, whole=False)
        sys.stdout.write(f"{folder / file}\n")


def _take(page: Page, file: Path, width: int, theme: str, *, whole: bool = True) -> None:
    look(page, width, theme)
    if whole:
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
