"""Hostile texts in every field, in Chromium: they run nowhere, break nothing, are seen whole."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

import pytest
from fixtures.chromium import Chromium, Page

from console.driving import NARROW, Demo, asked, demo, is_page, look, sideways, signed_in
from console.hostile import TEXTS, harm, send, watched, write
from console.places import places
from console.used import linked
from sijill.pages.visible import plain
from sijill.stores.model import CUSTOMER_ID

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "hostile texts in every field run no script on any page of the console, break and widen "
        "none, meet no rule of its policy, and hold no character that nobody sees"
    ),
]

CUSTOMERS = 20
REVEAL = {"reason": "support", "ticket": "HELP-1234"}


class Filled(NamedTuple):
    """A demo whose every field holds a hostile text, a person at it, and its pages."""

    served: Demo
    page: Page
    places: list[str]


@pytest.fixture(scope="module")
def filled(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("hostile")
    with demo(folder, "--demo-customers", str(CUSTOMERS)) as served:
        page = signed_in(chromium, served)
        page.open(f"{served.url}/_/console")
        store = page.run("location.pathname")
        made = _made(page, served, store)
        write(folder)
        asked(served, "PUT", f"/customers/{CUSTOMER_ID}", {"gender": "female"})
        page.open(f"{served.url}{store}/customers")
        for customer in re.findall(r'/customers/(\d+)"', page.run("document.body.innerHTML")):
            send(page, f"{store}/customers/{customer}/reveal", REVEAL)
        delivery = linked(page, served, made[0], "a.row-link")
        watched(page)
        pages = [place for place in places() if is_page(page, place)]
        yield Filled(served, page, [*pages, *made, delivery])


def _made(page: Page, served: Demo, store: str) -> list[str]:
    """Make what a demo has none of; return its pages, that of a webhook first."""
    hook = {"name": "crm", "event": "customer.updated", "url": "http://127.0.0.1:9/", "version": 2}
    webhook = asked(served, "POST", "/webhooks/subscribe", hook)["id"]
    lines = StringIO()
    csv.writer(lines).writerows([["first_name", *TEXTS], *[[text] * 9 for text in TEXTS[:5]]])
    drafted = send(page, f"{store}/customers/import", {}, lines.getvalue())
    change = send(page, f"{store}/customers/act", {"action": "ban", "reason": TEXTS[2]})
    return [f"{store}/webhooks/{webhook}", drafted, change, f"{store}/customers/{CUSTOMER_ID}/edit"]


def test_no_page_is_harmed_and_every_text_is_seen_whole(filled: Filled) -> None:
    served, page, places = filled
    look(page, NARROW, "light")
    wrong: dict[str, list[str]] = {}
    read = ""
    for place in places:
        before = len(page.faults())
        page.open(f"{served.url}{place}")
        faults = [*harm(page), *map(str, page.faults()[before:])]
        if (by := sideways(page)) > 0:
            faults.append(f"{by} pixels too wide")
        if faults:
            wrong[place] = faults
        read += page.run("document.documentElement.textContent")
    assert wrong == {}
    assert [text for text in TEXTS if plain(text) not in read] == []


def test_each_kind_of_harm_is_found(filled: Filled) -> None:
    page = filled.page
    page.open(f"{filled.served.url}/_/console")
    assert harm(page) == []
    page.run("""(() => {
        window.ran = 1;
        const main = document.querySelector("main");
        main.append(Object.assign(document.createElement("b"), {id: "broken"}), "1764 a\\u202eb");
        main.setAttribute("style", "color: red");
        main.append(document.createElement("img"));
    })()""")
    told = "\n".join(harm(page))
    for sign in ("a script ran", "broken", "forbidden", "<img", "template", "unseen"):
        assert sign in told, told
