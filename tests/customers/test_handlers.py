"""Customer Details and List Customers, through the whole application."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from fixtures.world import World, customer

from sijill.customers.examples import AHMED
from sijill.customers.model import Extras
from sijill.customers.wire import EXTRAS
from sijill.server.parsing import RequestParser
from sijill.server.request_limits import RequestLimits

PATH = f"/customers/{AHMED.id}"
NOT_FOUND = (
    b'{"success":false,"status":404,"error":{"code":404,'
    b'"message":"The content you are trying to access is no longer available"}}'
)


def test_details_answer_at_both_addresses_alike(world: World) -> None:
    plain, prefixed = world.get(PATH), world.get(f"/admin/v2{PATH}")
    assert plain.status == prefixed.status == 200
    assert plain.body == prefixed.body
    assert plain.json["data"]["email"] == "ahmedali@test.test"


def test_a_success_carries_the_documented_headers(world: World) -> None:
    headers = world.get(PATH).headers
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "private, no-cache"
    assert headers["vary"] == "Authorization, Accept-Language"
    assert headers["etag"].startswith('"')
    assert headers["x-request-id"]
    assert headers["x-ratelimit-limit"] == "500"


@pytest.mark.parametrize(
    "segment",
    ["abc", "+5", "007", "1_000", "0", "٥", "9223372036854775808", "1%2F2", "%20", "1.0", "-1"],
)
def test_a_faulty_id_is_not_found_and_counted(world: World, segment: str) -> None:
    answer = world.get(f"/customers/{segment}")
    assert (answer.status, answer.body) == (404, NOT_FOUND)
    assert answer.headers["x-ratelimit-remaining"] == "499"


def test_a_percent_encoded_id_is_the_same_id(world: World) -> None:
    encoded = "".join(f"%{ord(digit):02X}" for digit in str(AHMED.id))
    assert world.get(f"/customers/{encoded}").body == world.get(PATH).body


def test_the_largest_id_is_looked_for(world: World) -> None:
    world.keep(world.store, customer(2**63 - 1, email="last@example.com"))
    assert world.get(f"/customers/{2**63 - 1}").json["data"]["id"] == 2**63 - 1


def test_a_head_is_a_get_that_keeps_its_body(world: World) -> None:
    got, head = world.get(PATH), world.ask("HEAD", PATH)
    assert head.status == 200
    same = ("etag", "content-length", "content-type", "x-ratelimit-limit")
    assert {n: head.headers[n] for n in same} == {n: got.headers[n] for n in same}


def test_a_known_answer_is_a_304_with_tag_and_limits_and_is_counted(world: World) -> None:
    first = world.get(PATH)
    second = world.get(PATH, if_none_match=f'"other", W/{first.headers["etag"]}')
    assert (second.status, second.body) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["x-ratelimit-remaining"] == "498"
    assert "content-length" not in second.headers
    assert "content-type" not in second.headers
    assert world.get(PATH, if_none_match="*").status == 304
    assert world.get(PATH, if_none_match='"other"').status == 200


def test_the_tag_changes_with_every_byte_of_the_answer(world: World) -> None:
    before = world.get(PATH).headers["etag"]
    assert world.get(f"{PATH}?fields[]=is_blocked").headers["etag"] != before
    world.keep(world.store, msgspec.structs.replace(AHMED, city="Jeddah"))
    assert world.get(PATH).headers["etag"] != before


def test_a_customers_data_never_depends_on_the_language(world: World) -> None:
    assert world.get(PATH, accept_language="en").body == world.get(PATH).body


def test_none_on_the_wire(world: World) -> None:
    blank = customer(
        7,
        first_name="",
        last_name="",
        gender=None,
        city="",
        country="",
        country_code="",
        currency="",
        location="",
        lang="",
        groups=(),
    )
    world.keep(world.store, blank)
    data = world.get("/customers/7").json["data"]
    empty = ("first_name", "last_name", "mobile_code", "email", "city", "country", "country_code")
    expected = dict.fromkeys(empty, "") | dict.fromkeys(("mobile", "gender", "birthday"))
    expected |= {"currency": "SAR", "location": "null", "groups": []}
    assert {name: data[name] for name in expected} == expected
    assert data["avatar"] == "https://i.ibb.co/jyqRQfQ/avatar-male.webp"


def test_the_other_profile_says_it_differently(world: World) -> None:
    world.keep(world.other_store, AHMED)
    data = world.get(PATH, world.mint(world.other_store)).json["data"]
    assert list(data)[:3] == ["id", "full_name", "first_name"]
    assert data["full_name"] == "Ahmed Ali"
    assert (data["mobile_code"], data["country_code"], data["location"]) == ("+967", "SA", "")
    names = list(data)
    assert names[names.index("location") :] == [
        "location",
        "lang",
        "created_at",
        "updated_at",
        "groups",
    ]


@pytest.mark.parametrize("name", sorted(EXTRAS))
def test_each_extra_field_has_its_default_and_its_place(world: World, name: str) -> None:
    base = list(world.get(PATH).json["data"])
    data = world.get(f"{PATH}?fields[]={name}").json["data"]
    added = [key for key in data if key not in base]
    places = {"orders_count": ["stats"], "orders_amount": ["stats"]}
    places["is_orders_rated"] = ["is_orders_rated", "pending_rating_count"]
    assert added == places.get(name, [name])
    value = data["stats"][name] if "stats" in data else data[name]
    true, null = {"is_notifications_enabled"}, {"block_reason", "latest_purchase"}
    null |= {"abandoned_carts_items", "country_id", "current_store_customer"}
    false = {"is_blocked", "is_whitelisted", "is_inactive", "is_orders_rated"}
    defaults = dict.fromkeys(true, True) | dict.fromkeys(false, False) | dict.fromkeys(null)
    assert value == (defaults | {"custom_fields": []}).get(name, 0)
    assert type(value) is type((defaults | {"custom_fields": []}).get(name, 0))


def test_extra_fields_show_what_was_written(world: World) -> None:
    extras = Extras(is_blocked=True, block_reason="untrusted", orders_amount=720.91, total_points=3)
    world.keep(world.store, msgspec.structs.replace(AHMED, extras=extras))
    names = "is_blocked,block_reason,orders_amount,total_points"
    data = world.get(f"{PATH}?fields={names}").json["data"]
    assert data["stats"] == {"orders_amount": 720.91}
    assert (data["is_blocked"], data["block_reason"], data["total_points"]) == (
        True,
        "untrusted",
        3,
    )


def many(world: World, count: int) -> list[int]:
    """Keep customers of one minute each, some of the same moment; return ids, newest first."""
    start = datetime(2025, 3, 10, 20, 0, tzinfo=UTC)
    made = [
        customer(
            1000 + number * 7 % 101,
            email=f"c{number}@example.com",
            created_at=start + timedelta(minutes=number // 2),
        )
        for number in range(count)
    ]
    world.keep(world.other_store, *made)
    newest = sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)
    return [one.id for one in newest]


def test_the_list_is_newest_first_and_pages_cover_it_once(world: World) -> None:
    ids = many(world, 32)
    token = world.mint(world.other_store)
    seen: list[int] = []
    for page in (1, 2, 3):
        answer = world.get(f"/customers?page={page}", token).json
        seen += [one["id"] for one in answer["data"]]
        assert answer["pagination"]["total"] == 32
        assert answer["pagination"]["count"] == len(answer["data"])
        assert answer["pagination"]["totalPages"] == 3
    assert seen == ids
    past = world.get("/customers?page=4", token)
    assert past.status == 200
    assert past.json["data"] == []
    assert list(past.json["pagination"]["links"]) == ["previous"]


def test_links_keep_the_query_the_prefix_and_our_own_address(world: World) -> None:
    many(world, 32)
    token = world.mint(world.other_store)
    path = "/admin/v2/customers?page=2&per_page=10&fields[]=is_blocked"
    links = world.get(path, token, host="evil.example").json["pagination"]["links"]
    base = "http://127.0.0.1:8466/admin/v2/customers?per_page=10&fields%5B%5D=is_blocked"
    assert links == {"previous": f"{base}&page=1", "next": f"{base}&page=3"}


def test_no_links_differ_by_profile(world: World) -> None:
    assert b'"links":[]' in world.get("/customers").body
    assert b'"links":{}' in world.get("/customers", world.mint(world.other_store)).body


def test_an_empty_store_lists_one_empty_page(world: World) -> None:
    answer = world.get("/customers", world.mint(world.other_store)).json
    assert answer["data"] == []
    assert answer["pagination"] == {
        "count": 0,
        "total": 0,
        "perPage": 15,
        "currentPage": 1,
        "totalPages": 1,
        "links": {},
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("date_from=2025-03-10", 32),
        ("date_to=2025-03-10", 32),
        ("date_from=2025-03-11", 0),
        ("date_to=2025-03-09", 0),
        ("date_from=2025-03-10&date_to=2025-03-10", 32),
        ("date_from=2025-03-11&date_to=2025-03-09", 0),
        ("date_from=9999-12-31", 0),
        ("date_to=9999-12-31", 32),
        ("date_from=0001-01-01", 32),
    ],
)
def test_dates_are_days_of_the_stores_zone(world: World, query: str, count: int) -> None:
    many(world, 32)
    answer = world.get(f"/customers?{query}", world.mint(world.other_store))
    assert answer.status == 200
    assert answer.json["pagination"]["total"] == count


def test_midnight_in_riyadh_parts_two_days(world: World) -> None:
    midnight = datetime(2025, 3, 10, 21, tzinfo=UTC)  # 00:00 of the 11th in Riyadh
    world.keep(
        world.other_store,
        customer(1, email="a@example.com", created_at=midnight - timedelta(microseconds=1)),
        customer(2, email="b@example.com", created_at=midnight),
    )
    token = world.mint(world.other_store)
    for day, ids in (("2025-03-10", [1]), ("2025-03-11", [2])):
        answer = world.get(f"/customers?date_from={day}&date_to={day}", token).json
        assert [one["id"] for one in answer["data"]] == ids


def test_faulty_dates_are_refused_in_arabic_or_english(world: World) -> None:
    path = "/customers?date_from=yesterday&date_to=2025-02-30"
    arabic = world.get(path)
    assert arabic.status == 422
    assert arabic.headers["content-language"] == "ar"
    assert arabic.headers["x-ratelimit-remaining"] == "499"
    assert list(arabic.json["error"]["fields"]) == ["date_from", "date_to"]
    english = world.get(path, accept_language="en").json["error"]
    assert english == {
        "code": "error",
        "message": "alert.invalid_fields",
        "fields": {
            "date_from": ["The date from is not a valid date."],
            "date_to": ["The date to is not a valid date."],
        },
    }


def test_the_list_knows_only_its_own_extra_fields(world: World) -> None:
    names = "is_blocked,orders_count,total_points"
    (data,) = world.get(f"/customers?fields={names}").json["data"]
    assert "stats" not in data
    assert (data["is_blocked"], data["total_points"]) == (False, 0)


def test_a_page_of_the_list_has_a_tag_too(world: World) -> None:
    tag = world.get("/customers").headers["etag"]
    assert world.get("/customers", if_none_match=tag).status == 304


def test_bytes_are_compact_json_in_utf8(world: World) -> None:
    body = world.get(PATH).body
    assert body == json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8"
    )


def test_a_read_for_a_tag_that_no_longer_holds_is_refused(world: World) -> None:
    tag = world.get(PATH).headers["etag"]
    assert world.get(PATH, if_match=tag).status == 200
    assert world.get(f"{PATH}?fields[]=is_blocked", if_match=tag).status == 200
    assert world.get(PATH, if_match='"old"').status == 412


def test_a_header_that_comes_twice_is_one_list(world: World) -> None:
    tag = world.get(PATH).headers["etag"]
    bearer = f"Authorization: Bearer {world.token}\r\n".encode()
    tags = b"If-None-Match: %b\r\nIf-None-Match: other\r\n" % tag.encode()
    assert status_of(world, bearer + tags) == 304
    assert status_of(world, bearer * 2) == 401


def status_of(world: World, lines: bytes) -> int:
    """Return the status of a request with these header lines, parsed as the server does."""
    parser = RequestParser(RequestLimits(), "")
    parser.feed(b"GET %b HTTP/1.1\r\n%b\r\n" % (PATH.encode(), lines), 0)
    assert parser.request is not None
    status: int = world.run(world.respond(parser.request)).status
    return status
