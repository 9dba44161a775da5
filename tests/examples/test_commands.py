"""The commands of the CRM, with nothing but what their environment says."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fixtures.require import program

from examples.conftest import CRM, PATIENCE, Language
from sijill.pytest_plugin import Salla

SECRET = "a-secret-of-16-or-more"


class Commands:
    """The commands in one language, on one store, with files in one folder."""

    def __init__(self, language: Language, salla: Salla, folder: Path) -> None:
        python = [sys.executable, "-m", "crm"]
        self._command = python if language == "python" else [program("node"), "main.js"]
        self._port = ["--port", "0"] if language == "python" else ["0"]
        self._folder = CRM / language
        self._environ = os.environ | {
            "SALLA_URL": salla.url,
            "SALLA_TOKEN": salla.token,
            "SALLA_REFRESH_TOKEN": salla.refresh_token,
            "SALLA_OAUTH_BASE_URL": salla.url.removesuffix("/admin/v2"),
            "SALLA_OAUTH_CLIENT_ID": salla.client_id,
            "SALLA_OAUTH_CLIENT_SECRET": salla.client_secret,
            "SALLA_WEBHOOK_SECRET": SECRET,
            "CRM_DATABASE": str(folder / "crm.sqlite"),
            "CRM_FILE": str(folder / "crm.jsonl"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, *words: str) -> str:
        """Run a command to its end, and return its output."""
        return subprocess.run(
            [*self._command, *words],
            cwd=self._folder,
            env=self._environ,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=PATIENCE,
        ).stdout.strip()

    def refusal(self, *words: str, without: str = "") -> str:
        """Return the line that a command ends with, which has one variable less."""
        environ = {name: value for name, value in self._environ.items() if name != without}
        done = subprocess.run(
            [*self._command, *words],
            cwd=self._folder,
            env=environ,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 1, done.stderr
        return done.stderr

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Receive webhooks at a URL until the end of the block."""
        command = [*self._command, "serve", *self._port]
        with subprocess.Popen(
            command, cwd=self._folder, env=self._environ, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                yield f"http://127.0.0.1:{process.stdout.readline().split()[-1]}/"
            finally:
                process.terminate()


@pytest.mark.parametrize("language", ["python", "node"])
def test_the_commands_import_add_and_receive(
    language: Language, salla: Salla, tmp_path: Path
) -> None:
    crm = Commands(language, salla, tmp_path)
    assert crm.run("import") == "1 customers"
    assert crm.run("add", "Sara", "Ali", "sara@example.com").startswith("customer ")
    with crm.serving() as url:
        salla.webhooks.subscribe("customer.created", url, SECRET)
        salla.client.post("/customers", json={"first_name": "Omar", "email": "omar@example.com"})
        salla.webhooks.assert_delivered("customer.created")
        salla.client.delete("/customers/2075683582")
        salla.expire_token()
        assert crm.run("import") == "3 customers"


@pytest.mark.parametrize("language", ["python", "node"])
def test_a_failure_is_told_in_one_line(language: Language, salla: Salla, tmp_path: Path) -> None:
    crm = Commands(language, salla, tmp_path)
    for word, name in (("import", "SALLA_TOKEN"), ("serve", "SALLA_WEBHOOK_SECRET")):
        assert crm.refusal(word, without=name) == f"{name} is missing\n"
    crm.run("add", "Sara", "Ali", "sara@example.com")
    refused = crm.refusal("add", "Sara", "Ali", "sara@example.com")
    assert refused.startswith("status 422: ")
    assert refused.count("\n") == 1
