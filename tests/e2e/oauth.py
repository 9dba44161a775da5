"""A store, its owner and two apps, made by commands; their server; and a person who agrees."""

import json
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx
from fixtures.browsing import Browser
from fixtures.shared import made_once
from fixtures.world import Answer

from e2e.conftest import PATIENCE, Process, Shell

EMAIL, PASSWORD = "noura@owners.example", "correct horse battery"
CALLBACK = "http://127.0.0.1:8765/callback"
"""Registered without a port, as native apps do: nobody listens there."""

CUSTOMER = {"id": 77, "first_name": "Sara", "email": "sara@example.com"}


class Made(NamedTuple):
    """The result of the commands: a data folder, and the secret of the confidential app."""

    folder: Path
    store_id: int
    secret: str


def prepared(site: Path) -> Made:
    """Make it all as a user would, once; every server gets a copy."""
    folder = site.parent / "perfumes"
    store_id, secret = json.loads(made_once(folder, lambda at: _prepare(Shell(site, at))))
    return Made(folder / "data", store_id, secret)


def _prepare(shell: Shell) -> str:
    where = f"--data-dir {shell.folder}/data"
    (store,) = json.loads(shell.run(f"store create Perfumes --json {where}"))
    owner = f"--store Perfumes --email {EMAIL} --name Noura --mobile +966501234567"
    shell.run(f"owner create {owner} --password-file - {where}", stdin=PASSWORD.encode())
    app = "--redirect-uri http://127.0.0.1/callback --scope customers.read_write"
    app += " --scope settings.read --json"
    (crm,) = json.loads(shell.run(f"app create CRM --client-id crm {app} {where}"))
    shell.run(f"app create Mobile --client-id mobile --public {app} {where}")
    row = json.dumps(CUSTOMER).encode() + b"\n"
    shell.run(f"import - --store Perfumes --format jsonl {where}", stdin=row)
    return json.dumps([store["id"], crm["client_secret"]])


class Served(NamedTuple):
    """A server of what was made, on a copy of its folder."""

    process: Process
    base: str
    data: Path
    made: Made

    @property
    def token_url(self) -> str:
        return f"{self.base}/oauth2/token"

    @property
    def authorize_url(self) -> str:
        return f"{self.base}/oauth2/auth"

    @property
    def ca(self) -> Path:
        """The authority to trust, where the server speaks HTTPS."""
        return self.data / "tls" / "ca.pem"

    def client(self) -> httpx.Client:
        """Return an HTTP client that trusts this server alone."""
        secure = self.base.startswith("https:")
        trusted = ssl.create_default_context(cafile=self.ca) if secure else False
        return httpx.Client(base_url=self.base, timeout=PATIENCE, verify=trusted)

    def reads(self, access: str) -> int:
        """Return the status of a list of customers."""
        with self.client() as http:
            headers = {"Authorization": f"Bearer {access}"}
            return http.get("/admin/v2/customers", headers=headers).status_code


def copied(shell: Shell, made: Made) -> Path:
    return shutil.copytree(made.folder, shell.folder / "data")


def serve(shell: Shell, made: Made, data: Path, flags: str = "", **environ: str) -> Served:
    """Start a server on a data folder and wait until it answers."""
    limits = {"SIJILL_LOGIN_LIMIT": "off", "SIJILL_FAILED_TOKENS_LIMIT": "off"}
    process = shell.start(f"serve --port 0 --data-dir {data} {flags}", **limits, **environ)
    return Served(process, process.line(r"https?://\S+")[0], data, made)


@contextmanager
def running(site: Path, folder: Path, flags: str = "") -> Iterator[Served]:
    """A server in a folder of its own, for several tests; it is gone afterwards."""
    shell = Shell(site, folder)
    try:
        yield serve(shell, prepared(site), copied(shell, prepared(site)), flags)
    finally:
        for process in shell.started:
            process.destroy()


class Wire:
    """A real server where a `Browser` expects a world."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self.is_local = http.base_url.scheme == "http"

    def ask(self, method: str, path: str, _: None, body: bytes = b"", **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items() if name != "host"}
        if "origin" in sent:
            sent["origin"] = str(self._http.base_url).rstrip("/")
        answer = self._http.request(method, path, content=body, headers=sent)
        self._http.cookies.clear()  # the browser keeps its own
        cookies = "\n".join(answer.headers.get_list("set-cookie"))
        return Answer(
            answer.status_code, dict(answer.headers) | {"set-cookie": cookies}, answer.content
        )


@contextmanager
def person(served: Served) -> Iterator[Browser]:
    """A person at a browser without a screen, who has not signed in."""
    with served.client() as http:
        yield Browser(Wire(http))


def agree(browser: Browser, served: Served, url: str, answer: str = "allow") -> str:
    """Open an authorization URL, sign in if asked to, answer; return where the browser is sent."""
    parts = urlsplit(url)
    page = browser.get(f"{parts.path}?{parts.query}")
    if page.status == 303:
        login = browser.get(page.headers["location"])
        fields = {"email": EMAIL, "password": PASSWORD}
        page = browser.get(browser.submit(login, "/_/login", fields).headers["location"])
    assert page.status == 200, page.body
    fields = {"answer": answer, "store": str(served.made.store_id)}
    back = browser.submit(page, "/oauth2/auth", fields)
    assert back.status == 303, back.body
    return back.headers["location"]


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
