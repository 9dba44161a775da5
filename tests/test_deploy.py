"""The files that run Sijill as a container: what they copy, call and set is there."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixtures.documents import ROOT, parse

from sijill.settings import SETTINGS

DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
VARIABLES = {f"SIJILL_{name.upper()}" for name in SETTINGS}


def lines(instruction: str) -> list[str]:
    """Return what stands behind an instruction, in order."""
    return re.findall(rf"^{instruction} (.+)$", CONTAINERFILE, re.MULTILINE)


def services(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["services"]
    return found


def ours(path: Path) -> dict[str, Any]:
    """Return the one service of a file that is built here."""
    (service,) = (one for one in services(path).values() if "build" in one)
    return service


def test_what_is_copied_is_there_and_let_in() -> None:
    copied = [line.split()[:-1] for line in lines("COPY") if not line.startswith("--from=")]
    sources = {source for group in copied for source in group}
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert let_in[0] == "*"
    assert sources == {line[1:] for line in let_in if line.startswith("!")}
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_it_serves_as_a_user_and_is_asked_for_its_health() -> None:
    (entry,), (command,), (health,) = (lines(name) for name in ("ENTRYPOINT", "CMD", "HEALTHCHECK"))
    assert json.loads(entry) == ["sijill"]
    parse(json.loads(command))
    program, *words = json.loads(health.partition("CMD ")[2])
    assert program == "sijill"
    parse(words)
    assert lines("USER") == ["10001"]
    assert "--uid 10001" in CONTAINERFILE
    assert lines("VOLUME") == ["/data"]


def test_what_it_sets_are_settings() -> None:
    words = shlex.split(" ".join(lines("ENV")))
    names = {word.partition("=")[0] for word in words}
    assert names - VARIABLES == {"PATH"}
    assert "SIJILL_HOST=0.0.0.0" in words


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_builds_it_and_sets_settings(path: Path) -> None:
    service = ours(path)
    build = service["build"]
    assert (path.parent / build["context"] / build["dockerfile"]).samefile(DEPLOY / "Containerfile")
    parse(service.get("command", ["serve"]))
    assert set(service["environment"]) - VARIABLES == set()
    (published,) = service["ports"]
    assert published == f"127.0.0.1:8466:{lines('EXPOSE')[0]}"


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_waits_for_what_is_healthy_and_declares_its_volumes(path: Path) -> None:
    everyone = services(path)
    for service in everyone.values():
        awaited = service.get("depends_on", {})
        assert [name for name in awaited if "healthcheck" not in everyone[name]] == []
    mounted = {v.partition(":")[0] for one in everyone.values() for v in one.get("volumes", [])}
    assert mounted == set(yaml.safe_load(path.read_text()).get("volumes", {}))


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_the_page_says_what_a_compose_file_asks_for(path: Path) -> None:
    page = (ROOT / "docs" / "howto" / "install.md").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+):\?", path.read_text()))
    assert asked
    assert [name for name in asked if f"export {name}=" not in page] == []
    assert path.relative_to(ROOT).as_posix() in page
