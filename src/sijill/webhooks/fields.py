"""The fields of a webhook in bodies and queries: Register, Update and Deactivate Webhook."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, get_args

from sijill.errors import Invalid
from sijill.fields.doors import body_id, body_integer
from sijill.fields.field import Field, Kind, Table
from sijill.fields.form import Fields, Refused
from sijill.fields.lists import read_list
from sijill.fields.texts import choice, text
from sijill.http.query import Pairs
from sijill.localized import Localized
from sijill.oauth.apps import Strategy
from sijill.values.texts import is_blank, is_unstorable_text, trimmed
from sijill.webhooks.events import EVENTS
from sijill.webhooks.model import VERSIONS
from sijill.webhooks.rule_parser import MAX_CHARACTERS, BadRule, parse_rule
from sijill.webhooks.signing import MAX_HEADERS, header_fault, headers_fault

NAME_LENGTH = SECRET_LENGTH = 255

Accepts = Callable[[str], bool]
"""Whether something may be sent to a URL."""


def _read_url(value: Any, accepts: Accepts) -> str:
    url = trimmed(value) if isinstance(value, str) else ""
    if accepts(url):
        return url
    raise Refused("url")


def _read_event(value: Any) -> str:
    event = trimmed(value) if isinstance(value, str) else ""
    if event in EVENTS:
        return event
    raise Refused("invalid")


def _read_version(value: Any) -> int:
    number = body_integer(value)
    if number in VERSIONS:
        return number
    raise Refused("integer" if number is None else "invalid")


def _read_as_written(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise Refused("string")


def _read_rule(value: Any) -> str:
    rule = _read_as_written(value)
    try:
        parse_rule(rule)
    except BadRule as bad:
        raise Refused(bad.fault) from None
    return rule


def _read_secret(value: Any) -> str:
    secret = _read_as_written(value)  # every character of it signs
    if len(secret) > SECRET_LENGTH:
        raise Refused(f"max:{SECRET_LENGTH}")
    return secret


def _read_headers(value: Any) -> tuple[tuple[str, str], ...]:
    headers = []
    faults: dict[str, list[str]] = {}
    for place, item in enumerate(read_list(value, max_items=MAX_HEADERS, read_item=lambda it: it)):
        try:
            headers.append(_read_header(item))
        except Refused as refused:
            faults |= {inner: [*rules] for inner, rules in refused.at(str(place)).items()}
    names = [name.lower() for name, _ in headers]
    for place, name in enumerate(names):
        if name in names[:place]:
            faults.setdefault(f"{place}.key", []).append("taken")
    if fault := headers_fault(headers):
        faults[""] = [fault]
    if faults:
        raise Refused(faults)
    return tuple(headers)


def _read_header(item: Any) -> tuple[str, str]:
    """Return a name and a value; a value may be empty, a name may not."""
    if not isinstance(item, dict):
        raise Refused("invalid")
    name, value = item.get("key"), item.get("value")
    if not isinstance(name, str) or not isinstance(value, str):
        raise Refused(
            {
                part: ["required" if sent is None else "string"]
                for part, sent in (("key", name), ("value", value))
                if not isinstance(sent, str)
            }
        )
    if fault := header_fault(name, value):
        raise Refused({"value" if fault == "header_value" else "key": [fault]})
    return name, value


_TEXT = Kind({"type": "string"})
_HEADER = Table(
    Field("key", _TEXT, sentence=Localized("اسم الترويسة.", "The header's name.")),
    Field("value", _TEXT, sentence=Localized("قيمة الترويسة.", "Its value.")),
)


def _optional(name: str, kind: Kind, ar: str, en: str, empty: Any = None) -> Field:
    return Field(name, kind, empty, clears=True, sentence=Localized(ar, en))


_URL = Field(
    "url",
    _TEXT,
    paired=True,  # with the server's rules of where it may send
    sentence=Localized(
        "العنوان الذي تُرسل إليه الأحداث: `https` على عنوان عام، بالمنفذ 443 أو 8443، ما لم يسمح "
        "مدير الخادم بغيره.",
        "The URL that receives events: `https` to a public address on port 443 or 8443, unless "
        "the operator allows more.",
    ),
)
_EVENT = Field(
    "event", Kind({"enum": [*EVENTS]}, _read_event), sentence=Localized("الحدث.", "The event.")
)
_OTHERS = (
    _optional("name", text(NAME_LENGTH), "اسم من عندك.", "A name of your own.", ""),
    _optional(
        "version",
        Kind({"enum": [1, 2, "1", "2"]}, _read_version),
        "1 أو 2، والافتراضي 2.",
        "1 or 2; 2 by default.",
        VERSIONS[-1],
    ),
    _optional(
        "rule",
        Kind({"type": "string", "maxLength": MAX_CHARACTERS}, _read_rule),
        "شرط على بيانات العميل، مثل `gender = male AND city != Riyadh`؛ مع الإصدار 2.",
        "A condition on the customer, such as `gender = male AND city != Riyadh`; with version 2.",
    ),
    _optional(
        "headers",
        Kind(
            {
                "type": ["array", "null"],
                "items": _HEADER.schema("key", "value"),
                "maxItems": MAX_HEADERS,
            },
            _read_headers,
        ),
        "ترويسات تُرسل كما هي؛ والقيمة `********` تُبقي ما حُفظ تحت الاسم.",
        "Headers that are sent as written; the value `********` leaves the one that is stored "
        "under the name.",
        (),
    ),
    _optional(
        "security_strategy",
        choice(get_args(Strategy)),
        "`signature` توقيع، و `token` السر نفسه في `Authorization`، و `none` لا شيء. والافتراضي "
        "`signature` إن عُرف سر.",
        "`signature` signs, `token` sends the secret itself in `Authorization`, `none` does "
        "neither. By default `signature` if there is a secret.",
    ),
    _optional(
        "secret",
        Kind({"type": "string", "maxLength": SECRET_LENGTH}, _read_secret, is_exact=True),
        "السر؛ وبدونه سر التطبيق إن كان له. لا يُذكر في أي رد؛ و `********` يُبقي ما حُفظ.",
        "The secret; without it, the app's own if it has one. No answer contains it, and "
        "`********` leaves the stored one.",
    ),
)
"""An empty value gives a webhook the value that it would have without the field."""

_EMPTY: tuple[Any, ...] = (None, "", [], {})
SUBSCRIPTION = Table(_URL, _EVENT, *_OTHERS, empty=_EMPTY)
WEBHOOK = Table(_URL, *_OTHERS, empty=_EMPTY)


class Removal(NamedTuple):
    """Which webhooks to remove: the one with an id, and all with a URL."""

    webhook_id: int | None
    url: str | None


def read_subscription(fields: Fields, accepts: Accepts) -> dict[str, Any]:
    """
    Return the values of a new webhook by documented name, without those that the body omits.

    Source: Salla "Register Webhook". Raises: Invalid naming every faulty field: `headers.0.key`.
    """
    return _read(SUBSCRIPTION, {"url": None, "event": None} | dict(fields), accepts)


def read_change(fields: Fields, accepts: Accepts) -> dict[str, Any]:
    """
    Return the values that a body writes over those of a webhook; its event cannot change.

    Source: Salla "Update Webhook". Raises: Invalid as for `read_subscription`.
    """
    return _read(WEBHOOK, {name: v for name, v in fields.items() if name != "event"}, accepts)


def read_removal(pairs: Pairs) -> Removal:
    """
    Return which webhooks a query names.

    Source: Salla "Deactivate Webhook". Raises: Invalid for a faulty id, or for neither id nor URL.
    """
    query = dict(pairs)
    text, url = query.get("id", ""), trimmed(query.get("url", "")) or None
    webhook_id = body_id(text)
    if webhook_id is None and (url is None or not is_blank(text)):
        raise Invalid({"id": ["integer"]})
    if is_unstorable_text(url):
        raise Invalid({"url": ["characters"]})
    return Removal(webhook_id, url)


def _read(table: Table, fields: Fields, accepts: Accepts) -> dict[str, Any]:
    form, values = table.read(fields, url=partial(_read_url, accepts=accepts))
    form.check()
    return values
