"""The first page of a store: how much there is, what happened lately, and whether all is well."""

from asyncio import gather
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from time import monotonic

from sijill.audit.actions import ACTIONS
from sijill.audit.search import EntryFilter
from sijill.console.answers import show
from sijill.console.changes import Change, changes_of, done, newest_changes
from sijill.console.chart import Chart, Series, chart
from sijill.console.desk import Desk
from sijill.console.health import examine
from sijill.console.words import words
from sijill.customers.model import CustomerFilter
from sijill.database.columns import micros
from sijill.http.request import Request, Response, chosen_language
from sijill.localized import Language
from sijill.oauth.visits import Visit
from sijill.values.dates import zone

DAYS = 14
"""Days of the picture, today among them."""

LATELY = timedelta(days=30)

SHOWN = 6
"""Changes that the page shows at most."""

PATIENCE = 0.02
"""Seconds after which no older part of the audit log is looked through."""


@dataclass(frozen=True)
class OverviewPage:
    """Answers with the overview of a store."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the page. Raises: Unavailable."""
        language = chosen_language(request)
        changes, complete = await self._changes(visit) if visit.may("view_audit") else (None, True)
        return show(
            visit,
            "overview.html",
            "nav_overview",
            figures=await self._figures(visit),
            picture=await self._picture(visit, language),
            changes=changes,
            complete=complete,
            sentences={name: done(name, language) for name in ACTIONS},
            health=await examine(self.desk, visit),
        )

    async def _figures(self, visit: Visit) -> list[tuple[str, int]]:
        """Return the words of the figures, and the figures."""
        register, store_id = self.desk.register, visit.store.id
        soon = self.desk.now() + timedelta(seconds=1)
        whole = await register.customers.page(store_id, CustomerFilter(), offset=0, limit=1)
        groups = await register.groups.page(store_id, offset=0, limit=1)
        return [
            ("overview_customers", whole.total),
            ("overview_lately", await register.customers.count(store_id, soon - LATELY, soon)),
            ("overview_groups", groups.total),
        ]

    async def _picture(self, visit: Visit, language: Language) -> Chart:
        """Return the picture of new customers, day by day in the time of the store."""
        bounds = days(self.desk.now(), visit.store.timezone)
        count, word = self.desk.register.customers.count, words(language)
        # At once: PostgreSQL answers them together, and one after another would be a wait for each.
        values = await gather(*(count(visit.store.id, *ends) for ends in pairwise(bounds)))
        labels = [bound.strftime("%m-%d") for bound in bounds[:-1]]
        return chart(word["overview_unit"], labels, [Series(word["overview_customers"], values)])

    async def _changes(self, visit: Visit) -> tuple[list[Change], bool]:
        """Return the newest changes as far as they are found at once, and whether these are all."""
        now, end = self.desk.now(), monotonic() + PATIENCE
        wanted = EntryFilter(since=micros(now - LATELY), store=visit.store.id)
        found = await newest_changes(self.desk, wanted, SHOWN, end)
        complete = len(found) == SHOWN or monotonic() <= end
        return await changes_of(self.desk, visit, found), complete


def days(now: datetime, timezone: str) -> list[datetime]:
    """Return the beginnings of the last DAYS days in a time zone, and that of tomorrow."""
    today = now.astimezone(zone(timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    # Days of a calendar: one of 23 or 25 hours counts as one.
    return [today + timedelta(days=number) for number in range(1 - DAYS, 2)]
