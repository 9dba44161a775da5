"""Control calls about the faults of a namespace."""

from typing import Any

from sijill.sandbox.control.bodies import Rules
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem
from sijill.sandbox.faults import FaultRule
from sijill.sandbox.rules import RulesRefused, parse_rules


async def _show(call: Call) -> Any:
    return {"faults": call.namespace.faults.report()}


async def _put(call: Call) -> Any:
    call.namespace.faults.put(_rules(call))
    return await _show(call)


async def _add(call: Call) -> Any:
    call.namespace.faults.add(_rules(call))
    return await _show(call)


def _rules(call: Call) -> list[FaultRule]:
    try:
        return parse_rules(call.body(Rules).faults, FaultRule)
    except RulesRefused as fault:
        raise Problem(422, str(fault)) from None


async def _delete(call: Call) -> None:
    call.namespace.faults.put([])


HANDLERS: Handlers = {
    ("GET", "faults"): _show,
    ("PUT", "faults"): _put,
    ("POST", "faults"): _add,
    ("DELETE", "faults"): _delete,
}
