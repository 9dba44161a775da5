"""Pages that are there once somebody has done something, and what leads to each: for pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fixtures.chromium import Chromium, Page

from console.driving import WIDE, Demo, look, signed_in
from console.places import places
from console.used import linked
from sijill.stores.model import CUSTOMER_ID

PASSWORD = "a long enough one"
NAME = "عبد الرحمن بن عبد العزيز بن محمد آل عبد اللطيف المهيري"
"""As long as names get."""

ROWS = "".join(f"Sara,Ahmad,50000{one:04},sara{one}@example.com\\n" for one in range(14))
FILE = f"first_name,last_name,mobile,email\\n{ROWS}x,y,none,none\\n"
"""Rows of new customers and a faulty one, as a text of JavaScript."""


@dataclass
class Scene:
    """An owner at the console in one language, and somebody who is invited."""

    chromium: Chromium
    demo: Demo
    language: str
    owner: Page = field(init=False)
    guest: Page = field(init=False)
    store: str = field(default_factory=lambda: places()[1])

    def __post_init__(self) -> None:
        self.owner = signed_in(self.chromium, self.demo, self.language)
        self.guest = self.chromium.page(self.language)

    def open(self, path: str) -> Page:
        """Open a page of the store as the owner."""
        look(self.owner, WIDE, "light")
        self.owner.open(f"{self.demo.url}{self.store}{path}")
        return self.owner


Steps = Callable[[Scene], Page]
"""Does something, and returns the page that shows it."""


def at(path: str, *links: str) -> Steps:
    """Open a page of the store, and go on by links or by the buttons of forms."""

    def steps(scene: Scene) -> Page:
        page = scene.open(path)
        for selector in links:
            page.follow(selector)
        return page

    return steps


def fill(path: str, values: Mapping[str, str], button: str) -> Steps:
    """Open a page of the store, give its fields values by their names, and send the form."""

    def steps(scene: Scene) -> Page:
        page = scene.open(path)
        _send(page, values, button)
        return page

    return steps


def first(path: str, *links: str) -> Steps:
    """Go on from a page of the store, once it has the first of the links."""

    def steps(scene: Scene) -> Page:
        linked(scene.owner, scene.demo, f"{scene.store}{path}", links[0])
        for selector in links:
            scene.owner.follow(selector)
        return scene.owner

    return steps


def _send(page: Page, values: Mapping[str, str], button: str) -> None:
    """Give the fields of the form of a button values, and press it."""
    form = f"document.querySelector({button!r}).form"
    # The browser itself would stop a password that is too short.
    page.run(f"{form}.noValidate = true")
    for name, value in values.items():
        page.run(f"{form}.elements[{name!r}].value = {value!r}")
    page.follow(button)


def _send_file(scene: Scene) -> Page:
    page = scene.open("/imports")
    page.run(f"""(() => {{
        const input = document.querySelector("input[type=file]"), files = new DataTransfer();
        files.items.add(new File(["{FILE}"], "عملاء المعرض.csv"));
        input.files = files.files;
    }})()""")
    page.follow("form[enctype] button")
    return page


def _rehearse(scene: Scene) -> Page:
    scene.owner.follow("form[action$='/rehearse'] button")
    return scene.owner


def _import(scene: Scene) -> Page:
    path = str(scene.owner.run("location.pathname"))
    scene.owner.follow("button[formaction$='/begin']")
    linked(scene.owner, scene.demo, path, "a[href$='/rejects']")
    return scene.owner


def _invite(scene: Scene) -> Page:
    page = scene.open("/people/invite")
    email = f"abdulrahman.almuhairi.{scene.language}@branch.riyadh.example.com"
    _send(page, {"person_name": NAME, "person_email": email}, "form[action$='/invite'] button")
    return page


def _open_link(scene: Scene) -> Page:
    scene.guest.open(str(scene.owner.run("document.querySelector('main pre').innerText")))
    return scene.guest


def _set_up(password: str) -> Steps:
    def steps(scene: Scene) -> Page:
        _send(scene.guest, {"password": password}, "form[action^='/_/setup'] button")
        return scene.guest

    return steps


def _see_as_guest(path: str) -> Steps:
    def steps(scene: Scene) -> Page:
        scene.guest.open(f"{scene.demo.url}{scene.store}{path}")
        return scene.guest

    return steps


def _used_link(scene: Scene) -> Page:
    page = scene.chromium.page(scene.language)
    page.open(f"{scene.demo.url}/_/setup?link=sjl_in_used")
    return page


RULE = {"times": "3", "match": "city=الرياض"}
RULES = "form[action$='/faults'] .primary"

MADE: Mapping[str, Steps] = {
    "customers-none": at("/customers?q=nobody%40example.com"),
    "customers-new-faults": fill(
        "/customers/new", {"c[email]": "none", "c[mobile]": "1"}, "form[action$='/new'] button"
    ),
    "customers-edit": at(f"/customers/{CUSTOMER_ID}/edit"),
    "customers-act-question": fill(
        "/customers/act", {"action": "ban", "reason": "Fraud"}, "#main form[action*='/act'] button"
    ),
    "import-preview": _send_file,
    "import-tried": _rehearse,
    "import-done": _import,
    "imports-sent": at("/imports"),
    "token-revoke": at("/apps", "a[href$='/revoke']"),
    "endpoint-test": first("/webhooks", "a.row-link", "a[href$='/test']"),
    "person-invited": _invite,
    "setup-invited": _open_link,
    "people-waiting": at("/people"),
    "setup-invited-faults": _set_up("short"),
    "guest": _set_up(PASSWORD),
    "guest-customer": _see_as_guest(f"/customers/{CUSTOMER_ID}"),
    "setup-used": _used_link,
    "people-two": at("/people"),
    "person": at("/people", "tbody tr:first-child a.row-link"),
    "person-remove": at("/people", "tbody tr:first-child a.row-link", "a[href$='/remove']"),
    "sandbox-snapshots": fill("/sandbox", {"snapshot": NAME}, "form[action$='/snapshots'] button"),
    "sandbox-load": at("/sandbox", "a[href*='/load']"),
    "sandbox-clock-wrong": fill(
        "/sandbox", {"at": "2020-01-01T00:00"}, "form[action$='/set'] button"
    ),
    "sandbox-faults-rules": fill("/sandbox/faults", RULE, RULES),
    "sandbox-faults-wrong": fill("/sandbox/faults", {"times": "-3", "match": "city"}, RULES),
    "sandbox-requests-none": at("/sandbox/requests?path=nowhere"),
}
"""Pages by their names, in an order in which each finds what it needs."""
