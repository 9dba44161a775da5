"""The people of a store and their roles; commands make and change them."""

from dataclasses import dataclass

from sijill.console.answers import show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit

PLACE = "nav_people"


@dataclass(frozen=True)
class PeoplePage:
    """Answers with the people of a store."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with everybody who has an account of the store. Raises: Unavailable."""
        people = await self.desk.register.people.of_store(visit.store.id)
        request.viewed = ("person.view", tuple(person.id for person in people))
        zone = visit.store.timezone
        rows = [(person, moment(person.created_at, zone)) for person in people]
        return show(visit, "people.html", PLACE, rows=rows)
