"""A reset: nothing that can be read tells a namespace that was used from a new one."""

from typing import Any

import pytest
from fixtures.browsing import Browser
from fixtures.world import Answer
from sandbox.conftest import SandboxWorld
from sandbox.test_oauth import Desk, agreed, redeem

from sijill.customers.examples import AHMED
from sijill.stores.model import SHOP

pytestmark = pytest.mark.proves("a reset of a namespace leaves nothing of what was done in it")

PATH = f"/customers/{AHMED.id}"
CONSOLE = f"/_/ns/one/_/console/{SHOP.id}"
AT = {"at": "2090-01-01T00:00:00Z"}
SARA = {"first_name": "Sara", "email": "sara@example.com"}
HOOK = {"name": "crm", "event": "customer.created", "url": "http://127.0.0.1:9/"}
RULE = {"op": "customers.list", "kind": "status", "status": 503, "skip": 100}
WEBHOOK_RULE = {"event": "customer.created", "kind": "hold", "times": 1}


class Used:
    """A namespace `one`, and a person who has signed in to its console."""

    def __init__(self, sandbox: SandboxWorld) -> None:
        self.sandbox, made = sandbox, sandbox.create("one")
        self.token, self.secret = made["token"], made["client_secret"]
        self.browser = Browser(Desk(sandbox))  # type: ignore[arg-type]

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        return self.sandbox.ask(method, path, self.token, body, **headers)

    def control(self, method: str, path: str, body: Any = None) -> Answer:
        answer = self.sandbox.control(method, f"ns/one/{path}", body)
        assert answer.status < 300, answer.body
        return answer

    def use(self) -> None:
        """Do something of each kind."""
        code = agreed(self.sandbox, "/_/ns/one", self.browser)
        assert redeem(self.sandbox, self.secret, code).status == 200
        self.api("POST", "/webhooks/subscribe", HOOK)
        self.control("PUT", "webhook-faults", {"faults": [WEBHOOK_RULE]})
        self.control("PUT", "faults", {"faults": [RULE]})
        self.api("POST", "/customers", SARA, idempotency_key="k")
        self.api("POST", "/customers/groups", {"name": "Guests"})
        self.control("POST", "settle")
        self.control("POST", "clock/freeze")

    def seen(self) -> dict[str, Any]:
        """Return what can be read of each kind."""
        seen: dict[str, Any] = {"mode": self.control("GET", "clock").json["mode"]}
        for kept in ("requests", "deliveries", "faults", "webhook-faults"):
            seen[kept] = self.control("GET", kept).body
        seen["tokens"] = len(self.control("GET", "tokens").json["tokens"])
        seen["session"] = self.browser.get(CONSOLE).status
        seen["limit"] = self.api("GET", PATH).headers["x-ratelimit-remaining"]
        for path in ("/customers", "/customers/groups", "/webhooks", "/_/changes"):
            seen[path] = self.api("GET", path).body
        self.control("POST", "clock/freeze")
        self.control("POST", "clock/set", AT)
        omar = {"first_name": "Omar", "email": "omar@example.com"}
        created = self.api("POST", "/customers", omar, idempotency_key="k")
        seen["idempotency key and ids"] = created.status, created.body
        seen["id of a request"] = created.headers["x-request-id"]
        return seen


def test_nothing_is_left_of_what_was_done(sandbox: SandboxWorld) -> None:
    new = Used(sandbox).seen()
    sandbox.control("DELETE", "ns/one")
    used = Used(sandbox)
    used.use()
    told = used.seen()
    assert [kind for kind, value in told.items() if value == new[kind]] == []
    used.control("POST", "reset")
    assert used.seen() == new
