"""The attempts to deliver an event, as a namespace keeps them."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Struct

from sijill.openapi.keys import key
from sijill.sandbox.ring import Ring
from sijill.sandbox.rules import RuleSet
from sijill.sandbox.webhooks.rules import WebhookRule
from sijill.values.dates import utc_text
from sijill.webhooks.message import Message
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.schedule import ReceiverAnswer

Outcome = Literal["delivered", "failed", "dropped", "held"]
"""
`delivered`: the receiver answered with a status that counts as received; `failed`: it did not.
By a rule of faults, `dropped`: not sent, and taken for delivered; `held`: not sent yet.
"""


At = Annotated[
    str,
    key(
        "الوقت الافتراضي بتوقيت UTC، وبه يُوقَّع ما يُرسل.",
        "The virtual time in UTC; what is sent is signed for it.",
        format="date-time",
    ),
]
Id = Annotated[
    str,
    key(
        "رقم الحدث `webhook-id`، وهو نفسه في كل محاولة ولكل اشتراك.",
        "The id of the event: `webhook-id`, the same in every attempt and for every webhook.",
    ),
]
Event = Annotated[str, key("اسم الحدث.", "The name of the event.")]
Webhook = Annotated[int, key("رقم الاشتراك.", "The id of the webhook.")]
Number = Annotated[int, key("ترتيب المحاولة، بدءًا من 1.", "The number of the attempt, from 1.")]
Result = Annotated[
    Outcome,
    key(
        "`delivered` وصل، و `failed` لم يصل؛ وبقاعدة: `dropped` لم يُرسل وعُدّ واصلًا، و `held` لم "
        "يُرسل بعد.",
        "`delivered`, or `failed`; by a rule `dropped`: not sent and taken for delivered, or "
        "`held`: not sent yet.",
    ),
]
Status = Annotated[
    int, key("حالة رد المستقبِل، و0 إن لم يرد.", "The status of the answer, 0 without one.")
]
Fault = Annotated[
    str | None, key("نوع الخطأ المفتعل بقاعدة.", "The kind of fault that a rule made.")
]


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt and its outcome. A delivery that was held has another once it is sent."""

    component = "Attempt"

    at: At
    id: Id
    event: Event
    webhook: Webhook
    url: Annotated[str, key("العنوان الذي أُرسل إليه.", "The URL that it was sent to.")]
    attempt: Number
    outcome: Result
    status: Status
    error: Annotated[
        str | None,
        key("سبب غياب الرد، مثل `timeout`.", "Why there was no answer, such as `timeout`."),
    ]
    fault: Fault
    headers: Annotated[
        dict[str, str],
        key(
            "الترويسات، ولا ترويسات لمحجوز: يُوقَّع عند إرساله.",
            "Its headers; empty if it is held: it is signed when it is sent.",
        ),
    ]
    body: Annotated[str, key("المحتوى نصًا.", "Its body, as text.")]
    took: Annotated[int, key("الزمن الحقيقي بالملّي ثانية.", "Real milliseconds.")]


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


class Hooks(NamedTuple):
    """The faults and the attempts of a namespace; a snapshot leaves both as they are."""

    faults: RuleSet[WebhookRule]
    attempts: Ring[Attempt]

    def clear(self) -> None:
        """Forget everything."""
        self.faults.put([])
        self.attempts.clear()
