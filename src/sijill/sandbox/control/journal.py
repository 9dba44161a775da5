"""Control calls about the requests that a namespace got, and the deliveries that it made."""

from collections.abc import Callable
from typing import Any

import msgspec

from sijill.http.query import parse_query
from sijill.sandbox.control.bodies import DeliveryMatch, Match, RequestMatch, Wait
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.ring import Ring


def _reading(noun: str, kind: type[Match], ring_of: Callable[[Namespace], Ring[Any]]) -> Handlers:
    """Return the calls that list the entries of a ring, and wait for them."""

    async def show(call: Call) -> Any:
        asked = dict(parse_query(call.request.query))
        try:
            match = msgspec.convert(asked, kind, strict=False)
        except msgspec.ValidationError as fault:
            raise Problem(422, str(fault)) from None
        ring = ring_of(call.namespace)
        return {noun: ring.find(match.fits), "overflowed": ring.overflowed}

    async def wait(call: Call) -> Any:
        asked = call.body(Wait[kind])  # type: ignore[valid-type]
        ring = ring_of(call.namespace)
        found = await ring.wait(asked.fits, asked.count, asked.within)
        if len(found) < asked.count:
            raise Problem(408, f"{len(found)} of {asked.count} {noun} came in time")
        return {noun: found, "overflowed": ring.overflowed}

    return {("GET", noun): show, ("POST", f"{noun}/wait"): wait}


HANDLERS: Handlers = {
    **_reading("requests", RequestMatch, lambda namespace: namespace.journal),
    **_reading("deliveries", DeliveryMatch, lambda namespace: namespace.hooks.attempts),
}
