"""A conversation with a sandbox that has every operation in it, byte for byte."""

import json
import socket
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from fixtures.browsing import hidden
from fixtures.world import Answer

from e2e.conftest import PATIENCE
from e2e.receiving import Receiver
from sijill.customers.examples import AHMED
from sijill.demo import APP, GROUPS, OWNER
from sijill.openapi.operation import FORM, JSON
from sijill.stores.countries import countries
from sijill.stores.model import SHOP

AT = "2031-01-01T00:00:00Z"
"""The instant at which the clock of the namespace stands."""

CALLBACK = "http://127.0.0.1/callback"
COUNTRY = next(iter(countries()))


class Talk:
    """Sends one request to a connection, and keeps the bytes of every answer."""

    def __init__(self, port: int, host: str) -> None:
        self._port, self._host = port, host
        self.cookies: dict[str, str] = {}
        self.heard: list[tuple[str, bytes]] = []

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer; its bytes are kept under the request's method and path."""
        lines = {"host": self._host, "connection": "close"} | dict(headers or {})
        if body:
            lines["content-length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        with socket.create_connection(("127.0.0.1", self._port), PATIENCE) as connection:
            connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
            with connection.makefile("rb") as stream:
                raw = stream.read()
        self.heard.append((f"{method} {path}", raw))
        top, _, content = raw.partition(b"\r\n\r\n")
        status, *rest = top.decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in rest]
        for cookie in (value for name, value in pairs if name == "set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(int(status.split()[1]), dict(pairs), content)


class Namespace(NamedTuple):
    """A namespace as its client knows it, and how it is asked."""

    talk: Talk
    base: str
    made: Mapping[str, Any]

    def api(
        self, method: str, path: str, body: Any = None, token: str = "", **headers: str
    ) -> Answer:
        """Ask the API, with the first token or another."""
        sent = {"authorization": f"Bearer {token or self.made['token']}"} | headers
        content = b""
        if isinstance(body, bytes):
            content = body
        elif body is not None:
            content, sent["content-type"] = json.dumps(body).encode(), JSON
        answer = self.talk.ask(method, f"{self.base}/admin/v2{path}", content, sent)
        assert answer.status < 400, answer.body
        return answer

    def page(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page as a browser does; `path` is as a page or a redirect names it."""
        sent = {"cookie": "; ".join(f"{n}={v}" for n, v in self.talk.cookies.items())}
        content = b""
        if fields is not None:
            content, sent["content-type"] = urlencode(fields).encode(), FORM
        answer = self.talk.ask(method, path, content, sent)
        assert answer.status in (200, 303), answer.body
        return answer

    def tokens(self, **fields: str) -> dict[str, Any]:
        """Ask for a pair of tokens, at the address without a namespace."""
        secret = {"client_id": APP.client_id, "client_secret": self.made["client_secret"]}
        sent = urlencode(secret | fields).encode()
        answer = self.talk.ask("POST", "/oauth2/token", sent, {"content-type": FORM})
        assert answer.status == 200, answer.body
        pair: dict[str, Any] = answer.json
        return pair


class Sandbox(NamedTuple):
    """A sandbox as its operator knows it."""

    port: int
    host: str
    admin_token: str
    password: str

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Make a control call, and return what it answers."""
        talk = Talk(self.port, self.host)
        sent = {"authorization": f"Bearer {self.admin_token}", "content-type": JSON}
        content = b"" if body is None else json.dumps(body).encode()
        answer = talk.ask(method, f"/_/{path}", content, sent)
        assert answer.status < 400, answer.body
        return answer.json if answer.body else None

    def namespace(self, name: str, **more: Any) -> Namespace:
        """Make a namespace whose clock stands at AT."""
        made = self.control("POST", "ns", {"name": name, **more})
        self.control("POST", f"ns/{name}/clock/freeze")
        self.control("POST", f"ns/{name}/clock/set", {"at": AT})
        base = urlsplit(made["url"]).path.removesuffix("/admin/v2")
        return Namespace(Talk(self.port, self.host), base, made)


Settle = Callable[[], None]


def transcript(sandbox: Sandbox, receiver: Receiver, **more: Any) -> dict[str, Any]:
    """Return all that a client, a receiver and the journal see of every operation."""
    receiver.received.clear()
    at = sandbox.namespace("t1", **more)

    def settle() -> None:
        sandbox.control("POST", "ns/t1/settle")

    webhook = _subscribe(at, f"http://127.0.0.1:{receiver.ports[0]}/")
    customer = _write_customers(at, settle)
    _write_groups(at, customer, settle)
    _move_values(at, customer, settle)
    _upload(at, settle)
    receiver.mode = "refuse"
    at.api("PUT", f"/customers/{customer}", {"last_name": "Omar"})
    sandbox.control("POST", "ns/t1/clock/advance", {"seconds": 4 * 86_400})
    receiver.mode = "answer"
    _authorize(at, sandbox.password)
    settle()
    for path in READS:
        at.api("GET", path)
    at.api("DELETE", f"/customers/{customer}")
    at.api("DELETE", f"/webhooks/unsubscribe?id={webhook}")
    settle()
    told = sandbox.control("GET", "ns/t1/requests")["requests"]
    made = sandbox.control("GET", "ns/t1/deliveries")["deliveries"]
    # What is due at one moment is sent at once, in no fixed order.
    received = sorted((one.body, sorted(one.headers.items())) for one in receiver.received)
    attempts = sorted(json.dumps({n: v for n, v in one.items() if n != "took"}) for one in made)
    answers = at.talk.heard
    return {"answers": answers, "received": received, "requests": told, "attempts": attempts}


READS = (
    *("/customers", f"/customers/{AHMED.id}?fields[]=is_blocked", "/customers/groups"),
    *(f"/customers/loyalty/points?customer_id={AHMED.id}", "/_/changes", "/_/deliveries"),
    *("/webhooks", "/webhooks/events", "/store/info", "/oauth2/user/info", "/languages"),
    *("/countries", f"/countries/{COUNTRY}", f"/countries/{COUNTRY}/cities"),
)


def _subscribe(at: Namespace, url: str) -> int:
    """Subscribe to two events, and return the id of the second webhook."""
    made = 0
    for event in ("customer.created", "customer.updated"):
        own = [{"key": "X-Own", "value": event}]
        hook = {"name": "crm", "event": event, "url": url, "headers": own, "secret": "a secret"}
        made = at.api("POST", "/webhooks/subscribe", hook).json["data"]["id"]
    at.api("PUT", f"/webhooks/{made}", {"name": "renamed"})
    return made


def _write_customers(at: Namespace, settle: Settle) -> int:
    """Create, change and ban customers, and return the id of the new one."""
    new = {"first_name": "Sara", "email": "sara@example.com", "mobil": "not read"}
    made: int = at.api("POST", "/customers", new, **{"idempotency-key": "k"}).json["data"]["id"]
    at.api("POST", "/customers", new, **{"idempotency-key": "k"})
    settle()
    at.api("PUT", f"/customers/{made}", {"last_name": "Ali"}, **{"x-request-id": "f00d" * 4})
    settle()
    at.api("PUT", f"/customers/blacklist/{made}", {"reason": "rude"})
    settle()
    at.api("DELETE", f"/customers/blacklist/{made}")
    settle()
    return made


def _write_groups(at: Namespace, customer: int, settle: Settle) -> None:
    condition = {"type": "total_sales", "symbol": ">", "value": 1}
    made = at.api("POST", "/customers/groups", {"name": "New", "conditions": [condition]})
    path = f"/customers/groups/{made.json['data']['id']}"
    at.api("PUT", path, {"name": "Newer"})
    at.api("POST", "/customers/groups/default", {"features": {"shipping": ["one"]}})
    members = {"group_id": GROUPS[0].id, "customers": [customer]}
    at.api("POST", "/customers/groups/add_customers", members)
    settle()
    at.api("DELETE", path)
    settle()


def _move_values(at: Namespace, customer: int, settle: Settle) -> None:
    for verb in ("deposit", "withdraw"):
        at.api("POST", f"/customers/wallets/{verb}", {"customer_id": customer, "amount": "9.50"})
        settle()
    given = {"points": 5, "type": "plus", "reason": "kind", "customers": [customer]}
    at.api("POST", "/customers/loyalty/points", given)
    settle()


def _upload(at: Namespace, settle: Settle) -> None:
    """Import a file; its rows are written in the background."""
    rows = "first_name,email\r\nOmar,omar@example.com\r\nMona,mona@example.com\r\n"
    head = 'Content-Disposition: form-data; name="file"; filename="f.csv"'
    body = f"--b\r\n{head}\r\n\r\n{rows}\r\n--b--\r\n".encode()
    kind = {"content-type": "multipart/form-data; boundary=b"}
    at.api("POST", "/customers/import", body, **kind)
    settle()


def _authorize(at: Namespace, password: str) -> None:
    """Let the owner sign in and agree, redeem the code, renew the pair, and read with it."""
    asked = {"client_id": APP.client_id, "response_type": "code", "redirect_uri": CALLBACK}
    shown = at.page("GET", f"{at.base}/oauth2/auth?{urlencode(asked)}")
    login = at.page("GET", shown.headers["location"])
    action = f"{at.base}/_/login"
    account = {"email": OWNER.email, "password": password}
    signed_in = at.page("POST", action, hidden(login, action) | account)
    consent = at.page("GET", signed_in.headers["location"])
    action, chosen = f"{at.base}/oauth2/auth", {"answer": "allow", "store": str(SHOP.id)}
    back = at.page("POST", action, hidden(consent, action) | chosen)
    code = dict(parse_qsl(urlsplit(back.headers["location"]).query))["code"]
    pair = at.tokens(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    pair = at.tokens(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert at.api("GET", "/oauth2/user/info", token=pair["access_token"]).status == 200
