"""A delivery as it is sent: its headers, and the POST."""

from datetime import datetime
from typing import Literal, NamedTuple

from sijill import __version__
from sijill.egress.message import NotSent
from sijill.egress.sending import Sender
from sijill.webhooks.model import ClaimedDelivery, Webhook
from sijill.webhooks.schedule import ReceiverAnswer
from sijill.webhooks.signing import salla_signature, standard_headers

HeaderStyle = Literal["both", "salla"]
"""`both` sends the headers of Standard Webhooks beside Salla's."""


def headers(due: ClaimedDelivery, now: float, style: HeaderStyle) -> list[tuple[str, str]]:
    """
    Return every header of a delivery except Host and Content-Length, signed for `now` in seconds.

    Without a secret there is no strategy and no signature. The webhook's own headers are sent as
    written. One of them may replace User-Agent, and Authorization unless it holds the secret, but
    no other of ours.
    """
    hook, event = due.webhook, due.event
    ours = [("Content-Type", "application/json"), *_security(hook, event.body)]
    if style == "both":
        ours += standard_headers(hook.secret, event.id, int(now), event.body)
    fixed = {name.lower() for name, _ in ours}
    added = [(name, value) for name, value in hook.headers if name.lower() not in fixed]
    if all(name.lower() != "user-agent" for name, _ in added):
        ours.append(("User-Agent", f"Sijill/{__version__}"))
    return ours + added


def _security(hook: Webhook, body: bytes) -> list[tuple[str, str]]:
    if not hook.secret or hook.strategy == "none":
        return []
    name = "X-Salla-Security-Strategy"
    if hook.strategy == "token":
        return [(name, "Token"), ("Authorization", hook.secret)]
    return [(name, "Signature"), ("X-Salla-Signature", salla_signature(hook.secret, body))]


class Message(NamedTuple):
    """A delivery as it is sent."""

    url: str
    headers: list[tuple[str, str]]
    body: bytes


class Post:
    """Posts deliveries."""

    def __init__(self, sender: Sender, style: HeaderStyle) -> None:
        self._sender, self._style = sender, style

    def compose(self, due: ClaimedDelivery, at: datetime) -> Message:
        """Return the message of a delivery, signed for a moment."""
        signed = headers(due, at.timestamp(), self._style)
        return Message(due.webhook.url, signed, due.event.body)

    async def send(self, message: Message) -> ReceiverAnswer:
        """Send a message; where no answer comes, the status is None and the error says why."""
        try:
            sent = await self._sender.post(*message)
        except NotSent as fault:
            return ReceiverAnswer(None, {}, fault.reason)
        return ReceiverAnswer(sent.status, sent.headers)

    async def attempt(self, due: ClaimedDelivery, at: datetime) -> ReceiverAnswer:
        """Send a delivery, as `send` does."""
        return await self.send(self.compose(due, at))

    async def close(self) -> None:
        """Close the connections."""
        await self._sender.close()
