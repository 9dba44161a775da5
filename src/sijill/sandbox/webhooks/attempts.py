"""The attempts to deliver an event, as a namespace keeps them."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from sijill.values.dates import utc_text
from sijill.webhooks.message import Message
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.schedule import ReceiverAnswer

Outcome = Literal["delivered", "failed", "dropped", "held"]
"""
`delivered`: the receiver answered with a status that counts as received; `failed`: it did not.
By a rule of faults, `dropped`: not sent, and taken for delivered; `held`: not sent yet.
"""


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt and its outcome. A delivery that was held has another once it is sent."""

    at: str
    """The virtual time, RFC 3339 in UTC; what is sent is signed for it."""
    id: str
    """The id of the event: `webhook-id`, the same in every attempt and for every webhook."""
    event: str
    webhook: int
    url: str
    attempt: int
    """From 1."""
    outcome: Outcome
    status: int
    """The status of the answer, 0 without one."""
    error: str | None
    """Why there was no answer: a slug such as `timeout`."""
    fault: str | None
    """The kind of fault that a rule made."""
    headers: dict[str, str]
    """Empty if the delivery is held: it is signed when it is sent."""
    body: str
    took: int
    """Real milliseconds."""


UNSENT = ReceiverAnswer(None, {})


def attempt_of(
    due: ClaimedDelivery,
    at: datetime,
    message: Message,
    outcome: Outcome,
    fault: str | None,
    answer: ReceiverAnswer = UNSENT,
    seconds: float = 0.0,
) -> Attempt:
    """Return the attempt to deliver a message, which took so many real seconds."""
    return Attempt(
        at=utc_text(at),
        id=due.event.id,
        event=due.event.name,
        webhook=due.webhook.id,
        url=message.url,
        attempt=due.attempt,
        outcome=outcome,
        status=answer.status or 0,
        error=answer.error,
        fault=fault,
        headers=dict(message.headers),
        body=message.body.decode(),
        took=round(seconds * 1000),
    )
