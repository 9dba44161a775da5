"""The pages before the console and beside it, for pictures: how each comes onto the screen."""

import json
from collections.abc import Callable, Mapping

from fixtures.chromium import Page
from fixtures.pages import PAGES

from console.driving import Demo, awaited
from sijill.localized import Language

WITH_VALUES = {
    "sign-in": "login",
    "sign-in-wrong": "login, wrong",
    "sign-in-too-many": "login, too many",
    "signed-in": "ready",
    "signed-in-no-store": "ready, no store",
    "set-up": "setup",
    "set-up-of-stores": "setup, of stores",
    "set-up-faults": "setup, faults",
    "consent": "consent",
    "consent-one-store": "consent, one store",
    "consent-no-store": "consent, no store",
    "consent-no-client": "problem, missing_client",
    "consent-client": "problem, client_id",
    "consent-redirect": "problem, address",
    "consent-redirect-never": "problem, address that cannot be",
    "refused-403": "problem, not_permitted",
    "refused-403-form": "problem, no_cookie",
    "refused-404": "problem, not_found",
    "refused-429": "problem, too_many",
    "refused-500": "problem, server_error",
    "refused-503": "problem, unavailable",
}
"""The names of pictures of the pages that `fixtures.pages` fills with values."""

Steps = Callable[[Page, Demo, Language], None]
"""Shows a page, in a browser of a person who reads a language."""

Settle = Callable[[Page], None]
"""Brings what a picture is about into the window, once the page has its width."""


def at(path: str) -> Steps:
    """Open a page of the server."""
    return lambda page, served, language: page.open(f"{served.url}{path}")


def filled(name: str) -> Steps:
    """Put a page with its values in the place of one of the server, whose style it asks for."""

    def steps(page: Page, served: Demo, language: Language) -> None:
        page.open(f"{served.url}/_/login")
        frame = page.call("Page.getFrameTree")["frameTree"]["frame"]["id"]
        html = PAGES[name](language).body.decode()
        page.call("Page.setDocumentContent", frameId=frame, html=html)
        awaited(
            page,
            """Promise.all([...document.querySelectorAll("link[rel=stylesheet]")].map(
                (one) => one.sheet || new Promise((loads) => { one.onload = loads; })))
                .then(() => true)""",
        )

    return steps


def settled(page: Page) -> None:
    """Leave a page as it is."""


def opened_again(page: Page) -> None:
    """Open a page anew, in the width that it has now: the contents fold for a narrow one."""
    page.open(str(page.run("location.href")))


def _open_operation(page: Page) -> None:
    """Show the second sample of an operation, as a click on its tab does."""
    opened_again(page)
    operation = json.dumps("#listCustomers")
    page.run(f"""(() => {{
        const operation = document.querySelector({operation});
        operation.querySelectorAll(".samples summary")[1].click();
        operation.scrollIntoView({{behavior: "instant"}});
    }})()""")


SHOWN: Mapping[str, Steps] = {
    "front": at("/"),
    **{name: filled(page) for name, page in WITH_VALUES.items()},
}
"""Pages that are taken whole, by their names."""

LONG: Mapping[str, tuple[Steps, Settle]] = {
    "docs": (at("/_/docs"), opened_again),
    "docs-operation": (at("/_/docs"), _open_operation),
}
"""Pages that are longer than a picture may be: a window of each is taken."""
