"""People at the console, one of each role; a demo, Chromium and axe-core for tests of pages."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.chromium import Chromium, found
from fixtures.require import missing
from fixtures.shared import folder_of_the_run, made_once
from fixtures.world import World

from console.desks import Seat, seat
from console.driving import Demo, demo


@pytest.fixture
def owner(world: World) -> Seat:
    return seat(world, "owner")


@pytest.fixture
def support(world: World) -> Seat:
    return seat(world, "support")


@pytest.fixture
def viewer(world: World) -> Seat:
    return seat(world, "viewer")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    command = found() or missing("chromium", "it is not on the path")
    browser = Chromium(command, tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo with as many customers as fill several pages of a list."""
    if found() is None:
        missing("chromium", "it is not on the path")
    with demo(tmp_path_factory.mktemp("demo"), "--demo-customers", "120") as one:
        yield one


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, as npm has it."""
    if shutil.which("npm") is None:
        missing("npm", "it is not on the path")
    folder = folder_of_the_run(tmp_path_factory) / "axe"
    made_once(folder, _install)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def _install(folder: Path) -> str:
    shutil.copy(Path(__file__).parent / "axe" / "package.json", folder)
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    quiet += ["--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    command = ["npm", "install", *quiet]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        missing("npm", f"axe-core could not be installed: {fault}")
    return "axe-core"
