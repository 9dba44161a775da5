"""The page of a namespace: its clock, which forms move, and its snapshots."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sijill.console.formats import moment
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.sandbox.console.showing import note, show, stay
from sijill.sandbox.namespace import MAX_SNAPSHOTS, Namespace
from sijill.sandbox.new import YEARS
from sijill.values.dates import zone
from sijill.values.texts import ascii_digits

STEPS: Mapping[str, int] = {"10m": 600, "1h": 3_600, "1d": 86_400}
"""The seconds that each button moves the clock on."""


@dataclass(frozen=True)
class ClockPages:
    """Answers with the clock of a namespace, and moves it."""

    namespace: Namespace

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the clock and the snapshots. Raises: Unavailable."""
        return await page(self.namespace, visit)

    async def advance(self, request: Request, visit: Visit) -> Response:
        """Move the clock on by a step. Raises: BadRequest; ForgedForm; Unavailable."""
        form = await visit.form()
        seconds = STEPS.get(form.get("step", ""))
        if seconds is None:
            return await page(self.namespace, visit, {"at": "sandbox_bad_step"})
        return await self._move(visit, self.namespace.clock.now() + timedelta(seconds=seconds))

    async def set(self, request: Request, visit: Visit) -> Response:
        """Move the clock to a moment. Raises: BadRequest; ForgedForm; Unavailable."""
        form = await visit.form()
        text = form.get("at", "")
        at = parse_moment(text, visit.store.timezone)
        fault = _fault(at, self.namespace.clock.now())
        if at is None or fault:
            return await page(self.namespace, visit, {"at": fault}, {"at": text})
        return await self._move(visit, at)

    async def freeze(self, request: Request, visit: Visit) -> Response:
        """Let the clock stand still. Raises: BadRequest; ForgedForm; Unavailable."""
        await visit.form()
        self.namespace.clock.freeze()
        await note(self.namespace, visit, "clock")
        return await stay(self.namespace, visit, "/sandbox", "done_sandbox_frozen")

    async def resume(self, request: Request, visit: Visit) -> Response:
        """Let the clock run again. Raises: BadRequest; ForgedForm; Unavailable."""
        await visit.form()
        self.namespace.clock.resume()
        self.namespace.background.wake()
        await note(self.namespace, visit, "clock")
        return await stay(self.namespace, visit, "/sandbox", "done_sandbox_runs")

    async def _move(self, visit: Visit, at: datetime) -> Response:
        moved = await self.namespace.background.move_to(at)
        await note(self.namespace, visit, "clock")
        return await stay(self.namespace, visit, "/sandbox", "done_sandbox_moved", len(moved.did))


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
