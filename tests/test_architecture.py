"""Who may import whom: the engine, nouns in one order, the wiring, the commands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sijill

SOURCE = Path(sijill.__file__).parent

ENGINE = {
    "values",
    "localized",
    "fields",
    "errors",
    "http",
    "server",
    "database",
    "limits",
    "egress",
    "settings",
    "telemetry",
    "openapi",
    "pages",
}
"""Packages and modules that know no noun."""

NOUNS = (
    {"stores"},
    {"oauth"},
    {"webhooks"},
    {"groups", "ledgers"},
    {"customers"},
    {"imports"},
)
"""Nouns in their order: a noun may import those of the rows above its own."""

ABOVE = (
    {"description"},
    {"register", "routes"},
    {"wiring"},
    {"app"},
    {"demo", "doctor", "setup"},
    {"cli"},
    {"__main__"},
)
"""The wiring, and what stands on it: each may import whatever stands below."""

LAYERS = (ENGINE, *NOUNS, *ABOVE)


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def part(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every import of ours, wherever in the file it stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "sijill" and name != "sijill.__version__":
                yield node.lineno, name.split(".")[1]


def allowed(here: str, other: str) -> bool:
    """Return whether a part may import another: itself, the engine, or a lower layer."""
    if here == other or layer(other) == 0:
        return True
    return layer(other) < layer(here)


def test_every_import_goes_down() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        here = part(path)
        if here == "__init__":
            continue
        wrong += [
            f"{path}:{line}: {here} must not import {other}"
            for line, other in imports(path)
            if not allowed(here, other)
        ]
    assert not wrong, "\n".join(wrong)


def test_every_part_has_a_layer() -> None:
    parts = {part(path) for path in SOURCE.rglob("*.py")} - {"__init__"}
    assert parts <= set().union(*LAYERS)


def test_every_module_and_package_opens_with_a_note() -> None:
    bare = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not bare


def modules() -> dict[str, set[str]]:
    """Return each module with the modules of ours that it imports, wherever in the file."""
    files = {
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts): path
        for path in SOURCE.rglob("*.py")
        if path.name not in ("__init__.py", "__main__.py")
    }
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        imported = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported |= {f"{node.module}", *(f"{node.module}.{a.name}" for a in node.names)}
        found[name] = (imported & files.keys()) - {name}
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    """An import inside a function counts too: it would only hide the circle."""
    left = modules()
    while True:
        wanted = set().union(*(imported for imported in left.values()))
        free = {n for n, imported in left.items() if not imported & left.keys() or n not in wanted}
        if not free:
            break
        left = {name: imported for name, imported in left.items() if name not in free}
    assert sorted(left) == []
