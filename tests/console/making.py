"""Every page with ordinary values, and what a parser finds on one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from sijill.console import pages
from sijill.console.pages import Page
from sijill.console.problems import PROBLEMS
from sijill.domain.apps import App
from sijill.domain.owners import Owner
from sijill.domain.stores import Store
from sijill.wire.messages import Language

LANGUAGES: tuple[Language, ...] = ("ar", "en")
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TOKEN = "5f" * 32
APP = App(7, "برنامج الولاء Plus", NOW)
OWNER = Owner(1, "نورة", "noura@example.com", "", NOW)
STORES = [Store(11, "متجر العطور"), Store(12, "Riyadh Coffee")]
QUERY = "response_type=code&client_id=loyalty&state=a%20b"

LOGIN = {
    "here": "/_/login",
    "action": "/_/login",
    "token": TOKEN,
    "onward": f"/oauth2/auth?{QUERY}",
}
CONSENT: dict[str, Any] = {
    "here": f"/oauth2/auth?{QUERY}",
    "action": "/oauth2/auth",
    "token": TOKEN,
    "request": QUERY,
    "app": APP,
    "scopes": frozenset({"customers.read_write", "metadata.read", "offline_access"}),
    "owner": OWNER,
    "stores": STORES,
    "redirect_uri": "https://loyalty.example.com/callback?x=1",
}
SETUP: dict[str, Any] = {
    "here": "/_/setup?link=abc",
    "action": "/_/setup",
    "token": TOKEN,
    "link": "abc",
    "asks_store": True,
    "values": {},
    "faults": {},
}
READY: dict[str, Any] = {"here": "/_/login", "owner": OWNER, "stores": STORES, "token": TOKEN}
FAULTS = {"name": "required", "email": "email", "password": "short", "store": "taken"}

PAGES: dict[str, Callable[[Language], Page]] = {
    "login": lambda language: pages.login(language, **LOGIN),
    "login, wrong": lambda language: pages.login(
        language, **LOGIN, email="noura@example.com", fault="wrong", client=APP.name
    ),
    "login, too many": lambda language: pages.login(language, **LOGIN, fault="too_many"),
    "consent": lambda language: pages.consent(language, **CONSENT),
    "consent, one store": lambda language: pages.consent(
        language, **CONSENT | {"stores": STORES[:1]}
    ),
    "consent, no store": lambda language: pages.consent(language, **CONSENT | {"stores": []}),
    "setup": lambda language: pages.setup(language, **SETUP),
    "setup, of stores": lambda language: pages.setup(language, **SETUP | {"asks_store": False}),
    "setup, faults": lambda language: pages.setup(language, **SETUP | {"faults": FAULTS}),
    "ready": lambda language: pages.ready(language, **READY),
    "ready, no store": lambda language: pages.ready(language, **READY | {"stores": []}),
    **{
        f"problem, {kind}": lambda language, kind=kind: pages.problem(
            language, here="/_/login?a=b", kind=kind
        )
        for kind in PROBLEMS
    },
}

Attributes = dict[str, str]


@dataclass
class Form:
    """A form: its own attributes, and those of its inputs and buttons."""

    attributes: Attributes
    inputs: list[Attributes] = field(default_factory=list)
    buttons: list[Attributes] = field(default_factory=list)

    def values(self, kind: str) -> dict[str, str]:
        return {one["name"]: one["value"] for one in self.inputs if one["type"] == kind}


class Reading(HTMLParser):
    """What stands on a page: tags in order, forms, and texts by the element they are in."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.forms: list[Form] = []
        self.texts: list[tuple[str, str]] = []
        self._within: list[str] = []
        self.feed(page.body.decode())
        self.close()
        assert self._within == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} repeats an attribute"
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "form":
            assert "form" not in self._within
            self.forms.append(Form(attributes))
        elif tag == "input":
            self.forms[-1].inputs.append(attributes)
        elif tag == "button":
            self.forms[-1].buttons.append(attributes)
        if tag not in ("meta", "input", "rect", "path"):
            self._within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._within.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._within[-1] if self._within else "", data))

    def named(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.tags if name == tag]

    def text(self) -> str:
        return " ".join(text for within, text in self.texts if within != "style")

    def form(self, action: str) -> Form:
        (found,) = [form for form in self.forms if form.attributes["action"] == action]
        return found
