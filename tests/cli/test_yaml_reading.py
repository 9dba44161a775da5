"""YAML as JSON in another writing: what is read, and what is refused."""

import json
import re
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.cli.yaml_reading import read_yaml
from sijill.demo import demo_store
from sijill.sandbox.seeds.document import read_seed
from sijill.values.depth import DEPTH

pytestmark = pytest.mark.proves(
    "a seed document in YAML is read as JSON in another writing, and nothing else of YAML is"
)

NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abno01~<"), inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_what_it_says(value: Any) -> None:
    """JSON is YAML, but for keys longer than 1,024 characters."""
    assert read_yaml(json.dumps(value).encode()) == value


@given(st.binary(max_size=200) | st.text("ab: -[]{}&*!|>\n#'\",%@~0?", max_size=60).map(str.encode))
def test_any_bytes_are_a_value_of_json_or_a_refusal(content: bytes) -> None:
    with suppress(ValueError):
        msgspec.json.encode(read_yaml(content))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        *((word, word) for word in ("no", "yes", "on", "Off", "y", "True", "NULL", "NO")),
        *((word, word) for word in ("1990-03-15", "12:30:45", "2026-01-01T00:00:00Z")),
        *((word, word) for word in ("0501234567", "+966", "0x1F", "0o17", "1_000", ".5", "1.")),
        *((word, word) for word in (".inf", "-.INF", ".nan", "١٢", "<<")),
        ("true", True),
        ("null", None),
        ("~", None),
        ("-7", -7),
        ("1.5e3", 1500.0),
        ("'5'", "5"),
        ('"no"', "no"),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("{a: , b: [x, 1]}", {"a": None, "b": ["x", 1]}),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("name: أحمد", {"name": "أحمد"}),
    ],
)
def test_plain_words_are_those_of_json(text: str, value: object) -> None:
    found = read_yaml(text.encode())
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x 1\nb: *x", "line 1: anchors and tags"),
        ("- *x", "line 1: "),
        ("a: 1\nb: 2\na: 3", "line 3: a key stands twice"),
        ("1: one", "line 1: a key is no text"),
        ("true: 1", "line 1: a key is no text"),
        ("? [a]\n: b", "line 1: a key is no text"),
        ("!!python/object/apply:os.system [x]", "line 1: anchors and tags"),
        ("a: !!binary aGk=", "anchors and tags"),
        ("a: !!bool maybe", "anchors and tags"),
        ("a: !own b", "anchors and tags"),
        ("a: 1\n---\nb: 2", "line 2: "),
        ("a: [", "line 1: "),
        ("\ta: 1", "line 1: "),
        ("a: 1\n b: 2", "line 2: "),
        ("a: 1e999", "beyond 64 bits"),
        (f"a: {2**64}", "beyond 64 bits"),
        (f"a: {'9' * 5000}", "beyond 64 bits"),
        ('a: "\\ud800"', "half a character"),
        ("[" * 5000, f"deeper than {DEPTH}"),
        ("- " * 5000, f"deeper than {DEPTH}"),
        ("a: \x07", "not allowed"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_yaml(text.encode())
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_document_of_a_billion_laughs_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(ValueError, match="line 1: anchors"):
        read_yaml("\n".join(lines).encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    for content in (b"\xff", b"\xff\xfe\x00", b"a: \xc3"):
        with pytest.raises(ValueError, match="unacceptable character"):
            read_yaml(content)


def test_no_command_loads_it_before_a_file_of_yaml_is_read() -> None:
    code = (
        "from sijill.cli.tree import commands\nfor one in commands().values(): one.load()\n"
        "import sys; sys.exit('yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_document_of_the_reference_is_a_seed() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/seed.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    document = read_yaml(block.encode())
    at = datetime(2026, 1, 1, tzinfo=UTC)
    seed = read_seed(document, demo_store("documented"), today=at, local=True)
    (sara,) = (new.customer for new in seed.customers)
    assert (seed.store.name, sara.mobile, str(sara.birthday)) == ("Palm", 501234567, "1990-03-15")
