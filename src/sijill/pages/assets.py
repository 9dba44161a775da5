"""The files that pages load from this server: the style, the script and the fonts."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from sijill.errors import NotFound
from sijill.http.compression import coded, negotiated
from sijill.http.request import Request, Response
from sijill.http.router import Route

FOLDER = Path(__file__).parent / "assets"

STYLE, SCRIPT, MARK = "sijill.css", "sijill.js", "mark.svg"

FONTS = tuple(
    f"ibm-plex-sans-arabic-{script}-{weight}-normal.woff2"
    for script in ("arabic", "latin")
    for weight in (400, 600)
)
"""As the package @fontsource/ibm-plex-sans-arabic has them; their licence lies beside them."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}

_KEPT_FOR_EVER = [
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"x-content-type-options", b"nosniff"),
]

_PATH = "/_/assets/"


@cache
def content(name: str) -> bytes:
    """Return the bytes of a file; those of the style name each font by its address."""
    if name in FONTS:
        return (FOLDER / "fonts" / name).read_bytes()
    text = _NOTE.sub("", (FOLDER / name).read_text("utf-8"))
    if name == STYLE:
        text = squeezed(text)
        for font in FONTS:
            text = text.replace(f"url({font})", f"url({_versioned(font)})")
    elif name == SCRIPT:
        text = _INDENT.sub("", text)
    return text.encode()


def squeezed(style: str) -> str:
    """Return a style without the spaces that only its readers need."""
    for pattern, replacement in _SPACES:
        style = pattern.sub(replacement, style)
    return style.strip()


_NOTE, _INDENT = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"^\s+", re.MULTILINE)
_SPACES = (
    (re.compile(r"\s+"), " "),
    (re.compile(r" ?([{};,]) ?"), r"\1"),
    (re.compile(r"(?<=[{;])([\w-]+): "), r"\1:"),
    (re.compile(r";}"), "}"),
)


def tokens() -> str:
    """Return the colours, sizes and spaces of the style, for a page that is one file."""
    style = (FOLDER / STYLE).read_text("utf-8")
    return squeezed(_NOTE.sub("", style[style.index(_FIRST) : style.index(_LAST)]))


_FIRST, _LAST = "/* Tokens", "/* Ground"
"""The notes before the tokens of the style and behind them."""


def address(name: str) -> str:
    """Return the address of a file, which changes with its content."""
    return f"{_PATH}{_versioned(name)}"


@cache
def _versioned(name: str) -> str:
    stem, dot, kind = name.rpartition(".")
    return f"{stem}.{sha256(content(name)).hexdigest()[:12]}{dot}{kind}"


@cache
def _known() -> dict[str, str]:
    return {_versioned(name): name for name in (STYLE, SCRIPT, MARK, *FONTS)}


class Assets:
    """Answers requests for the files of pages."""

    async def show(self, request: Request) -> Response:
        """Answer with a file, which caches keep for ever. Raises: NotFound for other versions."""
        name = _known().get(request.captured)
        if name is None:
            raise NotFound
        media_type = _TYPES[Path(name).suffix].encode("ascii")
        if name in FONTS:  # a woff2 is compressed
            return Response(200, content(name), [(b"content-type", media_type), *_KEPT_FOR_EVER])
        return negotiated(request, coded(content(name)), media_type, _KEPT_FOR_EVER)


def asset_routes(assets: Assets) -> tuple[Route, ...]:
    """Return the route of the files of pages."""
    path = f"{_PATH}{{name}}"
    return (Route("GET", path, assets.show, public=True, for_people=True, undescribed=True),)
