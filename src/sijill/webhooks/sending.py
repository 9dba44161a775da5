"""A delivery through the one way out: whatever goes wrong is an answer without a status."""

from datetime import datetime

from sijill.egress.message import NotSent
from sijill.egress.sending import Sender
from sijill.webhooks.message import HeaderStyle, headers
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.schedule import ReceiverAnswer


class Post:
    """Posts deliveries."""

    def __init__(self, sender: Sender, style: HeaderStyle) -> None:
        self._sender = sender
        self._style = style

    async def attempt(self, due: ClaimedDelivery, at: datetime) -> ReceiverAnswer:
        """Send a delivery and return what was said; nothing is raised for a receiver's faults."""
        try:
            sent = await self._sender.post(
                due.webhook.url, headers(due, at.timestamp(), self._style), due.event.body
            )
        except NotSent as fault:
            return ReceiverAnswer(None, {}, fault.reason)
        return ReceiverAnswer(sent.status, sent.headers)

    async def close(self) -> None:
        """Close what is kept open."""
        await self._sender.close()
