"""Import Customers on the real process: killed in the middle, it ends as if it had not been."""

import asyncio
import json
import signal

import httpx
import pytest
from fixtures.uploads import csv, workbook

from e2e.conftest import PATIENCE, Process, Shell, shop, until
from e2e.webhooks import register_in
from sijill.imports.model import Import

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("an import that is killed in the middle ends as if it had not been"),
]

ROWS = 3_000


def rows() -> list[str]:
    return [
        f"{number + 1},n{number},c{number % (ROWS - 100)}@example.com,{_gender(number)}"
        for number in range(ROWS)
    ]


def _gender(number: int) -> str:
    return "robot" if number % 500 == 7 else "ذكر"


FILE = csv("id,الاسم الأول,البريد الإلكتروني,الجنس", *rows())
REJECTED = 99 + ROWS // 500
"""Rows with the e-mail of an earlier row, and robots; the first robot leaves its e-mail free."""


def start(shell: Shell, where: str) -> tuple[Process, str]:
    server = shell.start(f"serve --port 0 --customers-limit off --access-log off {where}")
    return server, server.line(r"http://\S+")[0]


def send(base: str, token: str, data: bytes, name: str = "customers.csv") -> httpx.Response:
    return httpx.post(
        f"{base}/admin/v2/customers/import",
        files={"file": (name, data)},
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE,
        verify=False,
    )


def progress(shell: Shell) -> Import:
    """Return how far the import is, read beside the server."""

    async def newest() -> Import:
        async with register_in(shell.folder / "data") as register:
            [store] = await register.stores.all()
            [job] = await register.imports.all(store.id)
            return job

    return asyncio.run(newest())


def total(base: str, token: str) -> int:
    answer = httpx.get(
        f"{base}/customers?per_page=1",
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE,
        verify=False,
    )
    return int(answer.json()["pagination"]["total"])


def more_than(least: int, base: str, token: str) -> None:
    until(lambda: total(base, token) >= least, f"{least} customers")


def test_a_kill_in_the_middle_leaves_a_prefix_and_the_next_start_ends_it(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token = shell.copy_of(shop)
    server, base = start(shell, where)
    answer = send(base, token, FILE)
    assert (answer.status_code, answer.json()["data"]["code"]) == (200, 200)
    for least in (100, 800):
        more_than(least, base, token)
        server.end(signal.SIGKILL)
        killed = progress(shell)
        made = shell.run(f"export - --format jsonl --store shop {where}").count("\n")
        assert (killed.state, killed.created) == ("running", made)
        assert killed.done % 50 == 0
        assert killed.done < ROWS
        server, base = start(shell, where)
    until(lambda: total(base, token) == ROWS - REJECTED, "every customer")
    until(lambda: progress(shell).state == "done", "the end")
    done = progress(shell)
    assert (done.done, done.created, done.updated) == (ROWS, ROWS - REJECTED, 0)
    assert done.rejected == REJECTED
    assert server.end() == 0
    assert {line["event"] for line in server.log()} == {"audit_head"}


def test_a_large_workbook_goes_in_and_a_larger_body_does_not(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token = shell.copy_of(shop)
    server, base = start(shell, f"{where} --max-upload 300000")
    sheet = workbook(
        ("رقم الجوال", "المدينة"),
        *((f"055{number:07}", f"مدينة {number}") for number in range(4000)),
    )
    assert 65_536 < len(sheet) < 299_000
    assert send(base, token, sheet, "customers.xlsx").status_code == 200
    assert send(base, token, bytes(300_000)).status_code == 413
    large = httpx.post(f"{base}/customers", content=bytes(70_000), timeout=PATIENCE, verify=False)
    assert large.status_code == 413
    server.end()
    (row,) = json.loads(shell.run(f"imports list --json {where}"))
    assert row["rows"] == 4000
