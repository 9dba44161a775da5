"""Control calls about the snapshots of a namespace."""

from typing import Any

from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem


async def _list(call: Call) -> Any:
    saved = call.namespace.snapshots.items()
    return {"snapshots": [snapshot.described(name) for name, snapshot in saved]}


async def _save(call: Call) -> Any:
    return await call.namespace.save(call.captured)


async def _load(call: Call) -> Any:
    try:
        return await call.namespace.load(call.captured)
    except KeyError:
        raise Problem(404, "there is no such snapshot") from None


async def _delete(call: Call) -> None:
    call.namespace.snapshots.pop(call.captured, None)


HANDLERS: Handlers = {
    ("GET", "snapshots"): _list,
    ("PUT", "snapshots/{}"): _save,
    ("POST", "snapshots/{}"): _load,
    ("DELETE", "snapshots/{}"): _delete,
}
