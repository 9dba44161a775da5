"""Every page that is there once somebody has done something: as fit as those with an address."""

from collections.abc import Iterator

import pytest
from fixtures.chromium import Chromium, Page, found
from fixtures.require import missing

from console.driving import DIRECTIONS, Demo, asked, demo, faults_shown
from console.made import MADE, Scene

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "the page of an invitation, faulty forms, files on their way, snapshots and faults of a "
        "sandbox, in both languages and both themes, have no serious finding of axe-core, are in "
        "the order of their tab stops, and fit 390, 768, 900 and 1440 pixels"
    ),
]

REFUSED = ("status of 404", "status of 422")
"""What Chromium says of a page that refuses a form or a link, as it should."""


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of this file's own, with an endpoint."""
    if found() is None:
        missing("chromium", "it is not on the path")
    with demo(tmp_path_factory.mktemp("used"), "--demo-customers", "20") as one:
        hook = {"name": "crm", "event": "customer.updated", "url": "http://127.0.0.1:9/"}
        asked(one, "POST", "/webhooks/subscribe", hook | {"version": 2})
        yield one


@pytest.mark.parametrize("language", DIRECTIONS)
def test_every_page_that_people_make_is_fit_for_everybody(
    chromium: Chromium, used: Demo, axe: str, language: str
) -> None:
    scene = Scene(chromium, used, language)
    wrong = {
        name: faults
        for name, steps in MADE.items()
        if (faults := faults_shown(steps(scene), language, axe))
    }
    assert wrong == {}
    assert _spoken(scene.owner) == _spoken(scene.guest) == []


def _spoken(page: Page) -> list[str]:
    return [text for one in page.faults() if not any(why in (text := str(one)) for why in REFUSED)]
