"""Who may import whom: the engine, nouns in one order, the wiring, the commands."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import sijill

SOURCE = Path(sijill.__file__).parent

ENGINE = {
    "values",
    "localized",
    "fields",
    "errors",
    "folders",
    "temporary",
    "http",
    "server",
    "database",
    "limits",
    "egress",
    "job",
    "settings",
    "telemetry",
    "openapi",
    "pages",
}
"""Packages and modules that know no noun."""

NOUNS = (
    {"audit"},
    {"stores"},
    {"oauth"},
    {"webhooks"},
    {"groups", "ledgers"},
    {"customers"},
    {"imports", "bulk"},
    {"privacy"},
    {"mirror"},
)
"""Nouns in their order: a noun may import those of the rows above its own."""

ABOVE = (
    {"description"},
    {"register", "checks"},
    {"scratch"},
    {"console"},
    {"routes", "runtime"},
    {"counting", "opening", "removal", "retention", "wiring"},
    {"backups"},
    {"mirroring", "replicas"},
    {"app"},
    {"demo_credentials"},
    {"demo", "doctor", "setup"},
    {"sandbox"},
    {"cli"},
    {"testing"},
    {"pytest_plugin"},
    {"__main__"},
)
"""The wiring, and what stands on it: each may import whatever stands below."""

LAYERS = (ENGINE, *NOUNS, *ABOVE)

LATE = {
    "cli": "a command starts fast: tests/cli/test_start.py holds it",
    "counting": "redis takes 8 MB, and most servers count without it",
    "database/open": "a register in a file does without asyncpg",
    "description/handlers": "a server that nobody asks for its description never writes it",
    "doctor": "redis, as in counting",
    "egress/sending": "a server that sends nothing does without its HTTP client",
    "opening": "a list of commands writes no events, no log, and erases nobody again",
    "pages/html": "a server without owners shows no page, and does without its templates",
    "pytest_plugin": "a run of tests that asks for no sandbox does not pay for one",
    "register": "a command needs one or two of its tables",
    "replicas": "asyncpg, as in database/open",
    "testing/sharing": "workers of pytest-xdist that share no sandbox start none",
}
"""The modules, or folders of them, that import our own inside functions, each with its reason."""


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


def late_imports(text: str) -> list[int]:
    """Return the lines of imports of ours that stand inside functions."""
    return sorted(
        node.lineno
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("sijill")
    )


def test_an_import_of_ours_inside_a_function_has_a_reason() -> None:
    """Speed alone is a reason: a circle would be found below, where such imports count too."""
    found = {
        path.relative_to(SOURCE).with_suffix("").as_posix(): lines
        for path in SOURCE.rglob("*.py")
        if (lines := late_imports(path.read_text("utf-8")))
    }
    reasons = {name: {name, name.partition("/")[0]} & LATE.keys() for name in found}
    assert [f"{name}: {found[name]}" for name in found if not reasons[name]] == []
    assert LATE.keys() - set().union(*reasons.values()) == set()


@cache
def named_in(path: Path) -> set[str]:
    """Return what a module defines, or offers in `__all__`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                found |= set(ast.literal_eval(value))
    return found


def test_every_name_is_imported_from_where_it_stands() -> None:
    """A module that only imports a name is not the place to import it from."""
    wrong = []
    for path in sorted((*SOURCE.rglob("*.py"), *Path(__file__).parent.rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("sijill"):
                continue
            place = SOURCE.parent.joinpath(*str(node.module).split("."))
            file = place.with_suffix(".py")
            file = file if file.exists() else place / "__init__.py"
            wrong += [
                f"{path}:{node.lineno}: {node.module} only imports {alias.name}"
                for alias in node.names
                if alias.name not in named_in(file)
                and not (place / f"{alias.name}.py").exists()
                and not (place / alias.name).is_dir()
            ]
    assert not wrong, "\n".join(wrong)


CLIENTS = {"asyncpg", "httpcore", "httpx", "http.client", "redis", "requests", "urllib.request"}
CONNECTING = {"create_connection", "open_connection", "open_unix_connection", "sock_connect"}
WAYS = {
    "egress": "the one way to servers that people name: it judges every address",
    "database/postgres": "the database of the settings",
    "limits/redis.py": "the counter of the settings",
    "cli/fetching.py": "commands ask a server of ours",
    "testing": "tests ask their own sandbox",
}
"""What may open connections, each with its reason."""


def connects(text: str) -> bool:
    """Return whether a module imports what opens connections, or opens one itself."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(module=module):
                found.add(str(module))
            case ast.Attribute(attr=name) if name in CONNECTING:
                return True
    return any(name == one or name.startswith(f"{one}.") for name in found for one in CLIENTS)


def test_requests_leave_by_one_way_alone() -> None:
    paths = {path.relative_to(SOURCE).as_posix(): path for path in SOURCE.rglob("*.py")}
    connecting = {name for name, path in paths.items() if connects(path.read_text("utf-8"))}
    assert {way for way in WAYS if not any(name.startswith(way) for name in connecting)} == set()
    assert {name for name in connecting if not name.startswith(tuple(WAYS))} == set()
    assert connects("def f():\n    from urllib.request import urlopen")


def test_every_module_can_be_imported() -> None:
    """On each Python that the tests run on: no annotation and no warning stands in the way."""
    for module in walk_packages(sijill.__path__, "sijill."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


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


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = [
        f"{path}:{node.lineno}: {node.name}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert not long


def modules() -> dict[str, set[str]]:
    """Return each module with the modules of ours that it imports, wherever in the file."""
    files = {
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in SOURCE.rglob("*.py")
        if path.name != "__main__.py"
    }
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        imported = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported |= {f"{node.module}", *(f"{node.module}.{a.name}" for a in node.names)}
        found[name] = (imported & files.keys()) - {name}
    return found


def reachable(*begin: str) -> set[str]:
    """Return the modules that some modules may ever import, themselves included."""
    known, found, left = modules(), set[str](), [*begin]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += known.get(name, ())
    return found


def of_sandbox(names: set[str]) -> list[str]:
    return sorted(name for name in names if name.startswith("sijill.sandbox."))


def test_a_server_can_import_nothing_of_the_sandbox() -> None:
    """At its start or later: so the sandbox makes no server slower."""
    assert of_sandbox(reachable("sijill.cli.serving", "sijill.app", "sijill.wiring")) == []
    assert len(of_sandbox(reachable("sijill.cli.sandboxing"))) > 40


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


def shadowed(text: str) -> list[tuple[int, str]]:
    """Return the line and name of all that annotations and calls take from their own class."""
    classes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    return sorted(
        (used.lineno, used.id)
        for node in classes
        for part in node.body
        for used in names_in(part)
        if used.id in members(node)
    )


def names_in(part: ast.stmt) -> Iterator[ast.Name]:
    """Yield the names in annotations of a field or method, and those that its default calls."""
    annotations: list[ast.AST | None] = []
    match part:
        case ast.AnnAssign(annotation=annotation, value=value):
            annotations = [annotation]
            calls = [node for node in ast.walk(value or part.target) if isinstance(node, ast.Call)]
            yield from (call.func for call in calls if isinstance(call.func, ast.Name))
        case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
            arguments = [node for node in ast.walk(part.args) if isinstance(node, ast.arg)]
            annotations = [returns, *(argument.annotation for argument in arguments)]
    for annotation in filter(None, annotations):
        yield from (node for node in ast.walk(annotation) if isinstance(node, ast.Name))


def members(node: ast.ClassDef) -> set[str]:
    """Return the names of a class's fields and methods."""
    found = set()
    for part in node.body:
        match part:
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {name.id for name in targets if isinstance(name, ast.Name)}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
    return found


def test_an_annotation_that_means_its_own_class_is_found() -> None:
    """From Python 3.14 on, it is evaluated when it is asked for, and the class's names win."""
    text = """
class Settings(Struct):
    size: Annotated[int, Setting("1", size)]
    day: date = date(1970, 1, 1)
    date: Date = TODAY
    def list(self, of: int = 1) -> list[int]: ...
    def set(self) -> "frozenset[int]": ...
"""
    assert shadowed(text) == [(3, "size"), (4, "date"), (4, "date"), (6, "list")]


def test_no_annotation_and_no_default_means_its_own_class() -> None:
    wrong = [
        f"{path}:{line}: {name} is a name of the class itself"
        for path in sorted(SOURCE.rglob("*.py"))
        for line, name in shadowed(path.read_text("utf-8"))
    ]
    assert not wrong, "\n".join(wrong)
