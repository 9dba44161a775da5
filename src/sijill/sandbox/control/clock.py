"""Control calls about the clock of a namespace."""

from datetime import UTC, timedelta

from sijill.localized import Localized
from sijill.sandbox.background import Moved
from sijill.sandbox.control.answers import Clock, Done, MovedClock, moment_text
from sijill.sandbox.control.bodies import Advance, At
from sijill.sandbox.control.problems import Problem, Refusal
from sijill.sandbox.control.route import Call, ControlRoute
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.values.dates import utc_text

NO_ZONE = Refusal(
    422,
    Localized("يلزم `at` منطقة زمنية", "at needs its zone: 2026-03-01T00:00:00Z"),
)
BACK = Refusal(
    409,
    Localized("لا تعود الساعة إلا بلقطة", "a clock goes back only with a snapshot"),
)
_WAY = Localized(
    "في الطريق تقف الساعة عند كل موعد إرسال، ويُرسل حينها فعلًا.",
    "On its way the clock stops whenever a delivery is due, and makes it.",
)


async def _show(call: Call) -> Clock:
    clock = call.namespace.clock
    due = await call.namespace.background.next_due()
    return Clock(
        utc_text(clock.now()), "frozen" if clock.is_frozen else "running", moment_text(due)
    )


async def _advance(call: Call) -> MovedClock:
    seconds = timedelta(seconds=call.body.seconds)
    return _moved(await call.namespace.background.move_to(call.namespace.clock.now() + seconds))


async def _set(call: Call) -> MovedClock:
    at = call.body.at
    if at.tzinfo is None:
        raise Problem(NO_ZONE)
    if at < call.namespace.clock.now():
        raise Problem(BACK)
    return _moved(await call.namespace.background.move_to(at.astimezone(UTC)))


async def _freeze(call: Call) -> Clock:
    call.namespace.clock.freeze()
    return await _show(call)


async def _resume(call: Call) -> Clock:
    call.namespace.clock.resume()
    call.namespace.background.wake()
    return await _show(call)


def _moved(moved: Moved) -> MovedClock:
    return MovedClock(
        utc_text(moved.begin),
        utc_text(moved.end),
        list(map(_done, moved.did)),
        moment_text(moved.next_due),
    )


_TOLD = ("at", "id", "event", "webhook", "attempt", "outcome", "status", "fault")


def _done(attempt: Attempt) -> Done:
    return Done("delivery", **{name: getattr(attempt, name) for name in _TOLD})


ROUTES = (
    ControlRoute(
        *("GET", "ns/{ns}/clock", _show),
        id="getClock",
        summary=Localized("قراءة الساعة", "Read the clock"),
        answer=Clock,
    ),
    ControlRoute(
        *("POST", "ns/{ns}/clock/advance", _advance),
        id="advanceClock",
        summary=Localized("تقديم الساعة مدة", "Move the clock on"),
        description=_WAY,
        answer=MovedClock,
        body=Advance,
        example={"seconds": 600},
    ),
    ControlRoute(
        *("POST", "ns/{ns}/clock/set", _set),
        id="setClock",
        summary=Localized("تقديم الساعة إلى وقت", "Move the clock to a time"),
        description=_WAY,
        answer=MovedClock,
        body=At,
        example={"at": "2030-03-01T00:00:00Z"},
        refusals=(BACK, NO_ZONE),
    ),
    ControlRoute(
        *("POST", "ns/{ns}/clock/freeze", _freeze),
        id="freezeClock",
        summary=Localized("إيقاف الساعة", "Stop the clock"),
        answer=Clock,
    ),
    ControlRoute(
        *("POST", "ns/{ns}/clock/resume", _resume),
        id="resumeClock",
        summary=Localized("تشغيل الساعة", "Let the clock run again"),
        answer=Clock,
    ),
)
