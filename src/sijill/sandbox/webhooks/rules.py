"""Faults of webhooks on demand: rules that say which deliveries fail, how, and how often."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from sijill.localized import Localized
from sijill.openapi.keys import key
from sijill.sandbox.rules import Rule
from sijill.webhooks.events import AUTHORIZED, EVENTS, INSTALLED, UNINSTALLED

Kind = Literal["drop", "duplicate", "late", "hold", "wrong-secret", "tampered"]
"""
`drop`: never sent, and taken for delivered. `duplicate`: sent twice. `late`: sent `seconds` later.
`hold`: sent when it is released. `wrong-secret`: signed with another secret. `tampered`: the body
is changed after it was signed.
"""

POSTPONES = frozenset({"late", "hold"})
"""The kinds that make a delivery due at another moment."""

NAMES = frozenset({*EVENTS, INSTALLED, UNINSTALLED, AUTHORIZED})
"""The events that webhooks get."""

ANY = "*"

_YEAR = 365 * 86_400


class WebhookRule(Rule, frozen=True, kw_only=True):
    """One rule; the first rule of a set that fits an attempt and is not spent decides."""

    component = "WebhookFaultRule"
    words = Localized(
        "قاعدة تقول أي محاولات الإرسال يفشل، وكيف، وكم مرة.",
        "A rule that says which deliveries fail, how, and how often.",
    )

    event: Annotated[
        str,
        key(
            "اسم الحدث، أو `*` لكل حدث.",
            "The name of an event, or `*` for every event.",
            enum=[ANY, *sorted(NAMES)],
        ),
    ]
    kind: Annotated[Kind, key("ما يحدث للإرسال.", "What happens to the delivery.")]
    seconds: (
        Annotated[
            float,
            Meta(ge=0.0, le=_YEAR),
            key("ثوانٍ افتراضية للنوع `late`.", "Virtual seconds of kind `late`."),
        ]
        | UnsetType
    ) = UNSET

    def fits(self, event: str) -> bool:
        """Return whether an attempt to deliver an event is one of those that the rule is about."""
        return self.event in (ANY, event)

    def problem(self) -> str:
        """Return why the rule cannot be taken, "" if it can."""
        if self.event not in NAMES | {ANY}:
            return f"event is {ANY}, or one of {', '.join(sorted(NAMES))}"
        if (self.kind == "late") != (self.seconds is not UNSET):
            return "kind late, and no other, has seconds"
        return super().problem()
