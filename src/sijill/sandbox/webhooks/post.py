"""The way out of a namespace's deliveries: it keeps each attempt, and makes faults of some."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from msgspec.structs import replace

from sijill.egress.sending import Sender
from sijill.sandbox.ring import Ring
from sijill.sandbox.webhooks.attempts import Attempt, Outcome, attempt_of
from sijill.sandbox.webhooks.rules import Kind
from sijill.sandbox.webhooks.table import FaultyDelivery
from sijill.webhooks.message import HeaderStyle, Message, Post
from sijill.webhooks.model import ClaimedDelivery, Webhook
from sijill.webhooks.schedule import ReceiverAnswer

TAKEN = ReceiverAnswer(200, {})
"""The answer of a receiver that took a delivery."""

TAMPERED = b'{"tampered":true,'
"""The beginning of a body that was changed; the rest is as it was signed."""


PATIENCE = 0.25
"""Real seconds that a delivery waits for the answer to the one before it, at most."""


class SandboxPost(Post):
    """
    Posts deliveries, each as its rule says if it has one.

    They are sent in the order in which they were claimed, each once the one before it has its
    answer; a receiver that takes long holds the next ones up for PATIENCE alone.
    """

    def __init__(
        self,
        sender: Sender,
        style: HeaderStyle,
        accepted: frozenset[int],
        attempts: Ring[Attempt],
    ) -> None:
        """`accepted` are the statuses that count as received; `attempts` gets every attempt."""
        super().__init__(sender, style)
        self._accepted, self._attempts = accepted, attempts
        self._answered = asyncio.Event()  # the last delivery that was claimed
        self._answered.set()

    async def attempt(self, due: ClaimedDelivery, at: datetime) -> ReceiverAnswer:
        """Send a delivery in its turn, and return the answer that the server is to see."""
        before, self._answered = self._answered, asyncio.Event()
        answered = self._answered
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await before.wait()
            return await self._attempt(due, at)
        finally:
            answered.set()

    async def _attempt(self, due: ClaimedDelivery, at: datetime) -> ReceiverAnswer:
        fault = due.rule.kind if isinstance(due, FaultyDelivery) else None
        message = self._message(due, at, fault)
        if fault == "drop":
            self._attempts.add(attempt_of(due, at, message, "dropped", fault))
            return TAKEN
        if fault == "duplicate":
            await self._sent(due, at, message, fault)
        return await self._sent(due, at, message, fault)

    def _message(self, due: ClaimedDelivery, at: datetime, fault: Kind | None) -> Message:
        if fault == "wrong-secret":
            return self.compose(due._replace(webhook=_with_wrong_secret(due.webhook)), at)
        message = self.compose(due, at)
        if fault == "tampered":
            return message._replace(body=TAMPERED + message.body.removeprefix(b"{"))
        return message

    async def _sent(
        self, due: ClaimedDelivery, at: datetime, message: Message, fault: Kind | None
    ) -> ReceiverAnswer:
        begin = time.monotonic()
        answer = await self.send(message)
        seconds = time.monotonic() - begin
        outcome: Outcome = "delivered" if answer.status in self._accepted else "failed"
        self._attempts.add(attempt_of(due, at, message, outcome, fault, answer, seconds))
        return answer


def _with_wrong_secret(webhook: Webhook) -> Webhook:
    """Return a webhook with another secret; one without a secret gets one, and signs."""
    other = sha256((webhook.secret or "").encode()).hexdigest()
    strategy = "token" if webhook.strategy == "token" else "signature"
    return replace(webhook, secret=other, strategy=strategy)
