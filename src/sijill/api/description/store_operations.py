"""Store Information and User Information in words."""

from datetime import UTC, datetime
from typing import Any

from msgspec import json

from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import JSON, Answer, Body, Operation
from sijill.api.description.schemas import shape, success
from sijill.api.description.wording import Json, Text
from sijill.http.envelope import success as answered
from sijill.oauth.owners import Owner
from sijill.stores.model import Store
from sijill.stores.wire import info, user

_DEMO = Store(1305146709, "demo", plan="special")
_NOURA = Owner(
    id=1689171978,
    name="Noura",
    email="owner@example.com",
    mobile="+966500000001",
    created_at=datetime(2026, 3, 27, 18, 51, 56, tzinfo=UTC),
)


def _schema(value: Any) -> Json:
    """Return the shape of a value: its keys in their order, and their types."""
    if isinstance(value, dict):
        return shape({name: _schema(inner) for name, inner in value.items()})
    if isinstance(value, bool):
        return {"type": "boolean"}
    return {"type": "integer" if isinstance(value, int) else "string"}


def _known(name: str, summary: Text, description: Text, data: Json) -> Operation:
    value = json.decode(answered(data))
    example = {"documented": {"summary": summary, "value": value}}
    return Operation(
        id=name,
        tag="store",
        summary=summary,
        description=description.then(
            Text("يكفيه أي رمز صالح.", "Any valid token will do."),
            Text("ما لا يحفظه سجل نص فارغ.", 'What Sijill does not keep is "".'),
        ),
        answers={
            200: Answer(
                summary,
                {JSON: Body(shape(success(_schema(data))), lambda _: example)},
                ("ETag", *API, *LIMITS),
            )
        },
        parameters=("if_none_match", "accept_language", "request_id"),
        cached=True,
    )


STORE_OPERATIONS = {
    ("GET", "/store/info"): _known(
        "getStore",
        Text("معلومات المتجر", "Store Information"),
        Text("متجر رمز الوصول.", "The access token's store."),
        info(_DEMO),
    ),
    ("GET", "/oauth2/user/info"): _known(
        "getUser",
        Text("معلومات المستخدم", "User Information"),
        Text(
            "من ثبّت التطبيق، ومتجره، وصلاحيات الرمز ونهايته: المالك الذي أذن له؛ وإن ثبّته "
            "المشغّل بأمر فالمتجر مكانه.",
            "Whoever installed the app, the store, and the token's scopes and expiry: the owner "
            "who let it in. Where the operator did so by a command, the store stands for its own.",
        ),
        user(_DEMO, 1000000001, ["customers.read"], 1721326955, _NOURA),
    ),
}
"""By method and path, as in the table of routes."""
