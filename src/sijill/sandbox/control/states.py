"""Control calls about the state of a namespace as a file."""

import asyncio
from typing import Any

from sijill.http.request import Response
from sijill.oauth.tokens import digest
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem
from sijill.sandbox.state import SCHEMA, BadState, OtherSchema, read_state, written

_HEADERS = [(b"cache-control", b"no-store"), (b"content-type", b"application/octet-stream")]


async def _get(call: Call) -> Any:
    snapshot = await call.namespace.snapshot()
    return Response(200, await asyncio.to_thread(written, snapshot), [*_HEADERS])


async def _put(call: Call) -> Any:
    token = digest(call.namespace.identity.credentials.token)
    content = call.request.content.read()
    try:
        state = await asyncio.to_thread(read_state, content, call.namespaces.image, token)
    except BadState as fault:
        raise Problem(422, f"the body is no state: {fault}") from None
    except OtherSchema:
        raise Problem(409, f"the state has not the schema {SCHEMA} of this Sijill") from None
    await call.namespace.restore(state)
    described = state.described("")
    return {"customers": described["customers"], "at": described["at"]}


HANDLERS: Handlers = {("GET", "state"): _get, ("PUT", "state"): _put}
