"""The way out of a namespace's deliveries."""

import time
from datetime import datetime

from sijill.egress.sending import Sender
from sijill.sandbox.ring import Ring
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.values.dates import utc_text
from sijill.webhooks.message import HeaderStyle, Message, Post
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.schedule import ReceiverAnswer


class SandboxPost(Post):
    """Posts deliveries, and keeps each attempt."""

    def __init__(
        self,
        sender: Sender,
        style: HeaderStyle,
        accepted: frozenset[int],
        attempts: Ring[Attempt],
    ) -> None:
        """`accepted` are the statuses that count as received."""
        super().__init__(sender, style)
        self._accepted, self._attempts = accepted, attempts

    async def attempt(self, due: ClaimedDelivery, at: datetime) -> ReceiverAnswer:
        """Send a delivery, and keep the attempt."""
        message, begin = self.compose(due, at), time.monotonic()
        answer = await self.send(message)
        took = time.monotonic() - begin
        self._attempts.add(self._attempt(due, at, message, answer, took))
        return answer

    def _attempt(
        self,
        due: ClaimedDelivery,
        at: datetime,
        message: Message,
        answer: ReceiverAnswer,
        took: float,
    ) -> Attempt:
        return Attempt(
            at=utc_text(at),
            id=due.event.id,
            event=due.event.name,
            webhook=due.webhook.id,
            url=message.url,
            attempt=due.attempt,
            outcome="delivered" if answer.status in self._accepted else "failed",
            status=answer.status or 0,
            error=answer.error,
            headers=dict(message.headers),
            body=message.body.decode(),
            took=round(took * 1000),
        )
