"""Create, Update and Delete Customer, through the whole application."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fixtures.uploads import MULTIPART, form, part
from fixtures.world import Answer, World, customer

from sijill.customers.examples import AHMED
from sijill.database.sqlite.connection import Connection
from sijill.groups.model import Group

pytestmark = pytest.mark.proves(
    "of two writers with one `If-Match` exactly one succeeds; one `Idempotency-Key` "
    "sent by many at once makes one customer"
)

PATH = f"/customers/{AHMED.id}"
PAYLOADS = Path(__file__).parents[1] / "payloads"
NEW = {"first_name": "Sara", "email": "sara@example.com"}


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


@pytest.mark.proves("`POST /customers`")
def test_the_documented_request_makes_the_documented_customer(world: World) -> None:
    world.send("DELETE", PATH)
    answer = world.send("POST", "/customers", payload("customer_create_request"))
    ours, sample = answer.json, payload("customer_create_response")
    assert answer.status == ours["status"] == sample["status"]
    # The sample answers `male` to a request of `female`, and shows a place, a street and a moment
    # that its request does not have: slips of the page.
    differ = {"id", "gender", "city", "country", "location", "updated_at"}
    added = {"birthday", "country_code", "currency"}
    order = [name for name in ours["data"] if name not in added]
    assert order == list(sample["data"])
    assert {n: ours["data"][n] for n in order if n not in differ} == {
        n: value for n, value in sample["data"].items() if n not in differ
    }
    assert ours["data"]["gender"] == "female"
    assert ours["data"]["birthday"]["date"] == "1997-06-03 00:00:00.000000"
    assert 0 < ours["data"]["id"] < 2**31
    assert world.get(f"/customers/{ours['data']['id']}").body == answer.body


@pytest.mark.proves("`PUT /customers/{customer}`")
def test_the_documented_update_changes_what_it_names_alone(world: World) -> None:
    world.clock.now += 5
    before = world.get(PATH).json["data"]
    answer = world.send("PUT", PATH, payload("customer_update_request"))
    after = answer.json["data"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"email", "gender", "birthday", "updated_at"}
    order = [n for n in after if n not in ("birthday", "country_code", "currency")]
    assert order == list(payload("customer_update_response")["data"])
    assert world.get(PATH).body == answer.body


@pytest.mark.proves("`DELETE /customers/{customer}`")
@pytest.mark.parametrize(("language", "text"), [("ar", "تم حذف Customer بنجاح"), ("en", None)])
def test_a_deleted_customer_is_gone_for_good(world: World, language: str, text: str | None) -> None:
    answer = world.send("DELETE", PATH, accept_language=language)
    assert answer.status == 200
    if text is not None:
        assert answer.json == payload("customer_delete_response")
    assert world.get(PATH).status == 404
    assert world.send("DELETE", PATH).status == 404
    assert world.send("PUT", PATH, {"first_name": "X"}).status == 404
    assert world.get("/customers").json["pagination"]["total"] == 0
    again = world.send("POST", "/customers", {"email": AHMED.email})
    assert again.status == 200
    assert again.json["data"]["id"] != AHMED.id


def test_a_deleted_id_is_never_given_again(world: World) -> None:
    world.send("DELETE", PATH)
    from sijill.customers.model import Edit

    (outcome,) = world.run(
        world.register.customers.change(world.store.id, [Edit(AHMED.id, lambda _: AHMED)])
    )
    assert outcome.refused is not None
    assert outcome.refused.field == "id"


@pytest.mark.proves("the texts of faulty fields")
def test_every_faulty_field_is_refused_at_once_in_the_documented_words(world: World) -> None:
    sample = payload("error_422_multiple_fields")
    answer = world.send("POST", "/customers", dict.fromkeys(sample["error"]["fields"], ""))
    assert (answer.status, answer.json) == (422, sample)
    english = world.send("POST", "/customers", {"first_name": ""}, accept_language="en")
    assert english.json["error"]["fields"]["first_name"] == ["The first name field is required."]


@pytest.mark.proves("a mobile or e-mail that another customer has")
def test_a_taken_mobile_or_email_is_refused_by_name(world: World) -> None:
    world.send("POST", "/customers", NEW)
    mobile = {"mobile": str(AHMED.mobile), "mobile_code_country": AHMED.mobile_code}
    for body, field in ((mobile, "mobile"), ({"email": "AhmedAli@TEST.test"}, "email")):
        answer = world.send("POST", "/customers", body)
        assert answer.status == 422
        assert list(answer.json["error"]["fields"]) == [field]
    world.keep(world.store, customer(5, email="five@example.com"))
    answer = world.send("PUT", "/customers/5", {"email": NEW["email"]})
    assert list(answer.json["error"]["fields"]) == ["email"]
    assert world.get("/customers/5").json["data"]["email"] == "five@example.com"


def test_the_same_mobile_in_another_store_is_free(world: World) -> None:
    token = world.mint(world.other_store, "customers.read_write")
    answer = world.ask("POST", "/customers", token, {"email": AHMED.email})
    assert answer.status == 200


def test_fifty_who_want_one_mobile_leave_one_with_it(world: World) -> None:
    body = {"mobile": "551234567", "mobile_code_country": "+966"}

    async def everyone() -> list[Answer]:
        return await asyncio.gather(
            *(world.answer("POST", "/customers", world.writer, body) for _ in range(50))
        )

    statuses = [answer.status for answer in world.run(everyone())]
    assert (statuses.count(200), statuses.count(422)) == (1, 49)


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        ("application/x-www-form-urlencoded", b"email=sara%40example.com&groups[]=7&groups[]=3"),
        ("application/json", b'{"email":"sara@example.com","groups":["7","3"]}'),
        ("", b'{"email":"sara@example.com","groups":[7,3]}'),
        (
            MULTIPART,
            form(
                part(b"sara@example.com", "email", None),
                *(part(group, "groups[]", None) for group in (b"7", b"3")),
            ),
        ),
    ],
)
def test_bodies_are_read_as_real_clients_send_them(
    world: World, content_type: str, raw: bytes
) -> None:
    for group_id in (3, 7):
        world.run(world.register.groups.create(world.store.id, Group(group_id)))
    answer = world.send("POST", "/customers", raw, content_type=content_type)
    assert answer.status == 200
    assert answer.json["data"]["groups"] == [3, 7]


@pytest.mark.proves("400")
@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, 400),
        (b"[" * 5000, 400, 400),
        (b"[]", 422, "error"),
        (b'{"email":"a\\u0000@b.c"}', 422, "error"),
        (b"", 422, "error"),
    ],
)
def test_a_body_that_says_nothing_is_refused(
    world: World, raw: bytes, status: int, code: int | str
) -> None:
    answer = world.send("POST", "/customers", raw)
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert answer.headers["content-language"] == "ar"


@pytest.mark.proves("the order of checks")
def test_checks_come_in_order(world: World) -> None:
    bad = b"{"
    assert world.ask("PUT", PATH, None, bad).status == 401
    assert world.ask("PUT", PATH, world.token, bad).status == 401
    assert world.send("PUT", "/customers/1", bad).status == 404
    assert world.send("PUT", PATH, bad, if_match='"old"').status == 412
    assert world.send("PUT", PATH, bad).status == 400


def test_if_match_holds_for_the_customer_that_was_read(world: World) -> None:
    tag = world.get(PATH).headers["etag"]
    world.clock.now += 1
    first = world.send("PUT", PATH, {"first_name": "One"}, if_match=tag)
    assert first.status == 200
    second = world.send("PUT", PATH, {"first_name": "Two"}, if_match=tag)
    assert second.status == 412
    assert second.json["error"]["code"] == "precondition_failed"
    assert world.get(PATH).json["data"]["first_name"] == "One"
    assert world.send("DELETE", PATH, if_match=tag).status == 412
    new = first.headers["etag"]
    assert new == world.get(PATH).headers["etag"]
    assert world.send("DELETE", PATH, if_match=f'"x", {new}').status == 200


@pytest.mark.proves("`If-Match` (ours)")
def test_of_writers_with_one_tag_exactly_one_succeeds(world: World) -> None:
    tag = world.get(PATH).headers["etag"]
    world.clock.now += 1

    async def everyone() -> list[Answer]:
        return await asyncio.gather(
            *(
                world.answer("PUT", PATH, world.writer, {"first_name": f"N{n}"}, if_match=tag)
                for n in range(20)
            )
        )

    statuses = [answer.status for answer in world.run(everyone())]
    assert (statuses.count(200), statuses.count(412)) == (1, 19)


def test_updates_of_different_fields_at_once_are_all_there(world: World) -> None:
    bodies: list[dict[str, Any]] = [
        {"first_name": "New"},
        {"last_name": "Name"},
        {"gender": "female"},
        {"birthday": "2000-01-01"},
        {"email": "new@example.com"},
    ]

    async def everyone() -> list[Answer]:
        puts = (world.answer("PUT", PATH, world.writer, body) for body in bodies * 20)
        return await asyncio.gather(*puts)

    assert {answer.status for answer in world.run(everyone())} == {200}
    data = world.get(PATH).json["data"]
    assert (data["first_name"], data["last_name"], data["gender"]) == ("New", "Name", "female")
    assert (data["email"], data["birthday"]["date"][:10]) == ("new@example.com", "2000-01-01")


@pytest.mark.proves("`Idempotency-Key` (ours)")
def test_an_idempotency_key_makes_a_post_once(world: World) -> None:
    first = world.send("POST", "/customers", NEW, idempotency_key="k1")
    assert first.status == 200
    assert "idempotent-replayed" not in first.headers
    spaced = json.dumps(dict(reversed(NEW.items())), indent=2).encode()
    again = world.send("POST", "/customers", spaced, idempotency_key="k1")
    assert again.body == first.body
    assert again.headers["idempotent-replayed"] == "true"
    other = world.send("POST", "/customers", {"email": "b@example.com"}, idempotency_key="k1")
    assert other.status == 422
    assert list(other.json["error"]["fields"]) == ["Idempotency-Key"]
    assert world.get("/customers").json["pagination"]["total"] == 2


def test_a_refused_post_leaves_its_key_free(world: World) -> None:
    refused = world.send("POST", "/customers", {"email": AHMED.email}, idempotency_key="k2")
    assert refused.status == 422
    assert world.send("POST", "/customers", NEW, idempotency_key="k2").status == 200


def test_a_key_is_forgotten_after_a_day(world: World) -> None:
    world.send("POST", "/customers", NEW, idempotency_key="k3")
    world.clock.now += 86_401
    answer = world.send("POST", "/customers", {"email": "c@example.com"}, idempotency_key="k3")
    assert answer.status == 200


def test_keys_of_two_stores_are_two_keys(world: World) -> None:
    theirs = world.mint(world.other_store, "customers.read_write")
    ours = world.send("POST", "/customers", NEW, idempotency_key="k4")
    other = world.ask("POST", "/customers", theirs, NEW, idempotency_key="k4")
    assert ours.status == other.status == 200
    assert "idempotent-replayed" not in other.headers


def test_one_key_sent_by_many_at_once_makes_one_customer(world: World) -> None:
    async def everyone() -> list[Answer]:
        return await asyncio.gather(
            *(
                world.answer("POST", "/customers", world.writer, NEW, idempotency_key="k5")
                for _ in range(20)
            )
        )

    answers = world.run(everyone())
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert world.get("/customers").json["pagination"]["total"] == 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_a_faulty_key_is_refused(world: World, key: str) -> None:
    assert world.send("POST", "/customers", NEW, idempotency_key=key).status == 422


def test_a_write_with_the_other_profile_answers_in_it(world: World) -> None:
    token = world.mint(world.other_store, "customers.read_write")
    body = {"mobile": "551234567", "mobile_code_country": "966", "first_name": "Sara"}
    data = world.ask("POST", "/customers", token, body).json["data"]
    assert (data["mobile_code"], data["full_name"]) == ("+966", "Sara")


def test_no_write_loses_what_is_kept_beside(world: World) -> None:
    from sijill.customers.model import Extras

    kept = msgspec.structs.replace(AHMED, extras=Extras(orders_count=5, is_blocked=True))
    world.keep(world.store, kept)
    world.send("PUT", PATH, {"first_name": "New"})
    data = world.get(f"{PATH}?fields=orders_count,is_blocked").json["data"]
    assert (data["stats"]["orders_count"], data["is_blocked"]) == (5, True)


def test_a_taken_mobile_and_a_taken_email_are_told_together(world: World) -> None:
    world.send("POST", "/customers", NEW)
    body = NEW | {"mobile": str(AHMED.mobile), "mobile_code_country": AHMED.mobile_code}
    answer = world.send("POST", "/customers", body)
    assert set(answer.json["error"]["fields"]) == {"email", "mobile"}
    world.keep(world.store, customer(5, email="five@example.com"))
    answer = world.send("PUT", "/customers/5", body)
    assert set(answer.json["error"]["fields"]) == {"email", "mobile"}


def test_both_addresses_of_a_route_are_one_request(world: World) -> None:
    first = world.send("POST", "/customers", NEW, idempotency_key="k6")
    again = world.send("POST", "/admin/v2/customers", NEW, idempotency_key="k6")
    assert again.body == first.body


ROW_READS = {"customer", "customer_with_extras", "customer_page"}


@pytest.mark.parametrize(
    ("method", "path", "body", "reads"),
    [
        ("POST", "/customers", {"email": "new@test.test"}, 0),
        ("PUT", f"/customers/{AHMED.id}", {"first_name": "Omar"}, 1),
        ("PUT", f"/customers/{AHMED.id}", {"first_name": ""}, 1),
        ("PUT", f"/customers/blacklist/{AHMED.id}", {"reason": "spam"}, 1),
        ("DELETE", f"/customers/blacklist/{AHMED.id}", None, 1),
        ("DELETE", f"/customers/{AHMED.id}", None, 1),
        ("GET", f"/customers/{AHMED.id}", None, 1),
    ],
)
def test_a_request_reads_a_customers_row_once(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any, reads: int
) -> None:
    world.tell()  # a write that makes an event reads no more for it
    asked: list[str] = []
    read = Connection.rows

    def rows(connection: Connection, name: str, args: Sequence[Any] = ()) -> Any:
        asked.append(name)
        return read(connection, name, args)

    monkeypatch.setattr(Connection, "rows", rows)
    world.send(method, path, b"" if body is None else body)
    assert len([name for name in asked if name in ROW_READS]) == reads
