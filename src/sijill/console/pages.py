"""The pages of the console, by their part."""

from typing import NamedTuple

from sijill.console.desk import Desk
from sijill.console.home import HomePages
from sijill.console.overview import OverviewPage


class Console(NamedTuple):
    """Answers requests for the console; each part has its own pages."""

    home: HomePages
    overview: OverviewPage


def console_of(desk: Desk) -> Console:
    """Return the console of a desk."""
    return Console(
        home=HomePages(desk),
        overview=OverviewPage(desk),
    )
