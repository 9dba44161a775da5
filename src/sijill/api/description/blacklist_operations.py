"""Ban and Un-Ban Customer in words."""

from msgspec import json

from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import (
    CONDITIONAL,
    JSON,
    Answer,
    Body,
    Operation,
    Sent,
    invalid,
)
from sijill.api.description.schemas import shape, success
from sijill.api.description.wording import Text
from sijill.customers.blacklist import REASON_LENGTH
from sijill.customers.blacklist_wire import BANNED, UNBANNED, told
from sijill.errors import Invalid

_PATH = "/customers/blacklist/{customer}"


def _answered(text: Text, message: str, status: int) -> Answer:
    data = shape(
        {
            "message": {"type": "string", "description": Text("جملة ثابتة.", "A fixed sentence.")},
            "code": {"const": status, "description": Text("الحالة أيضًا.", "The status again.")},
        }
    )
    example = {"summary": text, "value": json.decode(told(message, status))}
    body = Body(shape(success(data, status)), lambda _: {"documented": example})
    return Answer(text, {JSON: body}, (*API, *LIMITS))


BLACKLIST_OPERATIONS = {
    ("PUT", _PATH): Operation(
        id="banCustomer",
        tag="customers",
        summary=Text("حظر عميل", "Ban Customer"),
        description=Text(
            "يُحظر العميل لسبب؛ وإن كان محظورًا صار هذا سببه. يظهر ذلك في `fields[]=is_blocked` "
            "و `fields[]=block_reason`، ولا يتغير من غيرهما إلا `updated_at`.",
            "The customer is banned for a reason; of one who is banned, the reason is replaced. "
            "`fields[]=is_blocked` and `fields[]=block_reason` show it; of the other keys only "
            "`updated_at` changes.",
        ).then(CONDITIONAL),
        answers={
            201: _answered(Text("محظور.", "It is banned."), BANNED, 201),
            422: invalid(
                Text("لا سبب، أو سبب لا يُقبل.", "No reason, or one that cannot be kept."),
                Invalid({"reason": ["required"]}),
                Invalid({"reason": [f"max:{REASON_LENGTH}"]}),
            ),
        },
        parameters=("customer", "if_match", "accept_language", "request_id"),
        refusals=("BadRequest", "NotFound", "PreconditionFailed"),
        body=Sent(
            "Ban",
            {
                "documented": {
                    "summary": Text("حظر", "A ban"),
                    "value": {"reason": "untrusted customer"},
                }
            },
        ),
    ),
    ("DELETE", _PATH): Operation(
        id="unbanCustomer",
        tag="customers",
        summary=Text("رفع الحظر", "Un-Ban Customer"),
        description=Text(
            "يُرفع الحظر ويُمحى سببه. من لم يُحظر يبقى كما هو، والجواب نفسه.",
            "The ban and its reason are gone. One who is not banned stays as it is, and the answer "
            "is the same.",
        ).then(CONDITIONAL),
        answers={202: _answered(Text("غير محظور.", "It is not banned."), UNBANNED, 202)},
        parameters=("customer", "if_match", "accept_language", "request_id"),
        refusals=("NotFound", "PreconditionFailed"),
    ),
}
"""By method and path, as in the table of routes."""
