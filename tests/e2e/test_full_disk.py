"""A disk that is really full: a small file system in memory, of the server's process alone."""

import os
import shlex
import subprocess
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from fixtures.require import missing

from e2e.conftest import PATIENCE, Process, Shell

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "a disk that is really full refuses writes with a 503, and says what to do; reads go on, "
        "nothing acknowledged is lost, and writes work again once there is space"
    ),
]

APART = ("unshare", "--map-root-user", "--mount")
MOST = 200
"""Writes that fit what SQLite had of the disk before it was full, and more."""


def serve(shell: Shell, data: Path) -> Process:
    """Start a server whose data folder is a disk of 6 MB."""
    if subprocess.run([*APART, "true"], capture_output=True).returncode:
        missing("mount", "no file system can be mounted apart from others")
    where = f"--data-dir {data}"
    made = ("store create shop", "app create writer")
    made += ("token create --store shop --app writer --scope customers.read_write",)
    commands = [shlex.join(shell.command(f"{words} {where}")) for words in made]
    served = f"serve --port 0 --access-log off --customers-limit off {where}"
    mount = shlex.join(["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(data)])
    script = [mount, *commands, f"exec {shlex.join(shell.command(served))}"]
    return shell.begin([*APART, "sh", "-ec", "\n".join(script)])


def fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(4096))
    assert os.statvfs(file).f_bavail == 0


def test_a_full_disk_refuses_writes_until_there_is_space(shell: Shell) -> None:
    data = shell.folder / "data"
    data.mkdir()
    process = serve(shell, data)
    base = process.line(r"http://\S+?:\d+")[0]
    token = process.line(r"sjl_at_\S+")[0]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=base, headers=headers, timeout=PATIENCE) as client:
        kept = set()

        def write(name: str) -> int:
            email = f"{name}@example.com"
            answer = client.post("/admin/v2/customers", json={"email": email})
            if answer.status_code == 200:
                kept.add(email)
            return answer.status_code

        def found() -> set[str]:
            pages = range(1, 2 + MOST // 60)
            answers = [client.get(f"/admin/v2/customers?per_page=60&page={n}") for n in pages]
            return {customer["email"] for page in answers for customer in page.json()["data"]}

        assert write("before") == 200
        filler = Path(f"/proc/{process.popen.pid}/root{data}/filler")
        fill(filler)
        assert 503 in (write(f"full-{n}") for n in range(MOST))
        assert client.get("/readyz").status_code == 503
        assert found() == kept
        assert "the disk is full: free space on it" in process.err.read_text()
        filler.unlink()
        assert write("after") == 200
        assert client.get("/readyz").status_code == 200
        assert found() == kept
    assert process.end() == 0
