"""A drill: a token was stolen; one command names how many persons it reached, exactly."""

from collections.abc import Iterator
from typing import Any

import pytest
from cli.operating import Operator
from fixtures.uploads import MULTIPART, form, part, workbook
from fixtures.world import World, customer

from sijill.imports.job import Importer
from sijill.oauth.tokens import digest
from sijill.privacy.breach import EVERY_FIELD

pytestmark = pytest.mark.proves(
    "after the theft of a token one command tells how many persons it saw and changed, which "
    "fields, and from when to when, exactly"
)

SCOPES = "customers.read_write customer-wallets.read_write"
PEOPLE = range(1001, 1061)
SHEET = form(part(workbook(("id", "المدينة"), *((str(n), "جدة") for n in (1050, 1051, 1052)))))


@pytest.fixture
def world(operator: Operator) -> Iterator[World]:
    (operator.folder / "data").mkdir(mode=0o700)
    made = World(f"sqlite://{operator.folder}/data/sijill.db")
    made.keep(made.store, *(customer(n, email=f"zq{n}@example.com") for n in PEOPLE))
    yield made
    made.close()


def id_of(world: World, token: str) -> int:
    grant = world.run(world.register.tokens.grant(digest(token)))
    assert grant is not None
    return grant.token_id


def shown(world: World, path: str, token: str) -> list[int]:
    """Ask, and return whom the answer shows."""
    data = world.get(path, token).json["data"]
    return [one["id"] for one in (data if isinstance(data, list) else [data])]


class Theft:
    """What a thief does, and whom the answers show."""

    def __init__(self, world: World) -> None:
        self.world, self.token = world, world.mint(world.store, SCOPES)
        self.seen: set[int] = set()
        self.changed: set[int] = set()

    def read(self) -> None:
        for path in ("?page=1&per_page=20", "?page=2&per_page=20", "?keyword=zq1003@example.com"):
            self.seen |= {*shown(self.world, f"/customers{path}", self.token)}
        for number in (1001, 1002, 1002, 1001, 1002):
            self.seen |= {*shown(self.world, f"/customers/{number}", self.token)}
        assert self.world.get("/customers/9999", self.token).status == 404

    def change(self) -> None:
        world, token = self.world, self.token
        body = {"email": "thief@example.com"}
        assert world.ask("PUT", "/customers/1004", token, body).status == 200
        taken = world.ask("PUT", "/customers/1005", token, body)  # refused: it shows nobody
        assert taken.status == 422
        ban = world.ask("PUT", "/customers/blacklist/1006", token, {"reason": "zq"})
        assert ban.status in (200, 201)
        self.changed |= {1004, 1006}

    def upload(self) -> None:
        sent = self.world.ask(
            "POST", "/customers/import", self.token, SHEET, content_type=MULTIPART
        )
        assert sent.status in (200, 201, 202), sent.body

        async def work() -> None:
            register = self.world.register
            while await Importer(register.imports, register.stores, self.world.clock).work():
                pass

        self.world.run(work())
        self.changed |= {1050, 1051, 1052}


def others(world: World) -> None:
    """Let the rightful app, another token of it, and the operator go about their business."""
    for number in (1001, 1002, 1030, 1031):
        assert world.get(f"/customers/{number}").status == 200
    other = world.mint(world.store, SCOPES)
    assert world.ask("PUT", "/customers/1040", other, {"city": "x"}).status in (200, 201)
    world.get("/customers?page=3", other)


def told(operator: Operator, *words: str) -> dict[str, Any]:
    answer: Any = operator.json("privacy", "breach", *words)
    assert isinstance(answer, dict)
    return answer


def test_one_command_names_the_extent_of_a_stolen_token(operator: Operator, world: World) -> None:
    others(world)
    world.clock.now += 3600
    theft = Theft(world)
    begun = world.moment
    theft.read()
    world.clock.now += 60
    others(world)
    theft.change()
    world.clock.now += 60
    theft.upload()
    ended = world.moment
    world.clock.now += 3600
    others(world)
    world.audited()  # sealed, as a server does every half second
    assert len(theft.seen) > 40

    found = told(operator, "--token", str(id_of(world, theft.token)))
    assert found["persons"] == len(theft.seen | theft.changed)
    assert found["whole_stores"] == []
    rows = {(one["action"], one["token_id"]): one for one in found["exposures"]}
    own = id_of(world, theft.token)
    assert rows.keys() == {
        ("customer.view", own),
        ("customer.update", own),
        ("customer.update", None),
    }
    assert rows["customer.view", own]["persons"] == len(theft.seen)
    assert rows["customer.view", own]["fields"] == [EVERY_FIELD]
    changed, imported = rows["customer.update", own], rows["customer.update", None]
    assert (changed["persons"], imported["persons"]) == (2, 3)
    assert changed["fields"] == ["block_reason", "email", "is_blocked"]
    assert imported["fields"] == ["city"]
    assert (found["first_at"], found["last_at"]) == (iso(begun), iso(ended))


def iso(moment: Any) -> str:
    text: str = moment.isoformat().replace("+00:00", "Z")
    return text


def test_a_time_tells_of_everybody_who_acted_in_it(operator: Operator, world: World) -> None:
    others(world)
    world.clock.now += 3600
    since = world.moment
    theft = Theft(world)
    theft.read()
    world.clock.now += 1
    until = world.moment
    others(world)
    world.audited()
    found = told(operator, "--since", iso(since), "--until", iso(until))
    assert found["persons"] == len(theft.seen)
    assert [one["token_id"] for one in found["exposures"]] == [id_of(world, theft.token)]


def test_a_token_that_did_nothing_reached_nobody(operator: Operator, world: World) -> None:
    others(world)
    idle = world.mint(world.store, SCOPES)
    world.audited()
    found = told(operator, "--token", str(id_of(world, idle)))
    assert (found["persons"], found["exposures"]) == (0, [])
