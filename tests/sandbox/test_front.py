"""The page at the root of a sandbox: what it tells on this machine, and to no other."""

from pathlib import Path

import pytest
from sandbox.conftest import SandboxWorld, sandbox_with

from sijill.description.front import WORDS

ENDS = WORDS["token"].en
FOLDER = WORDS["folder"].en


def front(sandbox: SandboxWorld, path: str = "/") -> str:
    answer = sandbox.send("GET", path, accept="text/html", accept_language="en")
    assert answer.status == 200
    return answer.body.decode()


def test_it_tells_the_folder_and_the_last_characters_of_the_token(tmp_path: Path) -> None:
    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        page = front(sandbox).replace("<wbr>", "")
        assert f'{FOLDER}: <bdi dir="ltr" class="code">{tmp_path}</bdi>' in page
        assert f'{ENDS}: <bdi dir="ltr" class="code">…{sandbox.token[-4:]}</bdi>' in page
        assert sandbox.token not in page


def test_rows_in_memory_have_no_folder(sandbox: SandboxWorld) -> None:
    page = front(sandbox)
    assert FOLDER not in page
    assert ENDS in page


def test_a_namespace_tells_its_own_token(sandbox: SandboxWorld) -> None:
    token = sandbox.create("t1")["token"]
    page = front(sandbox, "/_/ns/t1/_/")
    assert f"…{token[-4:]}" in page
    assert FOLDER not in page


@pytest.mark.parametrize(
    "changes", [{"host": "0.0.0.0"}, {"public_url": "https://sandbox.example.com"}]
)
def test_it_tells_neither_where_others_can_open_it(tmp_path: Path, changes: dict[str, str]) -> None:
    with sandbox_with(data_dir=str(tmp_path), **changes) as sandbox:
        page = front(sandbox)
        assert FOLDER not in page
        assert ENDS not in page
