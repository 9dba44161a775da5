"""The documents say what is there: names, links, commands and pins, read from the code itself."""

import importlib.util
import io
import re
import shlex
import tomllib
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fixtures.documents import (
    DOCS,
    FENCE,
    LOADED,
    PAGES,
    ROOT,
    SPAN,
    TEXTS,
    blocks,
    calls,
    files,
    parse,
)
from fixtures.routes import ROUTES
from fixtures.tables import rows
from test_architecture import LAYERS

from sijill.settings import SETTINGS
from sijill.telemetry.metrics import Metrics

pytestmark = pytest.mark.proves(
    "these pages name every setting, command, route and metric there is, and every "
    "`sijill` line in them can be run"
)

_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def without_code(text: str) -> str:
    return SPAN.sub("", FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as hosts of repositories make them."""
    titles = (title.lower() for title in _HEADING.findall(FENCE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", title).strip().replace(" ", "-") for title in titles}


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


# Generated pages


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "reference" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_as_the_code_would_write_them_now(generate: ModuleType) -> None:
    assert generate.stale() == [], "run python docs/reference/generate.py"


def test_a_page_that_is_stale_is_told_and_not_written(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "settings.md"
    old.write_text("old")
    monkeypatch.setattr(generate, "PAGES", {old: generate.settings_page})
    monkeypatch.setattr("sys.argv", ["generate.py", "--check"])
    with pytest.raises(SystemExit, match=r"stale: settings\.md"):
        generate.main()
    assert old.read_text() == "old"
    monkeypatch.setattr("sys.argv", ["generate.py"])
    generate.main()
    assert generate.stale() == []


def test_every_setting_has_its_row() -> None:
    text = page("reference/settings.md")
    assert [name for name in SETTINGS if f"\n| `{name}` | " not in text] == []


def test_every_command_and_option_has_its_place() -> None:
    sections = dict(re.findall(r"^## (sijill .+)\n([^#]*)", page("reference/commands.md"), re.M))
    missing = []
    for name, command in LOADED.items():
        for option in (spelling for p in command.params for spelling in p.opts):
            spelled = option if option.startswith("-") else option.upper()
            if f"`{spelled}`" not in sections.get(name, ""):
                missing.append(f"{name} {spelled}")
        if name not in sections:
            missing.append(name)
    assert missing == []


# Commands


def test_a_user_a_file_and_a_container_of_its_name_are_no_calls() -> None:
    text = """```sh
install -d -o sijill -g sijill folder
ln -s bin/sijill /usr/bin/sijill
docker run --name sijill image
docker exec sijill sijill store list
runuser -u sijill -- sijill doctor
```
"""
    assert list(calls(text)) == [["store", "list"], ["doctor"]]


def test_a_line_that_could_not_be_run_is_found() -> None:
    text = "```sh\nsijill serve --no-such\nx | sijill nothing\nsijill export - > file\n```\n"
    serve, nothing, export = calls(text)
    assert export == ["export", "-"]
    parse(export)
    with pytest.raises(Exception, match="--no-such"):
        parse(serve)
    with pytest.raises(AssertionError, match="no command nothing"):
        parse(nothing)


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if any(calls(text))])
def test_every_line_of_a_document_that_calls_sijill_can_be_run(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in calls(TEXTS[name]):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"what the pipe brings")))
        parse(words)


@rows("name", TEXTS)
def test_every_command_a_sentence_names_exists(name: str) -> None:
    known = {name: {o for p in c.params for o in p.opts} for name, c in LOADED.items()}
    for span in SPAN.findall(FENCE.sub("", TEXTS[name])):
        if span.startswith("sijill "):
            words = [word for word in span.split() if not word.startswith("-")]
            options = {word for word in span.split() if word.startswith("-")}
            offered = [known[c] for c in known if f"{c} ".startswith(f"{' '.join(words)} ")]
            assert any(options <= have for have in offered), span


def test_options_given_to_make_demo_are_options_of_the_sandbox() -> None:
    given = [text for page in TEXTS.values() for text in re.findall(r"DEMO='([^'\n]*)'", page)]
    assert given
    for text in given:
        parse(["sandbox", *shlex.split(text)])


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (name, target)
        for name, text in TEXTS.items()
        for code in [*SPAN.findall(FENCE.sub("", text)), *blocks(text, "sh")]
        for target in re.findall(r"^make ([a-z]+)", code, re.MULTILINE)
    }
    assert {"demo", "test", "bench"} <= {target for _, target in named}
    assert [(name, target) for name, target in named if target not in targets] == []


# The things that exist


def test_every_route_is_in_the_reference() -> None:
    text = page("reference/api.md")
    assert [r for r in ROUTES if f"`{r.method} {r.path}`" not in text] == []


def test_every_operation_and_field_has_the_test_that_proves_it() -> None:
    table = section(page("limits.md"), "Operation by operation")
    proven = set(chain(*(SPAN.findall(row) for row in re.findall(r"^\| (.*?) \|", table, re.M))))
    operations = {f"{route.method} {route.path}" for route in ROUTES if route.scopes is not None}
    fields = {name for r in ROUTES if r.body for name in r.body.schema["properties"]}
    assert sorted((operations | fields) - proven) == []


def test_every_marker_of_a_proof_has_its_row(generate: ModuleType) -> None:
    marker = "pytest.mark." + "proves("
    marked = sum(path.read_text("utf-8").count(marker) for path in (ROOT / "tests").rglob("*.py"))
    assert marked == len(generate.proofs()) > 0


def test_a_link_to_a_proof_is_labelled_with_its_path() -> None:
    labels = re.findall(r"\[([^\]]+)\]\(\.\./tests/(\S+)\)", page("limits.md"))
    assert labels
    assert [(label, path) for label, path in labels if label != path] == []


def test_every_metric_is_described_and_no_other() -> None:
    text = page("howto/watch-it.md")
    metrics = Metrics()
    assert metrics.mirror  # they are there once a store is linked
    assert metrics.replica  # and these where a setting names one
    exposed = metrics.exposition()[0].decode()
    names = set(re.findall(r"^# TYPE (\w+)", exposed, re.MULTILINE))
    assert set(re.findall(r"^\| `(\w+)` \|", section(text, "Metrics"), re.MULTILINE)) == names


def test_the_layers_are_those_that_are_enforced() -> None:
    rows = re.findall(
        r"^\|[^|]*\| ([^|]*`[^|]*) \|$",
        section(page("explanation/structure.md"), "Who may import whom"),
        re.MULTILINE,
    )
    named = [set(SPAN.findall(row)) for row in rows]
    assert named == [layer for layer in LAYERS if layer != {"__main__"}]


def section(text: str, title: str) -> str:
    return re.split(rf"^## {title}$", text, flags=re.MULTILINE)[1].split("\n## ")[0]


# Links


@rows("name", TEXTS)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    broken = []
    for link in _LINK.findall(without_code(TEXTS[name])):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert broken == []


def test_every_document_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        at = waiting.pop()
        if at not in reached and at in PAGES:
            reached.add(at)
            links = _LINK.findall(without_code(at.read_text("utf-8")))
            waiting += [(at.parent / link.partition("#")[0]).resolve() for link in links]
    ours = {path for path in PAGES if path.parent == ROOT or DOCS in path.parents}
    assert ours - reached == set()


# Paths


_PATH = re.compile(r"[\w*][\w.*-]*(/[\w.*-]+)*/?")
_KINDS = (".py", ".sql", ".lua", ".toml", ".md", ".txt")


def paths(text: str) -> list[str]:
    """Return what a page names as files or folders, from the top or from the package."""
    words = chain(*(re.split(r"[\s=]", span) for span in SPAN.findall(FENCE.sub("", text))))
    return [w for w in words if _PATH.fullmatch(w) and ("/" in w or w.endswith(_KINDS))]


def is_ours(path: str) -> bool:
    """Return whether there is such a file or folder; a name without folder may be anywhere."""
    package = ROOT / "src" / "sijill"
    pattern = path.rstrip("/")
    found = chain(ROOT.glob(pattern), package.glob(pattern))
    return any(found) or ("/" not in path and any(package.rglob(pattern)))


def test_a_path_that_is_not_there_is_found() -> None:
    named = paths("`src/sijill/api/described.py`, `GET /customers`, `*_routes.py` and `x/`")
    assert named == ["src/sijill/api/described.py", "*_routes.py", "x/"]
    assert [path for path in named if is_ours(path)] == ["*_routes.py"]


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/explanation/structure.md"])
def test_every_path_of_ours_that_is_named_exists(name: str) -> None:
    named = paths(TEXTS[name])
    assert named
    assert [path for path in named if not is_ours(path)] == []


# Dependencies


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_dependency_has_its_reason_and_no_other() -> None:
    table = pyproject()
    wanted = [*table["project"]["dependencies"], *chain(*table["dependency-groups"].values())]
    names = {re.split(r"[<>=~! \[]", dependency)[0] for dependency in wanted}
    decision = page("decisions/0002-dependencies.md")
    assert set(re.findall(r"^\| `([\w-]+)` \| \w", decision, re.MULTILINE)) == names


@pytest.mark.parametrize(
    "path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name
)
def test_every_pin_has_its_hashes_and_no_index(path: Path) -> None:
    text = path.read_text().replace("\\\n", " ")
    pins = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert pins
    assert [
        pin for pin in pins if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", pin)
    ] == []
    assert "://" not in text
    assert "index" not in re.sub(r"^\S+==.*$", "", text, flags=re.MULTILINE)


# Words

ODD = re.compile(
    r"\b(mend(s|ed|ing)?|anew|shall|who(m)?ever|com(e|es|ing) of|came of|is none of)\b"
    r"|\b(?-i:that is none)\b"
    "|ليس بعد|مختلَق|وهي الأصل|أُخذ الملف|ما ليس هو",
    re.IGNORECASE,
)
"""Words that readers stumble over: fix, again, must, a person who, follow from, is not one."""


def test_no_sentence_has_an_odd_word() -> None:
    ours = [path for path in files("*") if path.suffix in (".md", ".py", ".sql", ".html")]
    read = [path for path in ours if path.relative_to(ROOT).parts[0] != "tests"]
    assert len(read) > 300
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in read
        for match in ODD.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_an_odd_word_is_found() -> None:
    text = "Mend it anew. It shall come of the change. Whoever reads it finds a date that is none."
    assert [match[0] for match in ODD.finditer(text)] == [
        *("Mend", "anew", "shall", "come of", "Whoever", "that is none")
    ]
    assert ODD.search("a recommendation of Shallow waters, however amended") is None


# Names that no file may hold

# Each is written so that this file does not hold it.
FORBIDDEN = re.compile(r"/[w]ork/|/[r]oot/|[p]ythonhosted|[p]ypi\.(org|python)|/[U]sers/")


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in files("*"):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FORBIDDEN.finditer(text)]
    assert found == []


def test_the_page_for_contributors_names_what_stands_in_the_files_it_names() -> None:
    """`NAME` of `a/file.py` is a promise: somebody goes there to change it."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`(\w+)` (?:of|in) `((?:src|tests)/[\w/.-]+\.py)`", text)
    assert len(named) > 10
    gone = [
        (name, file)
        for name, file in named
        if not re.search(
            rf"^ *(?:async )?(?:def |class )?{name}\b", (ROOT / file).read_text(), re.M
        )
    ]
    assert gone == []
