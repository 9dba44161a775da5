"""The shapes of what is sent about webhooks: every field, with its meaning."""

from sijill.api.description.schemas import shape
from sijill.api.description.wording import Json, Text
from sijill.webhooks.events import EVENTS
from sijill.webhooks.fields import NAME_LENGTH, SECRET_LENGTH, STRATEGIES
from sijill.webhooks.rule_parser import MOST_CHARACTERS
from sijill.webhooks.signing import MOST_HEADERS

_HEADER = shape(
    {
        "key": {"type": "string", "description": Text("اسم الترويسة.", "The header's name.")},
        "value": {"type": "string", "description": Text("قيمتها.", "Its value.")},
    }
)

_FIELDS: Json = {
    "name": {
        "type": ["string", "null"],
        "maxLength": NAME_LENGTH,
        "description": Text("اسم من عندك.", "A name of your own."),
    },
    "url": {
        "type": "string",
        "description": Text(
            "إلى أين تُرسل الأحداث: `https` إلى عنوان عام على المنفذ 443 أو 8443، ما لم يفتح المشغّل "
            "غيره.",
            "Where events are sent: `https` to a public address on port 443 or 8443, unless the "
            "operator lets more through.",
        ),
    },
    "version": {
        "enum": [1, 2, "1", "2", None],
        "description": Text("1 أو 2، والأصل 2.", "1 or 2; 2 unless said."),
    },
    "rule": {
        "type": ["string", "null"],
        "maxLength": MOST_CHARACTERS,
        "description": Text(
            "شرط على بيانات العميل، مثل `gender = male AND city != Riyadh`؛ مع الإصدار 2.",
            "A condition on the customer, as `gender = male AND city != Riyadh`; with version 2.",
        ),
    },
    "headers": {
        "type": ["array", "null"],
        "items": _HEADER,
        "maxItems": MOST_HEADERS,
        "description": Text("ترويسات تُرسل كما هي.", "Headers that are sent as they are."),
    },
    "security_strategy": {
        "enum": [*STRATEGIES, None],
        "description": Text(
            "`signature` توقيع، و `token` السر نفسه في `Authorization`، و `none` لا شيء. الأصل "
            "`signature` إن عُرف سر.",
            "`signature` signs, `token` sends the secret itself in `Authorization`, `none` does "
            "neither. Unless said, `signature` where a secret is known.",
        ),
    },
    "secret": {
        "type": ["string", "null"],
        "maxLength": SECRET_LENGTH,
        "description": Text(
            "السر؛ وبدونه سر التطبيق إن كان له. لا يُذكر في أي جواب.",
            "The secret; without it the app's own, if it has one. No answer tells it.",
        ),
    },
}
_EVENT: Json = {"enum": list(EVENTS), "description": Text("الحدث.", "The event.")}

WEBHOOK_REQUESTS: Json = {
    "Subscription": shape(
        {"event": _EVENT, **_FIELDS}, *(name for name in _FIELDS if name != "url")
    ),
    "WebhookFields": shape(
        _FIELDS,
        *_FIELDS,
        description=Text(
            "ما يُكتب من الـ webhook. كل حقل اختياري، والمجهول يُهمل.",
            "What is written of a webhook. Every field is optional, unknown ones are ignored.",
        ),
    ),
}
"""The rows that webhooks have among `requests.REQUESTS`."""
