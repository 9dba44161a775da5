"""The page of a namespace: its clock, which forms move, and its snapshots."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sijill.console.formats import moment
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.sandbox.console.changing import Done, Form, changing
from sijill.sandbox.console.showing import Pages, show
from sijill.sandbox.namespace import MAX_SNAPSHOTS, Namespace
from sijill.sandbox.new import YEARS
from sijill.values.dates import zone
from sijill.values.texts import ascii_digits

STEPS: Mapping[str, int] = {"10m": 600, "1h": 3_600, "1d": 86_400}
"""The seconds that each button moves the clock on."""


class ClockPages(Pages):
    """Answers with the clock of a namespace, and moves it."""

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the clock and the snapshots. Raises: Unavailable."""
        return await page(self.namespace, visit)

    @changing("clock")
    async def advance(self, visit: Visit, form: Form) -> Done | Response:
        """Move the clock on by a step."""
        seconds = STEPS.get(form.get("step", ""))
        if seconds is None:
            return await page(self.namespace, visit, {"at": "sandbox_bad_step"})
        return await self._move(self.namespace.clock.now() + timedelta(seconds=seconds))

    @changing("clock")
    async def set(self, visit: Visit, form: Form) -> Done | Response:
        """Move the clock to a moment."""
        text = form.get("at", "")
        at = parse_moment(text, visit.store.timezone)
        fault = _fault(at, self.namespace.clock.now())
        if at is None or fault:
            return await page(self.namespace, visit, {"at": fault}, {"at": text})
        return await self._move(at)

    @changing("clock")
    async def freeze(self, visit: Visit, form: Form) -> Done | Response:
        """Let the clock stand still."""
        self.namespace.clock.freeze()
        return Done("/sandbox", "done_sandbox_frozen")

    @changing("clock")
    async def resume(self, visit: Visit, form: Form) -> Done | Response:
        """Let the clock run again."""
        self.namespace.clock.resume()
        self.namespace.background.wake()
        return Done("/sandbox", "done_sandbox_runs")

    async def _move(self, at: datetime) -> Done:
        moved = await self.namespace.background.move_to(at)
        return Done("/sandbox", "done_sandbox_moved", (len(moved.did),))


async def page(
    namespace: Namespace,
    visit: Visit,
    faults: Mapping[str, str] | None = None,
    sent: Mapping[str, str] | None = None,
) -> Response:
    """
    Return the page of a namespace.

    `faults` has the key of a word for each faulty field of a form, `sent` the value that it had.
    Raises: Unavailable.
    """
    timezone = visit.store.timezone
    due = await namespace.background.next_due()
    snapshots = [
        (name, moment(datetime.fromtimestamp(one.at, UTC), timezone), one.customers)
        for name, one in namespace.snapshots.items()
    ]
    return show(
        visit,
        namespace,
        "sandbox.html",
        status=422 if faults else 200,
        now=moment(namespace.clock.now(), timezone),
        frozen=namespace.clock.is_frozen,
        due=None if due is None else moment(due, timezone),
        timezone=timezone,
        steps=[*STEPS],
        snapshots=snapshots[::-1],
        most=MAX_SNAPSHOTS,
        faults=faults or {},
        sent=sent or {},
    )


def parse_moment(text: str, timezone: str) -> datetime | None:
    """Return the moment of `2026-03-01T10:00` in a time zone; None for any other text."""
    try:
        at = datetime.fromisoformat(ascii_digits(text.strip()))
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone(timezone))


def _fault(at: datetime | None, now: datetime) -> str:
    """Return the key of the word of what is wrong with a moment; "" if a clock may go there."""
    if at is None or at.year > 9000 or at > now + timedelta(seconds=YEARS):
        return "sandbox_bad_moment"
    return "sandbox_no_way_back" if at < now else ""
