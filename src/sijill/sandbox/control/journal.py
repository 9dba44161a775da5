"""Control calls about the requests that a namespace has got."""

from typing import Any

import msgspec

from sijill.http.query import parse_query
from sijill.sandbox.control.bodies import Match, Wait
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem


async def _list(call: Call) -> Any:
    asked = dict(parse_query(call.request.query))
    try:
        match = msgspec.convert(asked, Match, strict=False)
    except msgspec.ValidationError as fault:
        raise Problem(422, str(fault)) from None
    journal = call.namespace.journal
    return {"requests": journal.find(match.fits), "overflowed": journal.overflowed}


async def _wait(call: Call) -> Any:
    wait = call.body(Wait)
    journal = call.namespace.journal
    found = await journal.wait(wait.match.fits, wait.count, wait.within)
    if len(found) < wait.count:
        raise Problem(408, f"{len(found)} of {wait.count} requests came in time")
    return {"requests": found, "overflowed": journal.overflowed}


HANDLERS: Handlers = {
    ("GET", "requests"): _list,
    ("POST", "requests/wait"): _wait,
}
