"""Every task of the console by keyboard alone, with a script and without one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import apsw
import pytest
from fixtures.chromium import Chromium, Page

from console import copied
from console.driving import Demo, asked, demo, signed_in
from console.keyboard import Keyboard
from console.places import places
from console.used import TRIES, linked
from sijill.demo import GROUPS
from sijill.stores.model import CUSTOMER_ID, SHOP

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "every task of the console is done by keyboard alone, with a script and without one"
    ),
]

Step = tuple[str, str]
"""A step and what it is about: `to` a selector, `write` a text, `press` or `follow` by a key."""

SEND: Step = ("follow", "Enter")
DOWN: Step = ("press", "ArrowDown")
CUSTOMER, GROUP = f"/customers/{CUSTOMER_ID}", f"/groups/{GROUPS[0].id}"


def to(selector: str) -> Step:
    return "to", selector


def write(text: str) -> Step:
    return "write", text


def submit(path: str) -> tuple[Step, Step]:
    """Return the steps to the button of the form that goes to a path, and its key."""
    return to(f"form[action$='{path}'] button"), SEND


class Task(NamedTuple):
    """A task: the page where it begins, its steps, and a sentence or an address at its end."""

    place: str
    steps: tuple[Step, ...]
    end: str


REASON = (to("[name=reason]"), DOWN, to("[name=ticket]"), write("HELP-1234"))

TASKS = {
    "search": Task("/customers", (to("[name=q]"), write("nobody@example.com"), SEND), "q=nobody"),
    "filter": Task(
        "/customers", (to("[name=banned]"), DOWN, to("form[data-search] button"), SEND), "banned=1"
    ),
    "next page": Task("/customers", (to("a[rel=next]"), SEND), "after="),
    "create": Task(
        "/customers/new",
        (to("[id=c-email]"), write("new@example.com"), SEND),
        "The customer was created.",
    ),
    "reveal": Task(
        CUSTOMER,
        (to("summary"), ("press", "Enter"), *REASON, to("details button"), SEND),
        "Values are shown whole",
    ),
    "edit": Task(
        f"{CUSTOMER}/edit",
        (to("[id=c-gender]"), DOWN, *submit("/edit")),
        "The change was saved.",
    ),
    "ban": Task(
        f"{CUSTOMER}/ban", (to("[name=reason]"), write("Fraud"), SEND), "The customer was banned."
    ),
    "unban": Task(CUSTOMER, submit("/unban"), "The ban was lifted."),
    "delete": Task(
        "/customers?q=new%40example.com",
        (to("a.row-link"), SEND, to("a.danger"), SEND, *submit("/delete")),
        "The customer was deleted.",
    ),
    "reveal everybody": Task(
        "/customers",
        (to("summary"), ("press", "Enter"), *REASON, to("details button"), SEND),
        "Values are shown whole",
    ),
    "mask values again": Task("/customers", submit("/hide"), "Values are masked again"),
    "create a group": Task(
        "/groups/new", (to("#group-name"), write("Neighbours"), SEND), "The group was created."
    ),
    "change a group": Task(
        GROUP, (to("#payment_method"), write("cash"), *submit(GROUP)), "The group was saved."
    ),
    "delete a group": Task(
        f"/groups/{GROUPS[1].id}", submit(f"{GROUPS[1].id}/delete"), "The group was deleted."
    ),
    "invite a person": Task(
        "/people/invite",
        (
            to("[name=person_name]"),
            write("Sara"),
            to("[name=person_email]"),
            write("sara@example.com"),
            SEND,
        ),
        "It works once",
    ),
    "withdraw an invitation": Task("/people", submit("/withdraw"), "The invitation was withdrawn."),
    "filter the audit log": Task(
        "/audit", (to("[name=action]"), DOWN, to("form.filters button"), SEND), "action="
    ),
    "choose a theme": Task("", (to("[name=theme][value=dark]"), ("follow", "Space")), "dark"),
}
"""Tasks in an order in which each finds what it needs."""

OF_PERSON = {
    "change a role": Task(
        "/people",
        (to("a.row-link"), SEND, to("[name=role]"), DOWN, *submit("/role")),
        "The role is changed.",
    ),
    "remove a person": Task(
        "/people",
        (to("a.row-link"), SEND, to("a[href$='/remove']"), SEND, *submit("/remove")),
        "The person was removed from the store.",
    ),
}
"""Tasks about the newest person of the store, who is the first of the list."""

OF_COPY = {
    "pause": Task("/mirror", submit("/pause"), "The copy is paused"),
    "resume": Task("/mirror", submit("/resume"), "The copy goes on."),
    "sweep": Task("/mirror", submit("/sweep"), "The whole list will be read again."),
    "release": Task(
        "/mirror", (to("a[href$='/release']"), SEND, *submit("/release")), "The halt has ended."
    ),
}
"""Tasks about a store that is a copy, and halted."""


class Person(NamedTuple):
    """A demo, its folder, and somebody at it who has a keyboard alone."""

    demo: Demo
    folder: Path
    keys: Keyboard
    guest: Keyboard
    """The keys of somebody who is invited."""
    store: str
    webhook: int

    @property
    def page(self) -> Page:
        return self.keys.page

    def open(self, place: str) -> None:
        self.page.open(f"{self.demo.url}{self.store}{place}")

    def do(self, steps: tuple[Step, ...]) -> None:
        act: dict[str, Callable[[str], None]] = {
            "to": self.keys.go_to,
            "write": self.keys.write,
            "press": self.page.press,
            "follow": self.keys.follow,
        }
        for step, about in steps:
            act[step](about)

    def undone(self, tasks: Mapping[str, Task]) -> dict[str, str]:
        """Do tasks; return what the page showed instead of the end of each that was not done."""
        undone = {}
        for name, task in tasks.items():
            self.open(task.place)
            if task.place:
                self.keys.skip()
            self.do(task.steps)
            if task.end not in (seen := self.seen()):
                undone[name] = seen[:500]
        return undone

    def seen(self) -> str:
        """Return the address, the theme and the text of the page."""
        return str(
            self.page.run("""[location.href, document.documentElement.dataset.theme,
                document.querySelector("main").innerText].join("\\n")""")
        )


@pytest.fixture
def person(request: pytest.FixtureRequest, chromium: Chromium, tmp_path: Path) -> Iterator[Person]:
    with demo(tmp_path, "--demo-customers", "60") as served:
        hook = {"name": "crm", "event": "customer.updated", "url": "http://127.0.0.1:9/"}
        webhook = asked(served, "POST", "/webhooks/subscribe", hook | {"version": 2})["id"]
        page, guest = signed_in(chromium, served), chromium.page("en")
        for one in (page, guest):
            one.call("Emulation.setScriptExecutionDisabled", value=not request.param)
        keys = (Keyboard(chromium, page), Keyboard(chromium, guest))
        yield Person(served, tmp_path, *keys, places()[1], webhook)


@pytest.mark.parametrize("person", [True, False], ids=["script", "none"], indirect=True)
def test_every_task_is_done_by_keyboard_alone(person: Person) -> None:
    assert person.undone(TASKS) == {}
    for act in (act_on_all, import_and_undo, export, send_again_and_resume, take_in):
        act(person)
    assert person.undone(OF_PERSON) == {}
    data = person.folder / ".sijill" / "demo-documented"
    copied.make_in(data, SHOP.id, datetime.now(UTC))
    assert person.undone(OF_COPY) == {}
    revoke_and_leave(person)
    assert person.page.faults() == person.guest.page.faults() == []


def act_on_all(person: Person) -> None:
    person.open("/customers/act")
    person.keys.skip()
    person.do((to("[name=action]"), DOWN, DOWN, to("#main form button"), SEND))
    hint = str(person.page.run("document.querySelector('#number-hint').innerText"))
    number = "".join(letter for letter in hint if letter.isdecimal())
    person.do((to("[name=number]"), write(number), SEND))
    assert "The action has begun." in person.seen()


def import_and_undo(person: Person) -> None:
    file = person.folder / "new.csv"
    file.write_text("first_name,email\nSara,imported@example.com\n", "utf-8")
    person.open("/imports")
    person.keys.go_to("[name=file]")
    person.keys.choose_file(file)
    person.do(submit("/customers/import"))
    assert "imported@example.com" in person.seen()
    place = str(person.page.run("location.pathname")).removeprefix(person.store)
    person.do(submit("/rehearse"))
    assert "All 1 rows were tried" in person.seen()
    person.do((to("button[formaction$='/begin']"), SEND))
    for _ in range(TRIES):
        if person.page.run("!!document.querySelector('form[action$=undo]')"):
            break
        person.open(place)
    person.do(submit("/undo"))
    assert "1 customers deleted" in person.seen()


def export(person: Person) -> None:
    person.open("/customers/export")
    person.keys.skip()
    person.do((*REASON, to("form[action$=export] button")))
    assert person.keys.download().endswith("/customers/export")


def send_again_and_resume(person: Person) -> None:
    endpoint = f"/webhooks/{person.webhook}"
    person.open(f"{endpoint}/test")
    person.do(submit("/test"))
    assert "The test event happened" in person.seen()
    delivery = linked(person.page, person.demo, f"{person.store}{endpoint}", "a.row-link")
    person.open(delivery.removeprefix(person.store))
    person.do(submit("/redeliver"))
    assert "The delivery is sent again" in person.seen()
    (data,) = person.folder.rglob("sijill.db")
    with closing(apsw.Connection(str(data))) as connection:
        connection.set_busy_timeout(10_000)
        connection.execute("UPDATE webhooks SET paused = 'failing'")
    person.open(endpoint)
    person.do(submit("/resume"))
    assert "The webhook is resumed." in person.seen()


def take_in(person: Person) -> None:
    """Invite somebody, who opens the link and chooses a password."""
    email = (to("[name=person_email]"), write("omar@example.com"))
    person.open("/people/invite")
    person.keys.skip()
    person.do((to("[name=person_name]"), write("Omar"), *email, SEND))
    guest = person.guest
    guest.page.open(str(person.page.run("document.querySelector('main pre').innerText")))
    guest.go_to("[name=password]")
    guest.write("a long enough one")
    guest.follow()
    assert guest.page.run("location.pathname") == person.store


def revoke_and_leave(person: Person) -> None:
    person.open("/apps")
    person.do((to("a[href$='/revoke']"), SEND, *submit("/revoke")))
    assert "The access token is revoked." in person.seen()
    person.do((to("[name=language]"), SEND))
    assert person.page.run("document.documentElement.dir") == "rtl"
    person.do(submit("logout"))
    assert person.page.run("location.pathname") == "/_/login"
