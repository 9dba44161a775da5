"""A demo with a console, a person at it in Chromium, and what is measured on a page."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from fixtures.chromium import Chromium, Page

SECONDS = 60.0
"""How long the demo may take to begin or to end."""

WIDE, NARROW = 1440, 390
BETWEEN = (768, 900)
"""Widths of a tablet, where the navigation stands beside the page and leaves least for it."""

HEIGHT = 900
WEIGHT = 60 * 1024
"""Bytes of HTML, style and script of a page at most, as they are before compression."""

DIRECTIONS = {"ar": "rtl", "en": "ltr"}

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe-core that look at colours."""

TARGET = 43.5
"""CSS pixels of a control at least: 44, and half a pixel of rounding."""


class Demo(NamedTuple):
    """A demo that runs: its address, and what logs in to it."""

    url: str
    email: str
    password: str
    link: str
    """The link that opens the console once."""
    admin_token: str
    token: str


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[Demo]:
    """Yield a demo in a process of its own, whose data lies in a folder."""
    command = [sys.executable, "-m", "sijill", "sandbox", "--json", "--port", "0", *options]
    clean = {name: text for name, text in os.environ.items() if not name.startswith("SIJILL_")}
    process = subprocess.Popen(command, cwd=folder, env=clean, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        names = ("url", "email", "password", "console_url", "admin_token", "token")
        yield Demo(*(told[name] for name in names))
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def asked(demo: Demo, method: str, path: str, body: object) -> Any:
    """Return the data of an answer of the demo's API."""
    return _sent(f"{demo.url}/admin/v2{path}", demo.token, method, body)["data"]


def moved_on(demo: Demo, seconds: int) -> None:
    """Let time pass in the demo."""
    url = f"{demo.url}/_/ns/default/clock/advance"
    _sent(url, demo.admin_token, "POST", {"seconds": seconds})


def _sent(url: str, token: str, method: str, body: object) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def signed_in(chromium: Chromium, demo: Demo, language: str = "en") -> Page:
    """Return a page of a person who has signed in by the form."""
    page = chromium.page(language)
    page.open(f"{demo.url}/_/login")
    page.type("input[name=email]", demo.email)
    page.type("input[name=password]", demo.password)
    page.follow("form[action^='/_/login'] button")
    return page


def look(page: Page, width: int, theme: str, height: int = HEIGHT) -> None:
    """Show a page in a width, as a system with a theme does, and let it settle."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800}
    page.call("Emulation.setDeviceMetricsOverride", **size)
    scheme = {"name": "prefers-color-scheme", "value": theme}
    # A colour on its way from one theme to another has a contrast of its own.
    still = {"name": "prefers-reduced-motion", "value": "reduce"}
    page.call("Emulation.setEmulatedMedia", features=[scheme, still])
    awaited(
        page, "document.fonts.ready.then(() => new Promise(requestAnimationFrame)).then(Boolean)"
    )


def awaited(page: Page, expression: str) -> Any:
    """Return what a promise of JavaScript gives."""
    told = page.call(
        "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
    )
    assert "exceptionDetails" not in told, (expression[:200], told["exceptionDetails"])
    return told["result"].get("value")


def is_page(page: Page, address: str) -> bool:
    """Return whether an address has a page: no file, stream, redirect or refusal."""
    kind = awaited(
        page,
        f"""(async () => {{
            const stop = new AbortController();
            const answer = await fetch({json.dumps(address)},
                                       {{signal: stop.signal, redirect: "manual"}});
            const kind = answer.ok && answer.headers.get("content-type") || "";
            stop.abort();
            return kind;
        }})()""",
    )
    return str(kind).startswith("text/html")


def weight(page: Page) -> int:
    """Return the bytes of the HTML, the style and the script of the page."""
    return int(
        page.run("""[...performance.getEntriesByType("navigation"),
            ...performance.getEntriesByType("resource").filter(
                (one) => /\\.(css|js)$/.test(new URL(one.name).pathname))]
            .reduce((sum, one) => sum + one.decodedBodySize, 0)""")
    )


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.run("document.documentElement.scrollWidth - innerWidth"))


def small_targets(page: Page) -> list[str]:
    """Return the controls that are smaller than a finger."""
    found: list[str] = page.run(
        f"""[...document.querySelectorAll(
                "button, .button, select, nav a, summary, label.check, textarea, " +
                "input:not([type=hidden], [type=checkbox], [type=radio])")]
            .filter((one) => one.checkVisibility())
            .filter((one) => {{ const box = one.getBoundingClientRect();
                                return box.height < {TARGET} || box.width < 24; }})
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    return found


def uneven(page: Page) -> list[str]:
    """Return the fields whose control is not level with its row, and labels beside their bar."""
    found: list[str] = page.run("""(() => {
        const box = (one) => one.getBoundingClientRect(), rows = new Map(), wrong = [];
        for (const field of document.querySelectorAll(".pair > .field")) {
            const top = box(field.querySelector("input, select, textarea")).top;
            const row = Math.round(box(field).top);
            if (Math.abs((rows.get(row) ?? top) - top) > 1) wrong.push(field.innerText);
            rows.set(row, top);
        }
        for (const axis of document.querySelectorAll(".labels:has(bdi)")) {
            const all = [...axis.querySelectorAll(":scope > bdi")], whole = box(axis);
            const step = whole.width / all.length;
            all.forEach((label, number) => {
                const place = (box(label).left + box(label).right) / 2;
                const from = document.dir === "rtl" ? whole.right - place : place - whole.left;
                if (label.innerText && Math.abs(from - (number + .5) * step) > 1)
                    wrong.push(label.innerText);
            });
        }
        return wrong;
    })()""")
    return found


def tab_order(page: Page) -> list[str]:
    """Walk through the page with Tab; return the controls that come out of order, or unmarked."""
    count = page.run("""(() => {
        const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, " +
                       "[tabindex='0']";
        window.stops = [...document.querySelectorAll(wanted)].filter((one) => !one.disabled &&
            one.tabIndex >= 0 && (one.checkVisibility() || one.className === "skip") &&
            !(one.type === "radio" && !one.checked));
        document.body.tabIndex = -1;  // the walk begins before the first control, not at the last
        document.body.focus();
        document.body.removeAttribute("tabindex");
        return window.stops.length;
    })()""")
    for number in range(count):
        page.press("Tab")
        fault = page.run(f"""(() => {{
            const here = document.activeElement, want = window.stops[{number}];
            const said = (one) => one.outerHTML.slice(0, 90);
            const outlined = ["", "::after"].some(
                (part) => getComputedStyle(here, part).outlineStyle !== "none");
            const renewed = !want.isConnected && here.isEqualNode(want);
            if (here !== want && !renewed) return "not " + said(want) + " but " + said(here);
            return outlined || here.type === "file" ? "" : "unmarked " + said(here);
        }})()""")
        if fault:
            return [f"stop {number}: {fault}"]
    return []


def outside(page: Page, demo: Demo) -> list[str]:
    """Return the addresses that were asked for and are not of the demo."""
    sent = [event["request"]["url"] for event in page.happened("Network.requestWillBeSent")]
    return [url for url in sent if not url.startswith((f"{demo.url}/", "data:", "about:"))]


def findings(page: Page, axe: str, *rules: str) -> list[str]:
    """Return what axe-core finds that is serious or worse, by some of its rules or by all."""
    if not page.run("typeof axe === 'object'"):
        page.run(f"{axe}; 1")
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    told = awaited(
        page,
        f"axe.run(document, {json.dumps(options)})"
        """.then((told) => told.violations
            .filter((one) => ["serious", "critical"].includes(one.impact))
            .map((one) => one.id + ": " + one.nodes.map((node) => node.html.slice(0, 160) + " — " +
                (node.any[0]?.message || node.failureSummary)).slice(0, 3).join(" | ")))""",
    )
    return list(told)


def faults_of(page: Page, served: Demo, place: str, language: str, axe: str) -> list[str]:
    """Return all that is wrong with a page in one language."""
    mark = "&" if "?" in place else "?"
    before = len(page.faults())
    page.open(f"{served.url}{place}{mark}lang={language}")
    return [*faults_shown(page, language, axe), *map(str, page.faults()[before:])]


def faults_shown(page: Page, language: str, axe: str) -> list[str]:
    """Return what is wrong with the page that is open, in its language."""
    wrong = []
    if page.run("document.documentElement.dir") != DIRECTIONS[language]:
        wrong.append("direction")
    if (bytes_ := weight(page)) > WEIGHT:
        wrong.append(f"{bytes_} bytes")
    for width in (*BETWEEN, WIDE, NARROW):
        look(page, width, "light")
        if (by := sideways(page)) > 0:
            wrong.append(f"{by} pixels too wide at {width}")
    for width, theme, other in ((WIDE, "light", "dark"), (NARROW, "dark", "light")):
        # Of all rules, those of colours alone can find something else in the other theme.
        look(page, width, other)
        wrong += [f"{width} {other}: {found}" for found in findings(page, axe, *COLOURS)]
        look(page, width, theme)
        wrong += [f"{width}: {small}" for small in small_targets(page)]
        wrong += [f"{width} uneven: {one}" for one in uneven(page)]
        wrong += [f"{width} {theme}: {found}" for found in findings(page, axe)]
        wrong += [f"{width}: {stop}" for stop in tab_order(page)]
    return wrong
