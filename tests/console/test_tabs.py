"""Seven tabs of one browser: a browser has six connections to a host, and streams keep theirs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from fixtures.chromium import Chromium, Page

from console.driving import Demo, signed_in
from console.places import places
from console.used import TRIES
from sijill.http.dispatcher import MAX_STREAMS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "the seventh tab of the console opens, all tabs share one live stream, and a tab that "
        "nobody sees holds none"
    ),
]

TABS = 7


def test_the_seventh_tab_opens_and_all_share_one_stream(chromium: Chromium, served: Demo) -> None:
    store = places()[1]
    first = signed_in(chromium, served)
    assert first.run("location.pathname") == store
    tabs = [first, *(chromium.beside(first, "en") for _ in range(TABS - 1))]
    for tab in tabs[1:]:
        tab.open(f"{served.url}{store}")
        assert tab.run("document.querySelector('h1').innerText") == "Overview"
    chromium.until(lambda: any(map(_streaming, tabs)), "a stream")
    assert sum(map(_streaming, tabs)) == 1
    cookies = first.call("Network.getCookies", urls=[served.url])["cookies"]
    sent = "; ".join(f"{one['name']}={one['value']}" for one in cookies)
    # A tab that is hidden leaves its stream to the next, and the server hears of it a moment later.
    rooms = (_room(served, store, sent) for _ in range(TRIES))
    assert MAX_STREAMS - 1 in rooms


def test_a_tab_that_nobody_sees_holds_no_stream(chromium: Chromium, served: Demo) -> None:
    tab = signed_in(chromium, served)
    for hidden, streams in ((False, 1), (True, 0), (False, 1)):
        tab.run(f"""Object.defineProperty(document, "hidden",
                                          {{configurable: true, value: {str(hidden).lower()}}});
                    document.dispatchEvent(new Event("visibilitychange"))""")
        chromium.until(lambda open_=streams: _streaming(tab) == open_, f"{streams} streams")


def _streaming(tab: Page) -> int:
    """Return how many streams a tab holds open, as the browser tells."""
    begun = [
        one["requestId"]
        for one in tab.happened("Network.responseReceived")
        if one["response"]["url"].endswith("/live")
    ]
    ended = tab.happened("Network.loadingFinished", "Network.loadingFailed")
    return len(set(begun) - {one["requestId"] for one in ended})


def _room(served: Demo, store: str, cookie: str) -> int:
    """Return how many streams the server opens beside those that it counts for a browser."""
    with ExitStack() as stack:
        for number in range(MAX_STREAMS + 1):
            if stack.enter_context(_stream(served, store, cookie)) != 200:
                return number
    return MAX_STREAMS + 1


@contextmanager
def _stream(served: Demo, store: str, cookie: str) -> Iterator[int]:
    """Yield the status of a stream, which is open until the end of the block."""
    host = urlsplit(served.url)
    connection = HTTPConnection(str(host.hostname), host.port, timeout=30)
    connection.request(
        "GET", f"{store}/live", headers={"Cookie": cookie, "Accept": "text/event-stream"}
    )
    yield connection.getresponse().status
    connection.close()
