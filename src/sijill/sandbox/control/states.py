"""Control calls about the state of a namespace as a file."""

import asyncio

from sijill.http.request import Response
from sijill.localized import Localized
from sijill.oauth.tokens import digest
from sijill.openapi.operation import BINARY
from sijill.sandbox.control.answers import StateAnswer
from sijill.sandbox.control.problems import Problem, Refusal
from sijill.sandbox.control.route import Call, ControlRoute
from sijill.sandbox.state import SCHEMA, BadState, OtherSchema, read_state, written

NO_STATE = Refusal(422, Localized("جسم الطلب ليس حالة", "the body is no state"))
OTHER_SCHEMA = Refusal(
    409,
    Localized(
        f"ليس للحالة مخطط سجل هذا، ورقمه {SCHEMA}",
        f"the state has not the schema {SCHEMA} of this Sijill",
    ),
)
_HEADERS = [(b"cache-control", b"no-store"), (b"content-type", BINARY.encode())]


async def _get(call: Call) -> Response:
    snapshot = await call.namespace.snapshot()
    return Response(200, await asyncio.to_thread(written, snapshot), [*_HEADERS])


async def _put(call: Call) -> StateAnswer:
    token = digest(call.namespace.identity.credentials.token)
    try:
        state = await asyncio.to_thread(read_state, call.body, call.namespaces.image, token)
    except BadState as fault:
        raise Problem(NO_STATE, f"the body is no state: {fault}") from None
    except OtherSchema:
        raise Problem(OTHER_SCHEMA) from None
    await call.namespace.restore(state)
    return StateAnswer(state.customers, state.moment)


ROUTES = (
    ControlRoute(
        *("GET", "ns/{ns}/state", _get),
        id="getState",
        summary=Localized("تنزيل الحالة ملفًا", "Save the state as a file"),
        description=Localized(
            "سطر من JSON وبعده قاعدة بيانات SQLite، وفيها أسرار الاشتراكات.",
            "A line of JSON, then a SQLite database, secrets of webhooks included.",
        ),
        answer=bytes,
    ),
    ControlRoute(
        *("PUT", "ns/{ns}/state", _put),
        id="putState",
        summary=Localized("رفع حالة من ملف", "Load the state of a file"),
        description=Localized(
            "للمساحة بعدها بيانات الملف ووقته، ورموزها وأسرارها هي.",
            "The namespace then has the rows and the time of the file, and its own secrets.",
        ),
        answer=StateAnswer,
        body=bytes,
        refusals=(OTHER_SCHEMA, NO_STATE),
    ),
)
