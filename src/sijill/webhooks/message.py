"""A delivery on the wire: its headers, and the one way out that posts it."""

from datetime import datetime
from typing import Literal

from sijill.egress.message import NotSent
from sijill.egress.sending import Sender
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.schedule import ReceiverAnswer
from sijill.webhooks.signing import delivery_headers

HeaderStyle = Literal["both", "salla"]
"""`both` sends the headers of Standard Webhooks beside Salla's."""


def headers(due: ClaimedDelivery, now: float, style: HeaderStyle) -> list[tuple[str, str]]:
    """Return the headers of a delivery, signed for the time of the attempt, `now` in seconds."""
    hook, event = due.webhook, due.event
    return delivery_headers(
        hook.strategy,
        hook.secret,
        event.id,
        int(now),
        event.body,
        hook.headers,
        style == "both",
    )


class Post:
    """Posts deliveries."""

    def __init__(self, sender: Sender, style: HeaderStyle) -> None:
        self._sender, self._style = sender, style

    async def attempt(self, due: ClaimedDelivery, at: datetime) -> ReceiverAnswer:
        """Send a delivery; where no answer comes, the status is None and the error says why."""
        try:
            sent = await self._sender.post(
                due.webhook.url, headers(due, at.timestamp(), self._style), due.event.body
            )
        except NotSent as fault:
            return ReceiverAnswer(None, {}, fault.reason)
        return ReceiverAnswer(sent.status, sent.headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._sender.close()
