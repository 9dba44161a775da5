"""The people of a store: listed, and each on a page where an owner changes the role or removes."""

from dataclasses import dataclass
from typing import Any

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import choice, submitted, text_of
from sijill.http.request import Request, Response
from sijill.oauth.browser import lead
from sijill.oauth.people import Person
from sijill.oauth.people_rules import PersonKept
from sijill.oauth.roles import ROLES, Role
from sijill.oauth.session_handlers import CONSOLE
from sijill.oauth.store_people import Actor, StorePeople
from sijill.oauth.visits import Visit

PLACE = "nav_people"


@dataclass(frozen=True)
class PeoplePages:
    """Answers with the people of a store, and changes who they are there."""

    desk: Desk

    async def list(self, request: Request, visit: Visit) -> Response:
        """Answer with everybody who has an account of the store. Raises: Unavailable."""
        people = await self.desk.register.people.of_store(visit.store.id)
        request.viewed = ("person.view", tuple(person.id for person in people))
        zone = visit.store.timezone
        rows = [(person, moment(person.created_at, zone)) for person in people]
        invited = await self.desk.register.invitations.of_store(visit.store.id, self.desk.now())
        waiting = [(one, moment(one.expires_at, zone)) for one in invited]
        return show(visit, "people.html", PLACE, rows=rows, waiting=waiting)

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with one person of the store. Raises: NotFound; Unavailable."""
        person = await self._find(visit)
        request.viewed = ("person.view", (person.id,))
        return self._page(visit, person)

    async def set_role(self, request: Request, visit: Visit) -> Response:
        """
        Give a person another role; for the own one the page asks first.

        Raises: BadRequest; ForgedForm; NotFound; Unavailable.
        """
        form, person = await submitted(request, visit), await self._find(visit)
        role = choice(text_of(form, "role"), ROLES)
        if role is None:
            return self._page(visit, person, "no_role")
        try:
            await self._store_people(visit, form).set_role(person.id, role)
        except PersonKept as fault:
            if fault.reason == "unconfirmed":
                return self._ask(visit, person, role)
            return self._page(visit, person, fault.reason)
        if person.id == visit.person.id and role != "owner":
            return go(visit, "", "done_person_role")
        return go(visit, f"/people/{person.id}", "done_person_role")

    async def ask_remove(self, request: Request, visit: Visit) -> Response:
        """Answer with the question before a person leaves the store. Raises: NotFound."""
        return self._ask(visit, await self._find(visit), None)

    async def remove(self, request: Request, visit: Visit) -> Response:
        """Take the store from a person. Raises: BadRequest; ForgedForm; NotFound; Unavailable."""
        form, person = await submitted(request, visit), await self._find(visit)
        try:
            await self._store_people(visit, form).remove(person.id)
        except PersonKept as fault:
            if fault.reason == "unconfirmed":
                return self._ask(visit, person, None)
            return self._page(visit, person, fault.reason)
        if person.id == visit.person.id:
            return lead(request, CONSOLE)
        return go(visit, "/people", "done_person_removed")

    def _store_people(self, visit: Visit, form: dict[str, Any]) -> StorePeople:
        register, is_confirmed = self.desk.register, text_of(form, "confirmed") == "yes"
        actor = Actor(visit.person.id, visit.store.id, is_confirmed)
        return StorePeople(register.driver, register.people.by(visit.cause), actor)

    async def _find(self, visit: Visit) -> Person:
        """Return the person of the path. Raises: NotFound for one of other stores."""
        return await self.desk.register.people.find(visit.store.id, visit.id_at(1))

    def _page(self, visit: Visit, person: Person, fault: str = "") -> Response:
        return show(
            visit,
            "person.html",
            PLACE,
            status=422 if fault else 200,
            person=person,
            since=moment(person.created_at, visit.store.timezone),
            roles=ROLES,
            fault=fault,
        )

    def _ask(self, visit: Visit, person: Person, role: Role | None) -> Response:
        """Answer with the question before a change: another role, or None for the removal."""
        return show(visit, "person_ask.html", PLACE, person=person, role=role)
