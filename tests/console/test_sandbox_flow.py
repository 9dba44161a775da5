"""The pages of the sandbox on a demo in Chromium: by forms and keys alone, without a script."""

from collections.abc import Iterator

import httpx
import pytest
from fixtures.chromium import Chromium, Page, found
from fixtures.require import missing

from console.driving import Demo, demo
from console.test_without_scripts import scriptless
from sijill.stores.model import CUSTOMER_ID

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proves(
        "on a demo the clock is moved, a fault is set and the journal is read by keyboard alone "
        "and without a script"
    ),
]


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of this file's own: its clock moves."""
    if found() is None:
        missing("chromium", "it is not on the path")
    with demo(tmp_path_factory.mktemp("moving"), "--demo-customers", "20") as one:
        yield one


def go_to(page: Page, moving: Demo, path: str) -> None:
    page.open(f"{moving.url}/_/console")
    page.open(f"{moving.url}{page.run('location.pathname')}{path}?lang=en")


def told(page: Page) -> str:
    return str(page.run("document.querySelector('main').innerText"))


def pressed(page: Page, selector: str) -> None:
    """Press Enter on a control, and wait for the page that it leads to."""
    page.run(f"document.querySelector({selector!r}).focus()")
    with page._loading(selector):
        page.press("Enter")


def read(moving: Demo) -> int:
    headers = {"authorization": f"Bearer {moving.token}"}
    return httpx.get(f"{moving.url}/admin/v2/customers/{CUSTOMER_ID}", headers=headers).status_code


def test_the_clock_is_moved_by_keys_and_the_person_stays(chromium: Chromium, moving: Demo) -> None:
    page = scriptless(chromium, moving)
    go_to(page, moving, "/sandbox")
    pressed(page, "form[action$='/freeze'] button")
    assert "The clock stands still." in told(page)
    for step in ("10m", "1h", "1d"):
        before = page.run("document.querySelector('main time').dateTime")
        pressed(page, f"button[value='{step}']")
        assert "The clock has moved on." in told(page)
        assert page.run("document.querySelector('main time').dateTime") > before
    assert page.faults() == []


def test_a_fault_is_set_and_the_journal_tells_its_hit(chromium: Chromium, moving: Demo) -> None:
    page = scriptless(chromium, moving)
    go_to(page, moving, "/sandbox/faults")
    page.run("document.querySelector('[name=op]').value = 'customers.details'")
    page.run("document.querySelector('[name=status]').value = '503'")
    page.type("[name=times]", "1")
    pressed(page, "form[action$='/faults'] button.primary")
    assert "The rule is added." in told(page)
    assert [read(moving), read(moving)] == [503, 200]
    go_to(page, moving, "/sandbox/requests")
    page.follow("a.row-link")
    assert "customers.details" in told(page)
    go_to(page, moving, "/sandbox/requests")
    page.run("document.querySelector('[name=status]').value = '503'")
    pressed(page, "form.filters button")
    assert page.run("document.querySelectorAll('tbody tr').length") == 1
    assert page.faults() == []
