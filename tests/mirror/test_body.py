"""Bodies of upstream are kept to the byte, and a page that is not whole is refused."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fixtures.tables import rows
from mirror.upstream import listed, origin, shown
from msgspec import json

from sijill.customers.model import Extras
from sijill.mirror.body import merged, read_customer, read_details, read_page
from sijill.mirror.model import Misshapen

PAYLOADS = Path(__file__).parents[1] / "payloads"


def test_a_customer_is_read_as_it_was_written() -> None:
    extras = Extras(is_blocked=True, block_reason="دين", total_points=7, country_id=3)
    customer = origin(5, groups=(4, 9), birthday=date(1990, 1, 2), extras=extras)
    found = read_customer(shown(customer))
    avatar = found.customer.avatar
    assert found.body == shown(customer)
    assert found.zone == "Asia/Riyadh"
    assert (found.id, found.created_at) == (5, int(customer.created_at.timestamp() * 1e6))
    assert json.decode(shown(found.customer)) == json.decode(shown(customer))
    assert avatar


@rows("name", ["customer_details_extra_fields.json", "customer_details.json"])
def test_what_upstream_documents_is_read(name: str) -> None:
    body = (PAYLOADS / name).read_bytes()
    assert read_customer(read_details(body)).id == json.decode(body)["data"]["id"]


def whole(**changes: Any) -> dict[str, Any]:
    answer = listed([origin(number) for number in range(1, 61)], 100)
    answer["pagination"] |= changes
    return answer


def test_a_whole_page_is_read() -> None:
    page = read_page(json.encode(whole()), 1, 60)
    assert len(page.rows) == 60
    assert page.total == 100
    assert read_page(json.encode(listed([], 0)), 1, 60) == ([], 0)
    last = listed([origin(number) for number in range(61, 101)], 100, 2)
    assert len(read_page(json.encode(last), 2, 60).rows) == 40


SHORT = whole() | {"data": whole()["data"][:-1]}
REPEATED = whole() | {"data": [*whole()["data"][:-1], whole()["data"][0]]}


@rows(
    ("answer", "reason"),
    [
        (SHORT, "short_page"),
        (SHORT | {"pagination": SHORT["pagination"] | {"count": 59}}, "short_page"),
        (REPEATED, "repeated_row"),
        (whole(total=60, count=59), "short_page"),
        (whole(currentPage=2), "pagination"),
        (whole(perPage=15), "pagination"),
        (whole(total=-1), "pagination"),
        (whole() | {"data": {}}, "list"),
        ({"status": 200}, "list"),
        (whole() | {"data": [{"id": "x"}] * 60}, "customer"),
    ],
)
def test_a_page_that_is_not_what_it_says_is_refused(answer: Any, reason: str) -> None:
    with pytest.raises(Misshapen) as refused:
        read_page(json.encode(answer), 1, 60)
    assert refused.value.reason == reason


@rows("cut", [1, 10, 100, 5_000])
def test_a_page_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(Misshapen):
        read_page(json.encode(whole())[:-cut], 1, 60)


@rows(
    ("change", "reason"),
    [
        ({"id": 0}, "id"),
        ({"updated_at": None}, "customer"),
        ({"updated_at": {"date": "yesterday", "timezone": "Asia/Riyadh"}}, "customer"),
        ({"updated_at": {"date": "2024-01-01 00:00:00", "timezone": "No/Where"}}, "customer"),
        ({"groups": "none"}, "customer"),
    ],
)
def test_a_customer_that_cannot_be_read_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Misshapen) as refused:
        read_customer(json.encode(json.decode(shown(origin(5))) | change))
    assert refused.value.reason == reason


@rows(
    ("change", "found"),
    [
        ({"mobile": "0501234567"}, (501234567, "966")),
        ({"mobile": "٥", "mobile_code": "+966"}, (None, "")),
        ({"mobile": 2**70}, (None, "")),
        ({"mobile": None}, (None, "")),
        ({"mobile_code": ""}, (None, "")),
        ({"mobile_code": "00966"}, (500_000_005, "966")),
        ({"mobile_code": 966}, (500_000_005, "966")),
    ],
)
def test_a_mobile_is_read_from_any_of_its_forms(change: dict[str, Any], found: Any) -> None:
    customer = read_customer(json.encode(json.decode(shown(origin(5))) | change)).customer
    assert (customer.mobile, customer.mobile_code) == found


def test_a_text_with_nul_is_stored_without_it_and_kept_with_it() -> None:
    found = read_customer(json.encode(json.decode(shown(origin(5))) | {"city": "a\0b"}))
    assert found.customer.city == "ab"
    assert b"a\\u0000b" in found.body


def test_a_wall_time_is_of_the_zone_that_stands_beside_it() -> None:
    change = {"updated_at": {"date": "2024-07-01 12:00:00.5", "timezone": "Europe/Berlin"}}
    found = read_customer(json.encode(json.decode(shown(origin(5))) | change))
    assert found.customer.updated_at == datetime(2024, 7, 1, 10, 0, 0, 500_000, UTC)


def test_a_hint_changes_the_values_that_it_holds_and_no_other_byte() -> None:
    known = b'{"id":5,"city":"\\u0623","x":1.50,"updated_at":0}'
    hint = b'{"city" : "b", "updated_at":1, "source":{}}'
    assert merged(known, hint) == b'{"id":5,"city":"b","x":1.50,"updated_at":1}'
