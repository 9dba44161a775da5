"""Invitations to a store: sent by an owner as a one-time link, and withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import submitted, text_of
from sijill.console.people import PLACE, role_named
from sijill.errors import NotFound, Taken
from sijill.http.request import Request, Response
from sijill.oauth.fields import NAME_LENGTH
from sijill.oauth.invitations import GOOD_FOR, Invitation
from sijill.oauth.people import Person
from sijill.oauth.people_rules import PersonKept
from sijill.oauth.roles import ROLES, Role
from sijill.oauth.setup_handlers import SET_UP
from sijill.oauth.store_people import Actor, StorePeople
from sijill.oauth.tokens import INVITATION, digest, mint
from sijill.oauth.visits import Visit
from sijill.values.ids import random_id
from sijill.values.texts import clean, is_blank, parse_email, trimmed

FIELDS = ("name", "email", "role")
"""In the form each begins with `person_`: browsers take the bare names for a person's own."""


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
        role, faults = role_named(sent["role"]), faults_of(sent)
        if faults or role is None:
            return _form(visit, sent, faults)
        account = await self.desk.register.people.find_by_email(sent["email"])
        if account is not None:
            return await self._add(visit, sent, account.person)
        return await self._offer(visit, sent, role)

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

    async def _offer(self, visit: Visit, sent: Mapping[str, str], role: Role) -> Response:
        """Make a link, and show it."""
        link, register = mint(INVITATION, self.desk.draw), self.desk.register
        new = Invitation(
            store_id=visit.store.id,
            id=random_id(self.desk.draw),
            owner_id=visit.person.id,
            name=clean(sent["name"], 3 * len(sent["name"])),
            email=parse_email(sent["email"]),
            role=role,
            expires_at=self.desk.now() + GOOD_FOR,
        )
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


def faults_of(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of the words of the faults of a form, by field."""
    faults = {name: "people_required" for name in ("name", "email") if is_blank(sent[name])}
    if role_named(sent["role"]) is None:
        faults["role"] = "people_kept_no_role"
    try:
        if len(clean(sent["name"], 3 * len(sent["name"]))) > NAME_LENGTH:
            faults["name"] = "people_bad_name"
    except ValueError:
        faults["name"] = "people_bad_name"
    try:
        parse_email(sent["email"])
    except ValueError:
        faults.setdefault("email", "people_bad_email")
    return faults


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
