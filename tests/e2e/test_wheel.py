"""The wheel holds everything, and works where there is no checkout."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.outside import ROOT, Outside
from sijill import __version__
from sijill.customers.examples import AHMED
from sijill.testing.client import Client

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("the wheel holds every file, and runs outside of the checkout"),
]

SOURCE = ROOT / "src"
WHEEL = f"sijill-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="session")
def sandbox(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("sandbox")
    outside.run("sijill sandbox start --port 0", folder)
    try:
        told = dict(re.findall(r"export (\w+)=(\S+)", outside.run("sijill sandbox env", folder)))
        yield Client(told["SIJILL_URL"], told["SIJILL_TOKEN"])
    finally:
        outside.run("sijill sandbox stop", folder)


def test_it_holds_every_file_and_no_other(installed: Path) -> None:
    wanted = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {Path(name).suffix for name in wanted} >= {".py", ".sql", ".html", ".css", ".json"}
    with zipfile.ZipFile(installed.parent / WHEEL) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert found == wanted
    assert "sijill/py.typed" in found


def test_it_is_installed_where_there_is_no_checkout(outside: Outside) -> None:
    where = outside.run("python -c 'import sijill; print(sijill.__file__)'")
    assert Path(where.strip()).is_relative_to(outside.folder)
    assert outside.run("sijill --version") == f"sijill {__version__}\n"


@pytest.mark.parametrize(
    ("path", "accepted", "kind"),
    [
        (f"/admin/v2/customers/{AHMED.id}", "*/*", "application/json"),
        ("/", "text/html", "text/html"),
        ("/_/docs", "*/*", "text/html"),
        ("/oauth2/auth?client_id=demo&response_type=code", "*/*", "text/html"),
    ],
)
def test_its_sandbox_answers(sandbox: Client, path: str, accepted: str, kind: str) -> None:
    answer = sandbox.get(path, headers={"Accept": accepted})
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.status_code < 500


def test_pytest_finds_its_plugin(outside: Outside, tmp_path: Path) -> None:
    text = f"def test_it(salla): assert salla.client.get('/customers/{AHMED.id}').json()['success']"
    (tmp_path / "test_it.py").write_text(text)
    output = outside.run("pytest -W error", tmp_path)
    assert f"sijill-{__version__}" in output
    assert "1 passed" in output


def test_documents_name_the_wheel_as_it_is() -> None:
    pages = [ROOT / "README.md", ROOT / "README.ar.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        name for page in pages for name in re.findall(r"sijill-[\w.-]+\.whl", page.read_text())
    }
    assert named == {WHEEL}
