"""The style, the script and the fonts of pages: what they weigh, and what they may not hold."""

import re
from hashlib import sha256

import pytest
from fixtures.tables import rows
from fixtures.world import World

from sijill.pages.assets import FOLDER, FONTS, MARK, SCRIPT, STYLE, address, content, squeezed

STYLE_TEXT = (FOLDER / STYLE).read_text("utf-8")

FONT = "ibm-plex-sans-arabic-{}-normal.woff2"

VENDORED = {
    "LICENSE": "1c32ddc3fc6efd167cdcbe475195287f2dc26ed1a4c92fbe31c87ceaffe44f98",
    FONT.format("arabic-400"): "6010e7fd0dce5d527583951750728cbe3c895efbd16aa0f809ab8c824878c9d8",
    FONT.format("arabic-600"): "16734a5adb27b0f363e566cbbeacec480da0dc0baa19c8f0053251c2e2bc0eac",
    FONT.format("latin-400"): "9ed8dcb02e6c7246de4c120295fafa39a7bb73085f4951a4524a07dc911069f2",
    FONT.format("latin-600"): "63f4757271e403f7baec0862f284ffaa4560ea6096ba9fe8bc6e585ca656e724",
}
"""SHA-256 of each file, as version 5.3.0 of the npm package @fontsource/ibm-plex-sans-arabic."""


PHYSICAL = re.compile(
    r"(?<![-\w])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)"
    r"|left|right|top|bottom|width|height|(min|max)-(width|height)"
    r"|text-align\s*:\s*(left|right)|border-(top|bottom)-(left|right)-radius)\s*:"
    r"|(text-align|float|clear)\s*:\s*(left|right)"
)
"""Properties that name a side, which would stand on the wrong one from right to left."""


def test_the_fonts_are_as_they_were_published() -> None:
    there = {path.name: path.read_bytes() for path in (FOLDER / "fonts").iterdir()}
    assert {name: sha256(data).hexdigest() for name, data in there.items()} == VENDORED
    assert set(FONTS) | {"LICENSE"} == set(VENDORED)


def test_the_fonts_weigh_130_kb_at_most_and_the_script_8() -> None:
    assert sum(len(content(font)) for font in FONTS) <= 130 * 1024
    assert len(content(SCRIPT)) <= 8 * 1024


def test_the_style_names_no_side() -> None:
    rules = re.sub(r"@media[^{]*|/\*.*?\*/", "", STYLE_TEXT, flags=re.S)
    found = [match[0] for match in PHYSICAL.finditer(rules)]
    assert found == []


@rows(
    "side",
    [
        "margin-left: 1px",
        "left: 0",
        "text-align: right",
        "width: 3px",
        "float: left",
        "clear: right",
        "border-top-left-radius: 1px",
    ],
)
def test_a_side_would_be_found(side: str) -> None:
    assert PHYSICAL.search(f"a {{ {side}; }}")


def test_the_style_leads_to_no_other_host_and_to_every_font() -> None:
    style = content(STYLE).decode()
    targets = re.findall(r"url\(([^)]*)\)", style)
    assert len(targets) == len(FONTS)
    for target in targets:
        assert f"/_/assets/{target}" in map(address, FONTS)
    assert "//" not in re.sub(r"/\*.*?\*/", "", style, flags=re.S)


@rows(
    ("style", "short"),
    [
        ("a {\n  margin: 0 1px; }\n\nb > c, d :is(e, f) { }", "a{margin:0 1px}b > c,d :is(e,f){}"),
        (".a:not(.b) { --x: calc(1px + 2px); }", ".a:not(.b){--x:calc(1px + 2px)}"),
        (
            "@media (max-width: 3rem) { a { color: red } }",
            "@media (max-width: 3rem){a{color:red}}",
        ),
        ('a::before { content: "▲ "; }', 'a::before{content:"▲ "}'),
    ],
)
def test_a_style_loses_the_spaces_that_only_its_readers_need(style: str, short: str) -> None:
    assert squeezed(style) == short


def test_colours_stand_among_the_tokens_alone() -> None:
    tokens, rules = re.split(r"/\* Ground \*/", STYLE_TEXT)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rules) == []
    assert tokens.count("light-dark(#") == 15


SCALE = {
    "small": ".8125rem",
    "body": ".9375rem",
    "base": "1rem",
    "large": "1.25rem",
    "title": "1.5rem",
    "figure": "1.875rem",
    "s1": ".25rem",
    "s2": ".5rem",
    "s3": ".75rem",
    "s4": "1rem",
    "s5": "1.5rem",
    "s6": "2rem",
    "s7": "3rem",
    "r1": "6px",
    "r2": "12px",
    "target": "2.75rem",
    "leading": "1.5",
}
"""Sizes of letters, spaces, radii, and the least size of what is pressed."""

FOUND_IN_SIZES = {"inherit", ".8em", ".7em", *(f"var(--{name})" for name in SCALE)}
"""Sizes of letters: those of the scale, and two parts of the size around them."""


def test_letters_spaces_and_targets_have_the_sizes_of_the_scale() -> None:
    tokens, rules = re.split(r"/\* Ground \*/", STYLE_TEXT)
    assert {name: re.findall(rf"--{name}: ([^;]+);", tokens)[0] for name in SCALE} == SCALE
    assert set(re.findall(r"font-size: ([^;}]+?) ?[;}]", rules)) <= FOUND_IN_SIZES
    assert set(re.findall(r"font-weight: (\w+)", STYLE_TEXT)) == {"400", "600"}
    assert re.search(r":lang\(ar\) \{ --leading: 1.75; --rows: 1.6; \}", tokens)


@rows("word", ["letter-spacing", "text-transform", "italic", "small-caps"])
def test_letters_are_never_spaced_capitalised_or_slanted(word: str) -> None:
    assert word not in STYLE_TEXT


@rows("name", [STYLE, SCRIPT, MARK, *FONTS])
def test_a_file_is_kept_for_ever_under_an_address_of_its_content(world: World, name: str) -> None:
    answer = world.ask("GET", address(name), None)
    assert (answer.status, answer.body) == (200, content(name))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sha256(content(name)).hexdigest()[:12] in address(name)


@pytest.mark.parametrize(
    "name", ["sijill.css", "sijill.000000000000.css", "..%2fassets.py", "LICENSE", "%2e%2e"]
)
def test_no_other_file_is_found(world: World, name: str) -> None:
    assert world.ask("GET", f"/_/assets/{name}", None).status == 404
