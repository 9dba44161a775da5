"""The first page of a store: how much there is, and whether the server is well."""

from dataclasses import dataclass
from datetime import timedelta

from sijill import __version__
from sijill.console.answers import show
from sijill.console.desk import Desk
from sijill.customers.model import CustomerFilter
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class OverviewPage:
    """Answers with the overview of a store."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the page. Raises: Unavailable."""
        customers, groups = self.desk.register.customers, self.desk.register.groups
        store_id, since = visit.store.id, self.desk.now() - LATELY
        whole = await customers.page(store_id, CustomerFilter(), offset=0, limit=1)
        lately = await customers.page(store_id, CustomerFilter(since=since), offset=0, limit=1)
        in_groups = await groups.page(store_id, offset=0, limit=1)
        figures = [
            ("overview_customers", whole.total, None),
            ("overview_lately", lately.total, None),
            ("overview_groups", in_groups.total, None),
        ]
        return show(visit, "overview.html", "nav_overview", figures=figures, version=__version__)
