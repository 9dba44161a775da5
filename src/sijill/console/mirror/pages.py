"""The page of a copy: its state, what it may ask, how far and how fresh it is, what is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment_of_micros, second
from sijill.console.mirror.lately import SPANS, lately
from sijill.console.mirror.reasons import reason_key
from sijill.console.mirror.slices import STATES, slice_picture
from sijill.console.paging import numbered_place_in, query_of_place
from sijill.console.words import words
from sijill.database.columns import micros
from sijill.errors import NotFound
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, chosen_language
from sijill.mirror.budget import LIMIT, WINDOW
from sijill.mirror.model import MICROS, MirrorStore, State, Tombstone
from sijill.mirror.progress import Progress, progress, used_by_lane
from sijill.mirror.table import LATEST
from sijill.oauth.visits import Visit

PLACE = "nav_mirror"

KINDS: dict[State, str] = {
    "linked": "info",
    "backfilling": "info",
    "live": "ok",
    "degraded": "warn",
    "paused": "off",
    "needs_authorisation": "fault",
    "halted": "fault",
}
"""The kind of the badge of each state."""

COUNTED = 100_000
"""Customers that a page counts: of more, it tells the number of the newest sample."""

FRESH = timedelta(minutes=15)
"""The age of a sample whose number still counts."""

SHOWN = 50
"""Tombstones of a page, and shapes of answers."""


@dataclass(frozen=True)
class MirrorPages:
    """Answers with a copy, and changes it as the commands of `sijill mirror` do."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the page. Raises: NotFound unless the store is linked; Unavailable."""
        register, now = self.desk.register, self.desk.now()
        store, word = await self._find(visit), words(chosen_language(request))
        chosen = dict(parse_query(request.query)).get("over", "")
        over = chosen if chosen in SPANS else "day"
        span, timezone = SPANS[over], visit.store.timezone
        samples = await register.mirror_history.since(store.store_id, now - span.whole)
        found = await self._progress(store)
        lanes = await used_by_lane(register.driver, store, now.timestamp())
        link = await register.mirror_links.find(store.store_id)
        until = None if link is None else link.expires_at
        return show(
            visit,
            "mirror.html",
            PLACE,
            store=store,
            kind=KINDS[found.state],
            why=reason_key(store.reason) if store.trouble else "",
            reason=store.reason.removeprefix("status_"),
            found=found,
            percent=int(100 * found.completeness),
            total_told=None
            if found.total_at is None
            else moment_of_micros(found.total_at, timezone),
            oldest=_span(found.oldest(now.timestamp())),
            left=_span(found.seconds_left) if found.pages_left else "",
            lanes=lanes,
            used=sum(lanes.values()),
            limit=LIMIT,
            window=WINDOW // MICROS,
            picture=slice_picture(found.slices),
            states=STATES,
            over=over,
            spans=[*SPANS],
            lately=lately(samples, now, span, timezone, word),
            shapes=await self._shapes(visit, store),
            token_until=None if until is None else moment_of_micros(until, timezone),
            hears=bool(link and link.webhook_secret),
        )

    async def tombstones(self, request: Request, visit: Visit) -> Response:
        """Answer with those whom upstream deleted. Raises: NotFound; Unavailable."""
        store = await self._find(visit)
        behind = numbered_place_in(request.query)
        found = await self.desk.register.mirror.tombstones(
            store.store_id, SHOWN + 1, behind or (LATEST, 0)
        )
        return show(
            visit,
            "mirror_tombstones.html",
            PLACE,
            rows=[(one.id, second(one.at, visit.store.timezone)) for one in found[:SHOWN]],
            is_first=behind is None,
            next=_following(found),
        )

    async def pause(self, request: Request, visit: Visit) -> Response:
        """Ask upstream for nothing. Raises: ForgedForm; NotFound; Unavailable."""
        await visit.form()
        await self.desk.register.mirror.by(visit.cause).pause(visit.store.id)
        return go(visit, "/mirror", "done_mirror_paused")

    async def resume(self, request: Request, visit: Visit) -> Response:
        """Go on after a pause. Raises: ForgedForm; NotFound; Unavailable."""
        await visit.form()
        await self.desk.register.mirror.by(visit.cause).resume(visit.store.id)
        return go(visit, "/mirror", "done_mirror_resumed")

    async def sweep(self, request: Request, visit: Visit) -> Response:
        """Let the whole list be read again. Raises: ForgedForm; NotFound; Unavailable."""
        await visit.form()
        await self.desk.register.mirror.by(visit.cause).want_sweep(visit.store.id)
        return go(visit, "/mirror", "done_mirror_sweep")

    async def ask_release(self, request: Request, visit: Visit) -> Response:
        """Answer with the question before a halt ends. Raises: NotFound; Unavailable."""
        store = await self._find(visit)
        if store.trouble != "halted":
            return go(visit, "/mirror")
        found = await self._progress(store)
        return show(visit, "mirror_release.html", PLACE, waiting=found.waiting, gone=found.gone)

    async def release(self, request: Request, visit: Visit) -> Response:
        """Let a halted copy go on. Raises: ForgedForm; NotFound; Unavailable."""
        form = await visit.form()
        store = await self._find(visit)
        if form.get("confirmed") != "yes" or store.trouble != "halted":
            return go(visit, "/mirror/release")
        await self.desk.register.mirror.by(visit.cause).release(store.store_id, self.desk.now())
        return go(visit, "/mirror", "done_mirror_released")

    async def _find(self, visit: Visit) -> MirrorStore:
        found = await self.desk.register.mirror.find(visit.store.id)
        if found is None:
            raise NotFound
        return found

    async def _progress(self, store: MirrorStore) -> Progress:
        register, now = self.desk.register, self.desk.now()
        held = None
        if (store.total or 0) > COUNTED:
            samples = await register.mirror_history.since(store.store_id, now - FRESH)
            held = samples[-1].held if samples else None
        return await progress(register.driver, store, now.timestamp(), held)

    async def _shapes(self, visit: Visit, store: MirrorStore) -> list[dict[str, Any]]:
        """Return the shapes of answers that were not as they should be, the newest first."""
        seen = await self.desk.register.mirror_shapes.all(store.store_id)
        found = [one for one in seen if one.shape.is_broken or one.shape.unknown]
        return [
            {
                "endpoint": one.endpoint,
                "at": moment_of_micros(one.first_at, visit.store.timezone),
                "is_broken": one.shape.is_broken,
                "missing": one.shape.missing,
                "retyped": one.shape.retyped,
                "unknown": one.shape.unknown,
            }
            for one in found[: -SHOWN - 1 : -1]
        ]


def _span(seconds: float) -> str:
    """Return a time as hours, minutes and seconds: `1:05:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,}:{minutes:02}:{rest:02}"


def _following(found: Sequence[Tombstone]) -> str | None:
    """Return the query of the next page; None if there is none."""
    if len(found) <= SHOWN:
        return None
    last = found[SHOWN - 1]
    return query_of_place((micros(last.at), last.id))
