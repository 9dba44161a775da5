"""A namespace with a webhook whose receiver is real, and short ways to ask about it."""

from datetime import datetime
from typing import Any

from e2e.receiving import Receiver
from fixtures.world import Answer
from sandbox.conftest import SandboxWorld

SECRET = "a secret of a webhook"


class Hooked:
    """A namespace whose clock is frozen; a webhook of it gets the customers that are created."""

    def __init__(
        self, sandbox: SandboxWorld, receiver: Receiver, name: str = "one", **more: Any
    ) -> None:
        self.sandbox, self.receiver, self.name = sandbox, receiver, name
        self.token: str = sandbox.create(name, **more)["token"]
        self.begin = datetime.fromisoformat(self.control("POST", "clock/freeze").json["now"])
        self.hook = self.subscribe("customer.created")

    def subscribe(self, event: str, **more: Any) -> int:
        """Subscribe to an event, and return the id of the webhook."""
        url = f"http://127.0.0.1:{self.receiver.ports[0]}/"
        hook = {"name": "crm", "event": event, "url": url, "secret": SECRET} | more
        answer = self.sandbox.ask("POST", "/webhooks/subscribe", self.token, hook)
        assert answer.status == 200, answer.body
        found: int = answer.json["data"]["id"]
        return found

    def control(self, method: str, path: str, body: Any = None) -> Answer:
        """Make a control call about the namespace."""
        return self.sandbox.control(method, f"ns/{self.name}/{path}", body)

    def customer(self, name: str) -> int:
        """Create a customer, and return its id once the event is delivered."""
        body = {"first_name": name, "email": f"{name}@example.com"}
        answer = self.sandbox.ask("POST", "/customers", self.token, body)
        assert answer.status == 200, answer.body
        assert self.control("POST", "settle").status == 204
        found: int = answer.json["data"]["id"]
        return found

    def advance(self, seconds: float) -> Any:
        """Move the clock, and return what was done."""
        return self.control("POST", "clock/advance", {"seconds": seconds}).json
