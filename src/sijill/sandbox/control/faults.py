"""Control calls about the faults of a namespace."""

from typing import Any

from sijill.sandbox.control.bodies import Rules
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem
from sijill.sandbox.faults import FaultsRefused, parse_rules


async def _show(call: Call) -> Any:
    return {"faults": call.namespace.faults.report()}


async def _put(call: Call) -> Any:
    try:
        call.namespace.faults.put(parse_rules(call.body(Rules).faults))
    except FaultsRefused as fault:
        raise Problem(422, str(fault)) from None
    return await _show(call)


async def _delete(call: Call) -> None:
    call.namespace.faults.put([])


HANDLERS: Handlers = {
    ("GET", "faults"): _show,
    ("PUT", "faults"): _put,
    ("DELETE", "faults"): _delete,
}
