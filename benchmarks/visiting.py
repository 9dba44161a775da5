"""A person at the console: signs in over HTTP, opens pages one after another, sends forms."""

import re
import time
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.data import say
from benchmarks.servers import SECONDS, Server
from benchmarks.trees import FOLDER, HERE

EMAIL, PASSWORD = "owner@bench.example", "correct horse battery"

_BOUNDARY = "7d1f3c9a55e0"


class Answer(NamedTuple):
    """An answer: its status, where it leads, its kind, its body, and the seconds it took."""

    status: int
    location: str
    kind: str
    body: bytes
    seconds: float

    @property
    def is_page(self) -> bool:
        """Return whether it is a page, and neither a file nor a stream nor a redirect."""
        return self.status == 200 and self.kind.startswith("text/html")


def hire(url: str) -> None:
    """Give the owner of the store an account, in a register of `benchmarks.data.fill`."""
    file = FOLDER / "password.txt"
    file.write_text(PASSWORD)
    flags = ("--store=bench", f"--email={EMAIL}", "--name=Owner", f"--password-file={file}")
    HERE.run("person", "create", *flags, f"--database-url={url}")


class Visitor:
    """The owner of the store in a browser of one connection."""

    def __init__(self, server: Server) -> None:
        """
        Sign in.

        Raises: SystemExit if that fails.
        """
        self._origin = f"http://127.0.0.1:{server.port}"
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
        self._cookies: dict[str, str] = {}
        form = self.get("/_/login")
        fields = {"token": token_of(form), "onward": "", "email": EMAIL, "password": PASSWORD}
        answer = self.post("/_/login", fields)
        if answer.status != 303:
            raise SystemExit(f"benchmarks: nobody can sign in: {answer.status}")
        self.home = self.get("/_/console").location
        """The address of the only store."""

    def get(self, path: str) -> Answer:
        """Return a page; of a stream only its head."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Return the answer to a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def submit(self, page: str, path: str, fields: dict[str, str]) -> Answer:
        """Return the answer to a form of a page, with the token of that page."""
        return self.post(path, {"token": token_of(self.get(page)), **fields})

    def upload(self, page: str, path: str, file: bytes) -> Answer:
        """Return the answer to the form of a page that sends a file of CSV."""
        parts = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="token"\r\n\r\n'
            f"{token_of(self.get(page))}\r\n--{_BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="file"; filename="new.csv"\r\nContent-Type: text/csv\r\n\r\n'
        )
        body = parts.encode() + file + f"\r\n--{_BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        return self._ask("POST", path, body, kind)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = {"Cookie": cookies, "Origin": self._origin, "Sec-Fetch-Site": "same-origin"}
        begun = time.perf_counter()
        self._connection.request(method, path, body, sent | headers)
        response = self._connection.getresponse()
        kind = response.getheader("content-type", "")
        if kind.startswith("text/event-stream"):
            self._connection.close()
        data = response.read()
        spent = time.perf_counter() - begun
        self._keep(response)
        return Answer(response.status, response.getheader("location", ""), kind, data, spent)

    def _keep(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("set-cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value


def token_of(page: Answer) -> str:
    """Return the token of the forms of a page. Raises: SystemExit if it has none."""
    found = re.search(rb'name="token" value="([^"]*)"', page.body)
    if found is None:
        raise SystemExit(f"benchmarks: a page has no form: {page.status} {page.body[:200]!r}")
    return unescape(found[1].decode())


def linked(page: Answer, pattern: str) -> str:
    """Return the first group of the first link of a page that matches. Raises: SystemExit."""
    found = re.search(rf'href="[^"]*{pattern}"', page.body.decode())
    if found is None:
        raise SystemExit(f"benchmarks: a page has no link like {pattern}")
    return found[1]


def waited(visitor: Visitor, path: str, pattern: str) -> str:
    """Return the same, once the page has such a link. Raises: SystemExit after 30 seconds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        page = visitor.get(path)
        if re.search(rf'href="[^"]*{pattern}"', page.body.decode()):
            return linked(page, pattern)
        say("waiting for a delivery ...")
        time.sleep(0.5)
    return linked(visitor.get(path), pattern)
