"""Secrets are compared in a time that tells nothing of them: by `compare_digest`, never by `==`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.documents import ROOT
from fixtures.tables import rows

pytestmark = pytest.mark.proves(
    "no secret, token, password, signature or digest is compared by `==`, whose time tells how "
    "much of a guess is right"
)

SOURCES = sorted((ROOT / "src" / "sijill").rglob("*.py"))

WORDS = {
    *("digest", "hash", "hmac", "mac", "signature", "password", "secret", "token", "tokens"),
    *("credential", "cookie", "verifier", "challenge", "bearer", "nonce", "csrf"),
}
"""A name with one of these words holds a secret, or what a secret is recognised by."""

ORDINARY = {
    "src/sijill/audit/chain.py": "SHA-256 of blocks without a key: everybody can compute it",
    "src/sijill/backups/verifying.py": "SHA-256 of a file, which stands in its manifest",
    "src/sijill/demo.py": "two tokens of the demo itself, of which nobody guesses one",
}
"""Files with comparisons of such names that are no secret, and why."""


def comparisons(source: str) -> Iterator[str]:
    """Yield the comparisons by `==` or `in` of names with such a word, but for those to a text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            plain = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
            if (
                any(isinstance(one, plain) for one in node.ops)
                and any(words_of(side) & WORDS for side in sides)
                and not any(is_public(side) for side in sides)
            ):
                yield ast.unparse(node)


def words_of(node: ast.expr) -> set[str]:
    """Return the words of the last name of a value: `app.client_secret` has client and secret."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return set(name.lower().strip("_").split("_"))
        case ast.Call(func=called):
            inner = called.value if isinstance(called, ast.Attribute) else None
            return words_of(called) | (words_of(inner) if inner is not None else set())
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return set(name.lower().split("_"))
    return set()


def is_public(node: ast.expr) -> bool:
    """Return whether a value stands in the source, or is a length: it tells nothing to hide."""
    match node:
        case ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.List(elts=parts):
            return all(map(is_public, parts))
        case ast.Call(func=ast.Name(id="len")) | ast.Constant():
            return True
        case ast.Name(id=name):
            return name.isupper()
    return False


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_secret_is_compared_by_equality(path: Path) -> None:
    found = [*comparisons(path.read_text("utf-8"))]
    assert (found != []) is (path.relative_to(ROOT).as_posix() in ORDINARY), found


@rows(
    ("source", "found"),
    [
        ("if token == sent: ...", True),
        ("ok = digest(sent) != app.client_secret", True),
        ("ok = row['password'] == given", True),
        ("ok = given.encode() == self._admin_token.encode()", True),
        ("ok = given in tokens", True),
        ("ok = compare_digest(token, sent)", False),
        ("ok = token is None", False),
        ("ok = token == ''", False),
        ("ok = kind in ('token', 'secret')", False),
        ("ok = len(secret) != 43", False),
        ("ok = sent == MASK", False),
        ("ok = name == other", False),
    ],
)
def test_a_comparison_by_equality_is_found(source: str, found: bool) -> None:
    assert bool([*comparisons(source)]) is found
