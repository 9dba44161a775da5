"""
The table of the console: each page and each form, and what a person has to be allowed to do.

The guard lets nobody past a row: it asks `oauth.roles.MAY` whether the person's role permits it.
"""

from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sijill.console.answers import refused_page
from sijill.http.request import Request, Response
from sijill.http.router import Route
from sijill.oauth.browser import lead
from sijill.oauth.roles import Permission
from sijill.oauth.session_handlers import CONSOLE

STORE = f"{CONSOLE}/{{store}}"
_CUSTOMERS = f"{STORE}/customers"
WEBHOOK = f"{STORE}/webhooks/{{webhook}}"
DELIVERY = f"{WEBHOOK}/deliveries/{{delivery}}"


class Row(NamedTuple):
    """One page or one form: where it is, which permission it needs, and what answers it."""

    method: str
    path: str
    permission: Permission
    handler: str
    """A part of `Console` and its method: `customers.show`."""


ROWS = (
    Row("GET", CONSOLE, "view_masked", "home.choose"),
    Row("GET", STORE, "view_masked", "overview.show"),
    Row("GET", f"{STORE}/live", "view_masked", "live.stream"),
    Row("POST", f"{STORE}/look", "view_masked", "home.keep_look"),
    Row("GET", _CUSTOMERS, "view_masked", "customers.browse"),
    Row("GET", f"{_CUSTOMERS}/new", "change_customers", "customer_changes.new"),
    Row("POST", f"{_CUSTOMERS}/new", "change_customers", "customer_changes.create"),
    Row("POST", f"{_CUSTOMERS}/reveal", "reveal", "customers.reveal"),
    Row("POST", f"{_CUSTOMERS}/hide", "reveal", "customers.hide"),
    Row("GET", f"{_CUSTOMERS}/export", "export", "customers.ask_export"),
    Row("POST", f"{_CUSTOMERS}/export", "export", "customers.export"),
    Row("GET", f"{_CUSTOMERS}/act", "change_customers", "all_matches.ask"),
    Row("POST", f"{_CUSTOMERS}/act", "change_customers", "all_matches.begin"),
    Row("GET", f"{_CUSTOMERS}/act/{{change}}", "change_customers", "all_matches.show"),
    Row("POST", f"{_CUSTOMERS}/act/{{change}}/confirm", "change_customers", "all_matches.confirm"),
    Row("POST", f"{_CUSTOMERS}/act/{{change}}/stop", "change_customers", "all_matches.stop"),
    Row("POST", f"{_CUSTOMERS}/import", "import", "imports.upload"),
    Row("GET", f"{_CUSTOMERS}/{{customer}}", "view_masked", "customer.show"),
    Row("GET", f"{_CUSTOMERS}/{{customer}}/timeline", "view_masked", "customer.timeline"),
    Row("GET", f"{_CUSTOMERS}/{{customer}}/api", "view_masked", "customer.api"),
    Row("POST", f"{_CUSTOMERS}/{{customer}}/reveal", "reveal", "customer.reveal"),
    Row("GET", f"{_CUSTOMERS}/{{customer}}/edit", "change_customers", "customer_changes.edit"),
    Row("POST", f"{_CUSTOMERS}/{{customer}}/edit", "change_customers", "customer_changes.update"),
    Row("GET", f"{_CUSTOMERS}/{{customer}}/ban", "change_customers", "customer_changes.ask_ban"),
    Row("POST", f"{_CUSTOMERS}/{{customer}}/ban", "change_customers", "customer_changes.ban"),
    Row("POST", f"{_CUSTOMERS}/{{customer}}/unban", "change_customers", "customer_changes.unban"),
    Row(
        *("GET", f"{_CUSTOMERS}/{{customer}}/delete"),
        *("change_customers", "customer_changes.ask_delete"),
    ),
    Row(
        *("POST", f"{_CUSTOMERS}/{{customer}}/delete"),
        *("change_customers", "customer_changes.delete"),
    ),
    Row("GET", f"{STORE}/groups", "view_masked", "groups.index"),
    Row("GET", f"{STORE}/groups/new", "change_customers", "groups.new"),
    Row("POST", f"{STORE}/groups/new", "change_customers", "groups.create"),
    Row("GET", f"{STORE}/groups/{{group}}", "view_masked", "groups.show"),
    Row("POST", f"{STORE}/groups/{{group}}", "change_customers", "groups.update"),
    Row("POST", f"{STORE}/groups/{{group}}/delete", "change_customers", "groups.delete"),
    Row("GET", f"{STORE}/imports", "import", "imports.index"),
    Row("GET", f"{STORE}/imports/{{import}}", "import", "imports.show"),
    Row("POST", f"{STORE}/imports/{{import}}/rehearse", "import", "imports.rehearse"),
    Row("POST", f"{STORE}/imports/{{import}}/begin", "import", "imports.begin"),
    Row("POST", f"{STORE}/imports/{{import}}/discard", "import", "imports.discard"),
    Row("GET", f"{STORE}/imports/{{import}}/rejects", "import", "imports.rejects"),
    Row("POST", f"{STORE}/imports/{{import}}/undo", "import", "imports.undo"),
    Row("GET", f"{STORE}/apps", "manage_apps", "apps.list"),
    Row("GET", f"{STORE}/apps/tokens/{{token}}/revoke", "manage_apps", "apps.ask_revoke"),
    Row("POST", f"{STORE}/apps/tokens/{{token}}/revoke", "manage_apps", "apps.revoke"),
    Row("GET", f"{STORE}/webhooks", "view_masked", "webhooks.list"),
    Row("GET", WEBHOOK, "view_masked", "webhooks.show"),
    Row("POST", f"{WEBHOOK}/resume", "manage_apps", "webhooks.resume"),
    Row("GET", f"{WEBHOOK}/test", "redeliver", "event_tests.ask"),
    Row("POST", f"{WEBHOOK}/test", "redeliver", "event_tests.send"),
    Row("GET", DELIVERY, "view_masked", "webhooks.show_delivery"),
    Row("POST", f"{DELIVERY}/redeliver", "redeliver", "webhooks.redeliver"),
    Row("GET", f"{STORE}/limits", "view_masked", "limits.show"),
    Row("GET", f"{STORE}/audit", "view_audit", "audit.show"),
    Row("GET", f"{STORE}/health", "view_masked", "health.show"),
    Row("GET", f"{STORE}/mirror", "view_masked", "mirror.show"),
    Row("GET", f"{STORE}/mirror/tombstones", "view_masked", "mirror.tombstones"),
    Row("POST", f"{STORE}/mirror/pause", "manage_mirror", "mirror.pause"),
    Row("POST", f"{STORE}/mirror/resume", "manage_mirror", "mirror.resume"),
    Row("POST", f"{STORE}/mirror/sweep", "manage_mirror", "mirror.sweep"),
    Row("GET", f"{STORE}/mirror/release", "manage_mirror", "mirror.ask_release"),
    Row("POST", f"{STORE}/mirror/release", "manage_mirror", "mirror.release"),
    Row("GET", f"{STORE}/people", "manage_people", "people.list"),
    Row("GET", f"{STORE}/people/invite", "manage_people", "invitations.ask"),
    Row("POST", f"{STORE}/people/invite", "manage_people", "invitations.invite"),
    Row(
        *("POST", f"{STORE}/people/invitations/{{invitation}}/withdraw"),
        *("manage_people", "invitations.withdraw"),
    ),
    Row("GET", f"{STORE}/people/{{person}}", "manage_people", "people.show"),
    Row("POST", f"{STORE}/people/{{person}}/role", "manage_people", "people.set_role"),
    Row("GET", f"{STORE}/people/{{person}}/remove", "manage_people", "people.ask_remove"),
    Row("POST", f"{STORE}/people/{{person}}/remove", "manage_people", "people.remove"),
)
"""Every page and every form of the console."""


def console_routes(console: Any, rows: Sequence[Row] = ROWS) -> tuple[Route, ...]:
    """
    Return the routes of the console; `console` has the handler of each row.

    A face that adds pages to the console gives its own `rows`.
    """
    pages = {row.path for row in (*ROWS, *rows) if row.method == "GET"}
    return (
        *(
            Route(
                *(row.method, row.path, attrgetter(row.handler)(console)),
                permission=row.permission,
                for_people=True,
                undescribed=True,
                refuse=refused_page,
            )
            for row in rows
        ),
        *(_form_alone(row.path, pages) for row in rows if row.path not in pages),
    )


def _form_alone(path: str, pages: Collection[str]) -> Route:
    """
    Return the route that leads from the address of a form to the page above it.

    A page with faults stands at that address: people reload it there, or choose a language.
    """
    above = path
    while above not in pages:
        above = above.rpartition("/")[0]
    segments = path.count("/") - above.count("/")

    async def lead_up(request: Request) -> Response:
        return lead(request, request.path.decode("latin-1").rsplit("/", segments)[0])

    return Route("GET", path, lead_up, public=True, for_people=True, undescribed=True)
