"""Invitations to a store: sent by an owner as a one-time link, and withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import choice, submitted, text_of
from sijill.console.people import PLACE
from sijill.errors import NotFound, Taken
from sijill.http.request import Request, Response
from sijill.oauth.invitations import GOOD_FOR, Invitation
from sijill.oauth.people import Person
from sijill.oauth.people_rules import PersonKept
from sijill.oauth.person_forms import TextFault, read_email, read_name
from sijill.oauth.roles import ROLES
from sijill.oauth.setup_handlers import SET_UP
from sijill.oauth.store_people import Actor, StorePeople
from sijill.oauth.tokens import INVITATION, digest, mint
from sijill.oauth.visits import Visit
from sijill.values.ids import random_id
from sijill.values.texts import trimmed

FIELDS = ("name", "email", "role")
"""In the form each begins with `person_`: browsers take the bare names for a person's own."""

WORD_OF: Mapping[TextFault, str] = {
    "required": "people_required",
    "characters": "people_bad_name",
    "too_long": "people_bad_name",
    "email": "people_bad_email",
}
"""The key of the word of each fault of a text."""


@dataclass(frozen=True)
class Invitations:
    """Answers with the form that invites a person, and makes the link."""

    desk: Desk

    async def ask(self, request: Request, visit: Visit) -> Response:
        """Answer with the form."""
        return _form(visit, {"name": "", "email": "", "role": "viewer"}, {})

    async def invite(self, request: Request, visit: Visit) -> Response:
        """
        Answer with the link, once; a person who has an account is of the store at once.

        Raises: BadRequest; ForgedForm; Unavailable.
        """
        form = await submitted(request, visit)
        sent = {name: trimmed(text_of(form, f"person_{name}")) for name in FIELDS}
        name, email = read_name(sent["name"]), read_email(sent["email"])
        role = choice(sent["role"], ROLES)
        texts = (("name", name.fault), ("email", email.fault))
        faults = {field: WORD_OF[fault] for field, fault in texts if fault}
        if role is None:
            return _form(visit, sent, faults | {"role": "people_kept_no_role"})
        if faults:
            return _form(visit, sent, faults)
        account = await self.desk.register.people.find_by_email(sent["email"])
        if account is not None:
            return await self._add(visit, sent, account.person)
        new = Invitation(
            store_id=visit.store.id,
            id=random_id(self.desk.draw),
            owner_id=visit.person.id,
            name=name.text,
            email=email.text,
            role=role,
            expires_at=self.desk.now() + GOOD_FOR,
        )
        return await self._offer(visit, sent, new)

    async def withdraw(self, request: Request, visit: Visit) -> Response:
        """Let a link no longer work. Raises: BadRequest; ForgedForm; NotFound; Unavailable."""
        await submitted(request, visit)
        invitations = self.desk.register.invitations.by(visit.cause)
        await invitations.withdraw(visit.store.id, visit.id_at(2))
        return go(visit, "/people", "done_person_withdrawn")

    async def _add(self, visit: Visit, sent: Mapping[str, str], person: Person) -> Response:
        """Give the store to a person who has an account already, in the role of the account."""
        if person.role != sent["role"]:
            return _form(visit, sent, {"role": "people_other_role"})
        register = self.desk.register
        actor = Actor(visit.person.id, visit.store.id)
        people = StorePeople(register.driver, register.people.by(visit.cause), actor)
        try:
            await people.add(person.id)
        except Taken:
            return _form(visit, sent, {"email": "people_is_here"})
        except (PersonKept, NotFound):
            return _form(visit, sent, {"email": "people_kept_not_owner"})
        return go(visit, f"/people/{person.id}", "done_person_added")

    async def _offer(self, visit: Visit, sent: Mapping[str, str], new: Invitation) -> Response:
        """Make a link, and show it."""
        link, register = mint(INVITATION, self.desk.draw), self.desk.register
        try:
            await register.invitations.by(visit.cause).offer(digest(link), new)
        except PersonKept:
            return _form(visit, sent, {"email": "people_kept_not_owner"})
        return show(
            visit,
            "person_invited.html",
            PLACE,
            invitation=new,
            link=f"{self.desk.public_url()}{SET_UP}?link={link}",
            until=moment(new.expires_at, visit.store.timezone),
        )


def _form(visit: Visit, values: Mapping[str, str], faults: Mapping[str, str]) -> Response:
    return show(
        visit,
        "person_invite.html",
        PLACE,
        status=422 if faults else 200,
        values=values,
        faults=faults,
        roles=ROLES,
    )
