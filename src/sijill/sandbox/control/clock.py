"""Control calls about the clock of a namespace."""

from datetime import UTC, timedelta
from typing import Any

from sijill.sandbox.background import Moved
from sijill.sandbox.control.bodies import Advance, At
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.values.dates import utc_text


async def _show(call: Call) -> Any:
    clock = call.namespace.clock
    due = await call.namespace.background.next_due()
    mode = "frozen" if clock.is_frozen else "running"
    return {"now": utc_text(clock.now()), "mode": mode, "next_due": due and utc_text(due)}


async def _advance(call: Call) -> Any:
    seconds = timedelta(seconds=call.body(Advance).seconds)
    return _moved(await call.namespace.background.move_to(call.namespace.clock.now() + seconds))


async def _set(call: Call) -> Any:
    at = call.body(At).at
    if at.tzinfo is None:
        raise Problem(422, "at needs its zone: 2026-03-01T00:00:00Z")
    if at < call.namespace.clock.now():
        raise Problem(409, "a clock goes back only with a snapshot")
    return _moved(await call.namespace.background.move_to(at.astimezone(UTC)))


async def _freeze(call: Call) -> Any:
    call.namespace.clock.freeze()
    return await _show(call)


async def _resume(call: Call) -> Any:
    call.namespace.clock.resume()
    call.namespace.background.wake()
    return await _show(call)


def _moved(moved: Moved) -> Any:
    return {
        "from": utc_text(moved.begin),
        "to": utc_text(moved.end),
        "did": [_told(attempt) for attempt in moved.did],
        "next_due": moved.next_due and utc_text(moved.next_due),
    }


_TOLD = ("at", "id", "event", "webhook", "attempt", "outcome", "status", "fault")


def _told(attempt: Attempt) -> dict[str, Any]:
    return {"what": "delivery", **{name: getattr(attempt, name) for name in _TOLD}}


HANDLERS: Handlers = {
    ("GET", "clock"): _show,
    ("POST", "clock/advance"): _advance,
    ("POST", "clock/set"): _set,
    ("POST", "clock/freeze"): _freeze,
    ("POST", "clock/resume"): _resume,
}
