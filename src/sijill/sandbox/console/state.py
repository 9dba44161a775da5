"""A namespace is reset, and its rows and its time are kept and brought back as snapshots."""

import re
from datetime import UTC, datetime

from sijill.console.answers import go
from sijill.console.formats import moment
from sijill.errors import NotFound
from sijill.http.query import parse_query
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.sandbox.console.changing import Done, Form, changing
from sijill.sandbox.console.clock import page
from sijill.sandbox.console.showing import Pages, show
from sijill.sandbox.namespace import TooMany

_NAME = re.compile(r"[^/\x00-\x1f\x7f]{1,64}")
"""The names of snapshots that a form takes."""


class StatePages(Pages):
    """Resets a namespace, and saves and loads its snapshots."""

    async def ask_reset(self, request: Request, visit: Visit) -> Response:
        """Answer with the question before a reset."""
        return show(visit, self.namespace, "sandbox_reset.html")

    @changing("rows")
    async def reset(self, visit: Visit, form: Form) -> Done | Response:
        """Go back to the beginning."""
        if form.get("confirmed") != "yes":
            return go(visit, "/sandbox/reset")
        await self.namespace.reset()
        return Done("/sandbox", "done_sandbox_reset")

    @changing("snapshots")
    async def save(self, visit: Visit, form: Form) -> Done | Response:
        """Save a snapshot by its name."""
        name = form.get("snapshot", "").strip()
        if not _NAME.fullmatch(name):
            fault = "sandbox_bad_name"
        else:
            try:
                await self.namespace.save(name)
                return Done("/sandbox", "done_sandbox_saved")
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

    @changing("rows")
    async def load(self, visit: Visit, form: Form) -> Done | Response:
        """Go back to a snapshot. Raises: NotFound."""
        name = form.get("snapshot", "")
        if name not in self.namespace.snapshots:
            raise NotFound
        await self.namespace.load(name)
        return Done("/sandbox", "done_sandbox_loaded")

    @changing("snapshots")
    async def forget(self, visit: Visit, form: Form) -> Done | Response:
        """Delete a snapshot."""
        done = Done("/sandbox", "done_sandbox_forgotten")
        if self.namespace.snapshots.pop(form.get("snapshot", ""), None) is None:
            return done.answer(visit)
        return done
