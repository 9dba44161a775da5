"""Who may import whom: the rows below, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sijill

SOURCE = Path(sijill.__file__).parent

MAY_IMPORT = {
    "domain": set(),
    "limits": set(),
    "logs": set(),
    "tls": set(),
    "config": {"limits"},
    "wire": {"domain"},
    "auth": {"domain"},
    "transfer": {"domain"},
    "storage": {"domain", "auth"},
    "console": {"domain", "auth", "wire"},
    "api": {"domain", "wire", "auth", "limits", "console", "egress"},
    "egress": set(),
    "webhooks": {"domain", "wire", "egress", "logs"},
    "jobs": {"domain", "logs", "transfer"},
    "app": {
        "api",
        "auth",
        "config",
        "domain",
        "egress",
        "jobs",
        "limits",
        "logs",
        "storage",
        "transfer",
        "webhooks",
        "wire",
    },
    "demo": {"app", "auth", "config", "domain", "transfer"},
    "doctor": {"app", "auth", "config", "domain", "limits"},
    "serve": {"api", "app", "config", "tls"},
    "setup": {"app", "auth", "config"},
    "workers": {"api", "app", "config", "logs", "serve"},
    "cli": {
        "app",
        "auth",
        "config",
        "demo",
        "doctor",
        "domain",
        "egress",
        "logs",
        "serve",
        "setup",
        "tls",
        "transfer",
        "webhooks",
        "wire",
        "workers",
    },
    "__main__": {"cli"},
    "__init__": set(),
}
"""Package or module to those of ours it may import; `app` alone names `storage`."""


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


def test_every_import_follows_the_table() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        here = part(path)
        allowed = MAY_IMPORT[here] | {here}
        wrong += [
            f"{path}:{line}: {here} must not import {other}"
            for line, other in imports(path)
            if other not in allowed
        ]
    assert not wrong, "\n".join(wrong)


def test_the_table_has_a_row_for_every_package_and_no_other() -> None:
    assert {part(path) for path in SOURCE.rglob("*.py")} == set(MAY_IMPORT)


def test_every_module_and_package_opens_with_a_note() -> None:
    bare = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not bare
