"""The webhooks of a namespace: what was delivered, and a receiver for tests."""

from collections.abc import Mapping
from contextlib import ExitStack
from hmac import compare_digest
from typing import Any, NamedTuple, Protocol

from sijill.testing.client import PATIENCE, Client
from sijill.testing.control import Control, ControlRefused
from sijill.testing.faults import Faults
from sijill.testing.inbox import Inbox, opened
from sijill.testing.masking import delivery_line, listed
from sijill.webhooks.signing import verify_salla

__tracebackhide__ = True

SECRET = "the-secret-of-a-test-inbox"  # noqa: S105 - nothing but tests is signed by it
"""The secret of the webhooks that `Webhooks.receive` subscribes."""


class Delivery(NamedTuple):
    """One attempt to deliver an event, as the sandbox saw it."""

    event: str
    url: str
    attempt: int
    status: int
    """The status that the receiver answered; 0 without an answer."""
    outcome: str
    """`delivered`, `failed`, `dropped` or `held`."""
    headers: Mapping[str, str]
    body: str
    entry: Mapping[str, Any]
    """All that the control API tells of it."""


class Signed(Protocol):
    """A delivery with the headers and the body that came."""

    @property
    def headers(self) -> Any:
        """A mapping from names to values."""

    @property
    def body(self) -> bytes | str:
        """The body, unchanged."""


class Webhooks:
    """Reads the deliveries of one namespace, and receives some."""

    def __init__(self, control: Control, client: Client, closing: ExitStack) -> None:
        """`closing` ends the receivers."""
        self._control, self._client, self._closing = control, client, closing
        self.faults = Faults(control, "/webhook-faults", "event", _any)
        """The rules of deliveries: drop, duplicate, late, hold, wrong-secret, tampered."""

    def deliveries(self, event: str | None = None) -> list[Delivery]:
        """Return every attempt to deliver, in order. Raises: AssertionError after an overflow."""
        told = self._control.call("GET", "/deliveries", params={"event": event} if event else None)
        if told["overflowed"]:
            raise AssertionError("the sandbox has forgotten older deliveries")
        return list(map(_delivery, told["deliveries"]))

    def lines(self) -> str:
        """Return the last attempts as masked lines, also after an overflow."""
        told = self._control.call("GET", "/deliveries")
        return listed(map(delivery_line, told["deliveries"]), told["overflowed"])

    def assert_delivered(self, event: str, within: float = 5.0, count: int = 1) -> list[Delivery]:
        """
        Return the deliveries of an event that a receiver took, `count` of them or more.

        `within` is in real seconds; the answer comes as soon as there are enough.
        Raises: AssertionError, which says what was tried instead.
        """
        match = {"event": event, "outcome": "delivered"}
        asked = {"match": match, "count": count, "within": within}
        try:
            told = self._control.call("POST", "/deliveries/wait", asked, timeout=within + PATIENCE)
        except ControlRefused as refusal:
            if refusal.status != 408:
                raise
            tried = self.lines() or "nothing: is a webhook subscribed to it?"
            text = f"{event} was not delivered {count} x within {within:g} s; tried instead:"
            raise AssertionError(f"{text}\n{tried}") from None
        return list(map(_delivery, told["deliveries"]))

    def release(self, order: str | list[str] = "first") -> int:
        """
        Send the deliveries that a fault `hold` keeps, and return their number.

        `order` is "first" or "last" (the one to begin with), or the ids of deliveries.
        """
        told = self._control.call("POST", "/deliveries/release", {"order": order})
        number: int = told["released"]
        return number

    def subscribe(self, event: str, url: str, secret: str = SECRET) -> int:
        """Subscribe a URL to an event, signed with `secret`; return the id of the webhook."""
        hook = {
            "name": "a test",
            "event": event,
            "url": url,
            "security_strategy": "signature",
            "secret": secret,
        }
        answer = self._client.post("/webhooks/subscribe", json=hook)
        if answer.status_code >= 400:
            raise ValueError(f"the webhook was refused: {answer.text}")
        number: int = answer.json()["data"]["id"]
        return number

    def receive(self, *events: str) -> Inbox:
        """Return a receiver on this machine, subscribed to events; it ends with the test."""
        inbox = self._closing.enter_context(opened())
        for event in events:
            self.subscribe(event, inbox.url)
        return inbox

    def signed(self, delivery: Signed, secret: str = SECRET) -> bool:
        """
        Return whether a delivery proves by its headers that it comes from the sandbox.

        `secret` is that of its webhook. The strategies `signature` and `token` are known.
        """
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        if headers.get("x-salla-security-strategy") == "Token":
            return compare_digest(headers.get("authorization", "").encode(), secret.encode())
        body = delivery.body.encode() if isinstance(delivery.body, str) else delivery.body
        return verify_salla(secret, body, headers.get("x-salla-signature", ""))


def _delivery(entry: Mapping[str, Any]) -> Delivery:
    return Delivery(**{name: entry[name] for name in Delivery._fields[:-1]}, entry=entry)


def _any(event: str) -> None:
    """Accept every event: the sandbox refuses those that it does not have."""
