"""A namespace is reset, and its rows and its time are kept and brought back as snapshots."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sijill.console.answers import go
from sijill.console.formats import moment
from sijill.errors import NotFound
from sijill.http.query import parse_query
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.sandbox.console.clock import page
from sijill.sandbox.console.showing import note, show, stay
from sijill.sandbox.namespace import Namespace, TooMany

_NAME = re.compile(r"[^/\x00-\x1f\x7f]{1,64}")
"""The names of snapshots that a form takes."""


@dataclass(frozen=True)
class StatePages:
    """Resets a namespace, and saves and loads its snapshots."""

    namespace: Namespace

    async def ask_reset(self, request: Request, visit: Visit) -> Response:
        """Answer with the question before a reset."""
        return show(visit, self.namespace, "sandbox_reset.html")

    async def reset(self, request: Request, visit: Visit) -> Response:
        """Go back to the beginning. Raises: BadRequest; ForgedForm; Unavailable."""
        form = await visit.form()
        if form.get("confirmed") != "yes":
            return go(visit, "/sandbox/reset")
        await self.namespace.reset()
        await note(self.namespace, visit, "rows")
        return await stay(self.namespace, visit, "/sandbox", "done_sandbox_reset")

    async def save(self, request: Request, visit: Visit) -> Response:
        """Save a snapshot by its name. Raises: BadRequest; ForgedForm; Unavailable."""
        form = await visit.form()
        name = form.get("snapshot", "").strip()
        if not _NAME.fullmatch(name):
            fault = "sandbox_bad_name"
        else:
            try:
                await self.namespace.save(name)
                await note(self.namespace, visit, "snapshots")
                return go(visit, "/sandbox", "done_sandbox_saved")
            except TooMany:
                fault = "sandbox_too_many"
        return await page(self.namespace, visit, {"snapshot": fault}, {"snapshot": name})

    async def ask_load(self, request: Request, visit: Visit) -> Response:
        """Answer with the question before a snapshot is loaded; without it, lead to all of them."""
        name = dict(parse_query(request.query)).get("snapshot", "")
        snapshot = self.namespace.snapshots.get(name)
        if snapshot is None:
            return go(visit, "/sandbox")
        at = moment(datetime.fromtimestamp(snapshot.at, UTC), visit.store.timezone)
        customers = snapshot.customers
        return show(
            visit, self.namespace, "sandbox_load.html", name=name, at=at, customers=customers
        )

    async def load(self, request: Request, visit: Visit) -> Response:
        """Go back to a snapshot. Raises: BadRequest; ForgedForm; NotFound; Unavailable."""
        form = await visit.form()
        name = form.get("snapshot", "")
        if name not in self.namespace.snapshots:
            raise NotFound
        await self.namespace.load(name)
        await note(self.namespace, visit, "rows")
        return await stay(self.namespace, visit, "/sandbox", "done_sandbox_loaded")

    async def forget(self, request: Request, visit: Visit) -> Response:
        """Delete a snapshot. Raises: BadRequest; ForgedForm; Unavailable."""
        form = await visit.form()
        if self.namespace.snapshots.pop(form.get("snapshot", ""), None) is not None:
            await note(self.namespace, visit, "snapshots")
        return go(visit, "/sandbox", "done_sandbox_forgotten")
