"""The link of a first start, opened by many at the same moment: one of them becomes the owner."""

import asyncio
from collections import Counter
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from fixtures.browsing import HOST, Browser, hidden
from fixtures.world import Answer, World

from sijill.oauth.tokens import SETUP, digest, mint

pytestmark = pytest.mark.proves("of forty who use the link of a first start at once one wins")

FORTY = 40


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest):
    """A world in each database, in which signing up is not limited."""
    memory = "sqlite://:memory:"
    url = memory if request.param == "memory" else request.getfixturevalue("postgres_url")
    made = World(url)
    made.change(policy=made.policy._replace(logins=None))
    yield made
    made.close()


def form_of(number: int) -> dict[str, str]:
    return {
        "name": f"P{number}",
        "email": f"p{number}@example.com",
        "password": "a long enough one",
    }


def test_of_forty_at_once_one_becomes_the_owner(shared: World) -> None:
    link = mint(SETUP)
    until = shared.moment + timedelta(minutes=30)
    shared.run(shared.register.people.offer_set_up(digest(link), until))
    browsers = [Browser(shared) for _ in range(FORTY)]
    pages = [browser.get(f"/_/setup?link={link}") for browser in browsers]
    assert {page.status for page in pages} == {200}

    async def post(number: int) -> Answer:
        fields = {**hidden(pages[number], "/_/setup"), **form_of(number)}
        return await shared.answer(
            "POST",
            "/_/setup",
            None,
            urlencode(fields).encode(),
            content_type="application/x-www-form-urlencoded",
            host=HOST,
            origin=f"http://{HOST}",
            sec_fetch_site="same-origin",
            cookie="; ".join(f"{name}={value}" for name, value in browsers[number].cookies.items()),
        )

    async def all_at_once() -> list[Answer]:
        return list(await asyncio.gather(*map(post, range(FORTY))))

    answers = shared.run(all_at_once())
    statuses = Counter(answer.status for answer in answers)
    assert statuses[303] == 1
    assert set(statuses) <= {303, 404, 503}
    assert statuses[404] > 0
    (owner,) = shared.run(shared.register.people.all())
    winner = next(number for number, answer in enumerate(answers) if answer.status == 303)
    assert owner.email == f"p{winner}@example.com"
    for guess in (link, link[:-1], link + "x", link.swapcase(), mint(SETUP)):
        assert Browser(shared).get(f"/_/setup?link={guess}").status == 404
