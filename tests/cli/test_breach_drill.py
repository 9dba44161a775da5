"""A drill: a token was stolen; one command names how many persons it reached, exactly."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cli.operating import Operator
from fixtures.uploads import MULTIPART, form, part, workbook
from fixtures.world import APP, World, customer

from sijill.audit.search import EntryFilter
from sijill.database.columns import moment
from sijill.imports.job import Importer
from sijill.oauth.tokens import digest
from sijill.privacy.breach import EVERY_FIELD, evidence_of
from sijill.privacy.leaks import leaks
from sijill.webhooks.model import STOPPED, AttemptResult, State
from sijill.webhooks.places import Places

pytestmark = pytest.mark.proves(
    "after the theft of a token one command tells how many persons it saw and changed, which "
    "fields, from when to when, and what its webhooks sent out, exactly, and stops these"
)

SCOPES = "customers.read_write customer-wallets.read_write webhooks.read_write"
KEPT = ("--event-retention", "36500d")
"""The deliveries of the drill are not too old to be kept, whatever the day is."""
THIEF = "https://thief.example/hook"
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
            while await Importer(register.imports, register.stores, self.world.clock).turn():
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


def subscribe(world: World, token: str, url: str, event: str = "customer.updated") -> int:
    sent = {"name": "hook", "event": event, "url": url, "version": 2}
    answer = world.ask("POST", "/webhooks/subscribe", token, sent)
    assert answer.status == 200, answer.body
    number: int = answer.json["data"]["id"]
    return number


def changed(world: World, *ids: int) -> None:
    """Let the rightful app change customers, of which webhooks hear."""
    token = world.mint(world.store, SCOPES)
    for number in ids:
        body = {"first_name": f"Zq{world.clock.now}"}
        assert world.ask("PUT", f"/customers/{number}", token, body).status in (200, 201)
    at = world.moment
    world.run(world.register.outbox.sequence_events(lambda *_: True, at, 100))


def deliver(world: World, states: dict[int, State]) -> None:
    """Attempt what is due: to customers of `states` with this end, to others without an answer."""

    async def work() -> None:
        deliveries, at = world.register.deliveries, world.moment
        places = Places(initial=100)
        for due in await deliveries.claim(at, at + timedelta(minutes=1), places):
            state = states.get(due.event.customer_id or 0)
            if state is not None:
                await deliveries.finish(due, AttemptResult(state, None, None, at), at)

    world.run(work())


def test_what_webhooks_of_a_stolen_token_sent_is_counted(operator: Operator, world: World) -> None:
    world.tell()
    others(world)
    rightful = subscribe(world, world.mint(world.store, SCOPES), "https://app.example/hook")
    changed(world, 1020)
    world.clock.now += 3600
    thief = world.mint(world.store, SCOPES)
    since = world.moment
    hook = subscribe(world, thief, THIEF)
    gone = subscribe(world, thief, THIEF, "customer.created")
    world.clock.now += 60
    changed(world, 1010, 1011, 1012)
    deliver(world, {1010: "done", 1011: "dead"})  # and 1012 was tried, and not answered
    changed(world, 1013)  # it waits
    world.clock.now += 60
    own = id_of(world, thief)
    world.run(world.register.tokens.revoke(own, world.moment))
    world.run(
        world.register.webhooks.unsubscribe(world.store.id, APP.id, webhook_id=gone, url=None)
    )
    ended = world.moment
    world.clock.now += 60
    changed(world, 1014)
    world.audited()

    found = told(operator, "--token", str(own), *KEPT)
    assert (found["persons"], found["persons_at_most"]) == (3, 4)  # 1013 may have gone to the other
    assert not found["token_works"]
    one, two = found["webhooks"]
    assert one == {
        "webhook_id": hook,
        "store_id": world.store.id,
        "event": "customer.updated",
        "url": THIEF,
        "since": iso(since),
        "until": None,
        "state": "open",
        "received": 1,
        "perhaps": 2,
        "waiting": 2,
        "persons": 3,
        "persons_at_most": 3,
        "any_customer": False,
    }
    assert (two["webhook_id"], two["state"], two["until"]) == (gone, "ended", iso(ended))
    assert (two["persons"], two["persons_at_most"]) == (0, 4)
    assert rightful not in {row["webhook_id"] for row in found["webhooks"]}

    told_again = told(operator, "--token", str(own), *KEPT, "--stop-webhooks", "--yes")
    assert told_again["stopped"] == [hook]
    assert [row["state"] for row in told_again["webhooks"]] == ["paused", "ended"]
    assert world.run(world.register.webhooks.find(hook)).paused == STOPPED
    assert world.run(world.register.webhooks.find(rightful)).paused is None
    assert told(operator, "--token", str(own), *KEPT, "--stop-webhooks", "--yes")["stopped"] == []


def test_deliveries_that_are_no_longer_kept_are_bounded(world: World) -> None:
    world.tell()
    world.clock.now += 60
    thief = world.mint(world.store, SCOPES)
    subscribe(world, thief, THIEF)
    world.clock.now += 60
    changed(world, 1010, 1011)
    world.audited()
    register, wanted = world.register, EntryFilter(token=id_of(world, thief))
    found = world.run(evidence_of(register.audit, wanted))
    for kept_since, unknown in ((found.entries[0].at, set()), (found.later[-1].at, {1010, 1011})):
        given = (found.webhooks, found.later, moment(kept_since))
        (leak,) = world.run(leaks(register.driver, register.webhooks, *given))
        assert leak.unknown == unknown


@pytest.mark.parametrize(("lang", "words"), [("en", "Events still go"), ("ar", "ما زالت الأحداث")])
def test_an_open_webhook_is_told_in_words(
    operator: Operator, world: World, lang: str, words: str
) -> None:
    thief = world.mint(world.store, SCOPES)
    subscribe(world, thief, THIEF)
    world.audited()
    own = str(id_of(world, thief))
    said = operator.type("privacy", "breach", "--token", own, "--lang", lang, *KEPT).stdout
    assert words in said
    assert "sijill token revoke" in said
    stop = ("--stop-webhooks", "--lang", lang)
    refused = operator.type("privacy", "breach", "--token", own, *KEPT, *stop, code=64)
    assert "--yes" in refused.stderr
