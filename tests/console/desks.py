"""People at the console of a world: one of each role, in a browser of their own."""

import re
from dataclasses import dataclass

from fixtures.browsing import Browser, hidden
from fixtures.hashing import QUICK
from fixtures.world import Answer, World

from sijill.console.routes import ROWS, Row
from sijill.oauth.people import Person
from sijill.oauth.roles import ROLES, Role

PASSWORD = "correct horse battery"
ABSENT = "987654321"


def path_of(row: Row, store: int | str) -> str:
    """Return the address of a row in a store; other ids in it are those of nobody."""
    return re.sub(r"\{\w+\}", ABSENT, row.path.replace("{store}", str(store)))


def named(row: Row) -> str:
    return f"{row.method} {row.path}"


FORMS = tuple(row for row in ROWS if row.method == "POST")


@dataclass
class Seat:
    """A person of the demo store at a browser, signed in."""

    world: World
    browser: Browser
    person: Person

    def at(self, path: str = "") -> str:
        return f"/_/console/{self.world.store.id}{path}"

    def get(self, path: str = "", **headers: str) -> Answer:
        """Ask for a page of the store."""
        return self.browser.get(self.at(path), **headers)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form with the token of the pages of this session."""
        return self.browser.post(self.at(path), {"token": self.token} | fields)

    @property
    def token(self) -> str:
        """The CSRF token of every form of this session."""
        return hidden(self.get(), self.at("/look"))["token"]


def seat(world: World, role: Role) -> Seat:
    """Return a person of a role, signed in; each role is there once."""
    number = ROLES.index(role)
    email = f"{role}@example.com"
    person = Person(31 + number, role.title(), email, "", world.moment, role)
    hashed = QUICK.hash(PASSWORD)
    world.run(world.register.people.create(person, hashed, [world.store.id]))
    browser = Browser(world)
    assert browser.sign_in(email, PASSWORD).status == 303
    return Seat(world, browser, person)
