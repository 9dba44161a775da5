"""What pages weigh when their lists are full: HTML, style and script, before compression."""

import pytest
from fixtures.tables import rows
from fixtures.world import World

from console.desks import Seat
from console.driving import WEIGHT
from sijill.pages.assets import SCRIPT, STYLE, content

pytestmark = pytest.mark.proves("a page of the console whose list is full weighs 60 KB at most")

LISTED = 60
"""More rows than a page of any list has."""

FILES = len(content(STYLE)) + len(content(SCRIPT))


@pytest.fixture
def full(world: World, owner: Seat) -> Seat:
    """An owner of a store in which every list of customers, of views and of changes is full."""
    for number in range(LISTED):
        form = {
            "c[first_name]": "عبدالرحمن بن عبدالعزيز",
            "c[last_name]": "الشهراني القحطاني",
            "c[mobile_code_country]": "+966",
            "c[mobile]": f"5{50000000 + number}",
            "c[email]": f"a.long.address.of.{number}@customers.example.com",
            "c[birthday]": "1990-01-31",
            "c[gender]": "male",
            "c[country_code]": "SA",
        }
        assert owner.post("/customers/new", **form).status == 303
        if not number % 3:
            assert owner.get("/customers").status == 200
    world.audited()
    return owner


@rows("path", ["", "/customers", "/customers?sort=id", "/audit", "/groups"])
@rows("language", ["ar", "en"])
def test_a_page_with_a_full_list_weighs_60_kb_at_most(full: Seat, path: str, language: str) -> None:
    page = full.get(path, accept_language=language)
    assert page.status == 200
    assert len(page.body) + FILES <= WEIGHT, f"{len(page.body) + FILES} bytes"
