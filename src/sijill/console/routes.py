"""
The table of the console: each page and each form, and what a person has to be allowed to do.

The guard lets nobody past a row: it asks `oauth.roles.MAY` whether the person's role permits it.
"""

from operator import attrgetter
from typing import Any, NamedTuple

from sijill.console.answers import refused_page
from sijill.http.router import Route
from sijill.oauth.roles import Permission
from sijill.oauth.session_handlers import CONSOLE

STORE = f"{CONSOLE}/{{store}}"


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
    Row("POST", f"{STORE}/look", "view_masked", "home.keep_look"),
)
"""Every page and every form of the console."""


def console_routes(console: Any) -> tuple[Route, ...]:
    """Return the routes of the console; `console` has the handler of each row."""
    return tuple(
        Route(
            *(row.method, row.path, attrgetter(row.handler)(console)),
            permission=row.permission,
            for_people=True,
            undescribed=True,
            refuse=refused_page,
        )
        for row in ROWS
    )
