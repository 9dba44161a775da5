"""A demo that apps have used for two weeks, for pictures: new customers, webhooks that answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from fixtures.chromium import Page

from console.driving import Demo, asked, awaited, moved_on
from sijill.customers.examples import AHMED

DAY = 24 * 3600
NEW = (3, 5, 2, 6, 4, 1, 0, 7, 5, 8, 6, 3, 9, 4)
"""New customers of each day, the last of which is today."""

PASSED = (len(NEW) - 1) * DAY
"""Seconds by which `use` moves the clock, but for one."""

NAMES = ("نورة", "Sara", "خالد", "Omar", "ريم", "Maha", "فهد", "Yousef")
EVENTS = ("customer.created", "customer.updated")


TRIES = 300
"""How often a page is opened that waits for something."""


class _Receiver(BaseHTTPRequestHandler):
    """Takes every event but those of the path `/customer.updated`."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503 if self.path.endswith("updated") else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the terminal for the pictures' names."""


@contextmanager
def receiver() -> Iterator[str]:
    """Yield the address of what receives webhooks."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def use(demo: Demo, address: str) -> dict[str, int]:
    """Let two weeks pass; return the id of the webhook of each event."""
    hooks = {event: _subscribed(demo, event, address) for event in EVENTS}
    numbers = iter(range(sum(NEW)))
    for day, count in enumerate(NEW):
        if day:
            moved_on(demo, DAY)
        for number in (next(numbers) for _ in range(count)):
            asked(demo, "POST", "/customers", _customer(number))
    for name in ("Ahmad", AHMED.first_name):
        asked(demo, "PUT", f"/customers/{AHMED.id}", {"first_name": name})
    moved_on(demo, 1)
    return hooks


def _customer(number: int) -> dict[str, str]:
    return {
        "first_name": NAMES[number % len(NAMES)],
        "last_name": NAMES[(number + 3) % len(NAMES)],
        "mobile": f"5{77000000 + number}",
        "mobile_code_country": "+966",
        "email": f"customer{number}@example.com",
    }


def _subscribed(demo: Demo, event: str, address: str) -> int:
    new = {"name": "crm", "event": event, "url": f"{address}/{event}", "version": 2}
    proof = {"security_strategy": "signature", "secret": "of the pictures"}
    return int(asked(demo, "POST", "/webhooks/subscribe", new | proof)["id"])


def made_places(page: Page, demo: Demo, store: str, hooks: dict[str, int]) -> dict[str, str]:
    """Return the addresses of pages of what is made while a demo is used, by names."""
    endpoint = f"{store}/webhooks/{hooks['customer.created']}"
    refusing = f"{store}/webhooks/{hooks['customer.updated']}"
    return {
        "endpoint": endpoint,
        "endpoint-refusing": refusing,
        "delivery": linked(page, demo, refusing, "a.row-link"),
    }


def linked(page: Page, demo: Demo, place: str, selector: str) -> str:
    """
    Return where the first link of a page leads, once the page has such a link.

    Raises: AssertionError if it has none after TRIES looks.
    """
    for _ in range(TRIES):
        page.open(f"{demo.url}{place}")
        found = f'Promise.resolve(document.querySelector("{selector}")?.getAttribute("href"))'
        if address := awaited(page, found):
            return str(address)
    raise AssertionError(f"{place} has no {selector}")
