"""The way into the console, and how it looks to a person."""

from dataclasses import dataclass

from sijill.console.answers import back, show
from sijill.console.desk import Desk
from sijill.http.request import Request, Response
from sijill.oauth.browser import lead, see_other
from sijill.oauth.visits import Visit
from sijill.pages.html import without_language
from sijill.pages.look import chosen_look, keep_language, keep_look


@dataclass(frozen=True)
class HomePages:
    """Answers at the address of the console itself."""

    desk: Desk

    async def choose(self, request: Request, visit: Visit) -> Response:
        """Lead to the only store of a person, or let the person choose one."""
        kept = keep_language(request)
        if len(visit.stores) == 1:
            return lead(request, visit.at(), *kept)
        return show(visit, "stores.html", "", *kept)

    async def keep_look(self, request: Request, visit: Visit) -> Response:
        """Keep the language and the theme that a person chose. Raises: BadRequest; ForgedForm."""
        form = await visit.form()
        look = chosen_look(visit.look, form.get("language", ""), form.get("theme", ""))
        target = back(visit, form.get("back", ""))
        if form.get("language"):  # an address in the other language would hide the choice
            target = without_language(target)
        return see_other(target, keep_look(request, look))
