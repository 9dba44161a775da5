"""Faults on demand: rules that say which request fails, how, and how often."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from sijill.localized import Localized
from sijill.openapi.keys import key
from sijill.sandbox.operations import NAMES
from sijill.sandbox.rules import Rule

Kind = Literal[
    "status",
    "html-502",
    "delay",
    "stall",
    "empty",
    "reset",
    "truncate",
    "malformed",
    "drip",
    "drop-headers",
]
Phase = Literal["before", "after-commit"]

STATUSES = (401, 403, 404, 422, 429, 500, 503)
ALTERS_ANSWER = frozenset({"truncate", "malformed", "drip", "drop-headers"})
"""The kinds that need an answer: the request is always carried out."""


class FaultRule(Rule, frozen=True, kw_only=True):
    """One rule; the first rule of a set that fits a request and is not spent decides."""

    component = "FaultRule"
    words = Localized(
        "قاعدة تقول أي الطلبات يفشل، وكيف، وكم مرة.",
        "A rule that says which requests fail, how, and how often.",
    )

    op: Annotated[str, key("العملية.", "The operation.", enum=sorted(NAMES))]
    kind: Annotated[Kind, key("ما يحدث للطلب.", "What happens to the request.")]
    status: (
        Annotated[int, key("حالة النوع `status`.", "The status of kind `status`.", enum=STATUSES)]
        | UnsetType
    ) = UNSET
    match: Annotated[
        dict[str, str],
        key(
            "معاملات الاستعلام وأجزاء المسار التي يجب أن تكون في الطلب.",
            "Parameters of the query and parts of the path that the request must have.",
        ),
    ] = field(default_factory=dict)
    phase: Annotated[
        Phase,
        key(
            "`after-commit`: يُنفَّذ الطلب ويضيع الرد عليه.",
            "`after-commit`: the request is carried out, and its answer is lost.",
        ),
    ] = "before"
    seconds: Annotated[
        float,
        Meta(ge=0.0, le=60.0),
        key(
            "ثوانٍ حقيقية للأنواع `delay` و `stall` و `drip`.",
            "Real seconds of `delay`, `stall` and `drip`.",
        ),
    ] = 1.0
    wait: Annotated[
        int,
        Meta(ge=0, le=86_400),
        key("ثواني `Retry-After` مع 429 أو 503.", "`Retry-After` of a 429 or 503, in seconds."),
    ] = 1

    def fits(self, op: str, parameters: dict[str, str]) -> bool:
        """Return whether a request is one of those that the rule is about."""
        return self.op == op and self.match.items() <= parameters.items()

    def problem(self) -> str:
        """Return why the rule cannot be taken, "" if it can."""
        if self.op not in NAMES:
            return "op is not an operation: GET /_/operations lists them"
        if (self.kind == "status") != (self.status is not UNSET):
            return "kind status, and no other, has a status"
        if self.status is not UNSET and self.status not in STATUSES:
            return f"status is one of {', '.join(map(str, STATUSES))}"
        return super().problem()
