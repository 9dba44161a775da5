"""Reads of a linked store: upstream's own bytes, and a true word on how old they are."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror.linked import AHMED, SEED, Linked, linked, status_of
from msgspec import json

from sijill.http.cache_control import Wishes
from sijill.mirror.answers.directives import FRESH, may_be_stale, plan
from sijill.mirror.answers.headers import completeness, freshness, hit
from sijill.mirror.model import MICROS

__all__ = ["linked"]

pytestmark = [
    pytest.mark.salla(seed=SEED),
    pytest.mark.proves("a copy's `Age` is true within a second"),
]

PATH = f"/customers/{AHMED}"


def test_a_first_read_asks_upstream_and_the_next_ones_do_not(linked: Linked) -> None:
    first = linked.get(PATH)
    assert (first.status, status_of(first)) == (200, "sijill; fwd=uri-miss; fwd-status=200; stored")
    for _ in range(3):
        again = linked.get(PATH)
        assert again.body == first.body
        assert status_of(again) == f"sijill; hit; ttl={FRESH}"
    assert linked.asked() == 1
    assert first.body == linked.original(PATH)


def test_fields_are_cut_from_one_copy(linked: Linked) -> None:
    linked.get(PATH)
    for query in ("", "?fields[]=is_blocked", "?fields[]=total_points&fields[]=custom_fields"):
        answer = linked.get(PATH + query)
        assert json.decode(answer.body) == json.decode(linked.original(PATH + query))
        assert status_of(answer).startswith("sijill; hit")


def test_fields_that_no_list_has_come_from_upstream(linked: Linked) -> None:
    query = PATH + "?fields[]=orders_count"
    answer = linked.get(query)
    assert answer.body == linked.original(query)
    assert status_of(answer) == "sijill; fwd=miss; fwd-status=200"
    assert linked.get(query, cache_control="only-if-cached").status == 504


@pytest.mark.parametrize("seconds", [0, 0.9, 1, 59.5, 3_600, 1_000_000])
def test_age_is_the_time_since_upstream_confirmed(linked: Linked, seconds: float) -> None:
    linked.get(PATH)
    confirmed = linked.clock.now
    linked.pass_time(seconds)
    answer = linked.get(PATH)
    assert 0 <= seconds - int(answer.headers["age"]) < 1
    at = datetime.strptime(answer.headers["sijill-synced-at"], "%Y-%m-%dT%H:%M:%SZ")
    assert 0 <= confirmed - at.replace(tzinfo=UTC).timestamp() < 1
    assert f"ttl={FRESH - int(answer.headers['age'])}" in status_of(answer)


def test_every_answer_says_that_caches_must_ask_again(linked: Linked) -> None:
    for path in (PATH, "/customers", "/customers/999"):
        assert linked.get(path).headers["cache-control"] == "private, no-cache"


def test_a_tag_still_spares_the_body(linked: Linked) -> None:
    tag = linked.get(PATH).headers["etag"]
    linked.pass_time(5)
    answer = linked.get(PATH, if_none_match=tag)
    assert (answer.status, answer.body, answer.headers["age"]) == (304, b"", "5")


def test_a_client_gets_no_older_copy_than_it_asks_for(linked: Linked) -> None:
    linked.get(PATH)
    linked.pass_time(60)
    assert linked.get(PATH, cache_control="max-age=60").headers["age"] == "60"
    linked.pass_time(1)
    linked.salla.client.put(PATH, json={"first_name": "Hamad"})
    answer = linked.get(PATH, cache_control="max-age=60")
    assert (answer.headers["age"], status_of(answer)) == (
        "0",
        "sijill; fwd=stale; fwd-status=200; stored",
    )
    assert json.decode(answer.body)["data"]["first_name"] == "Hamad"
    assert linked.get(PATH).body == answer.body
    answer = linked.get(PATH, cache_control="no-cache")
    assert status_of(answer) == "sijill; fwd=request; fwd-status=200; stored"


def test_only_if_cached_never_asks_upstream(linked: Linked) -> None:
    answer = linked.get(PATH, cache_control="only-if-cached")
    assert (answer.status, json.decode(answer.body)["error"]["code"]) == (504, "not_stored")
    linked.get(PATH)
    linked.pass_time(10)
    asked = linked.asked()
    assert linked.get(PATH, cache_control="only-if-cached").status == 200
    assert linked.get(PATH, cache_control="only-if-cached, max-age=9").status == 504
    assert linked.get("/customers", cache_control="only-if-cached, no-cache").status == 504
    assert linked.get("/customers/groups", cache_control="only-if-cached").status == 504
    assert linked.asked() == asked


def test_without_budget_a_copy_is_stale_and_says_so_and_a_miss_is_a_503(linked: Linked) -> None:
    linked.get(PATH)
    linked.pass_time(100)
    linked.spend()
    answer = linked.get(PATH, cache_control="max-age=60")
    assert (answer.status, answer.headers["age"]) == (200, "100")
    assert status_of(answer) == "sijill; hit; ttl=-40; detail=budget"
    missing = linked.get("/customers/3")
    assert (missing.status, missing.headers["retry-after"]) == (503, "600")
    assert status_of(missing) == "sijill; fwd=uri-miss; detail=budget"
    assert linked.get(PATH).status == 200


def test_stale_if_error_decides_what_a_fault_of_upstream_costs(linked: Linked) -> None:
    linked.get(PATH)
    linked.pass_time(100)
    linked.salla.faults.add("customers.details", status=500)
    refused = linked.get(PATH, cache_control="max-age=60")
    assert (refused.status, refused.headers["retry-after"]) == (503, "30")
    assert status_of(refused) == "sijill; fwd=stale; fwd-status=500"
    answer = linked.get(PATH, cache_control="max-age=60, stale-if-error=40")
    assert (answer.status, answer.headers["age"]) == (200, "100")
    assert status_of(answer) == "sijill; fwd=stale; fwd-status=500; detail=stale-if-error"
    assert linked.get(PATH, cache_control="max-age=60, stale-if-error=39").status == 503
    assert linked.get(PATH).status == 200


@pytest.mark.parametrize("state", ["paused", "needs_authorisation"])
def test_a_store_that_may_not_ask_still_answers_what_it_has(linked: Linked, state: str) -> None:
    linked.get(PATH)
    mirror = linked.world.register.mirror
    if state == "paused":
        linked.run(mirror.pause(linked.store_id))
    else:
        linked.run(mirror.set_trouble(linked.store_id, "needs_authorisation", "refused"))
    linked.pass_time(10)
    asked = linked.asked()
    assert linked.get(PATH).status == 200
    assert linked.get("/customers/2").status == 503
    assert linked.get(PATH, cache_control="no-cache, stale-if-error=60").headers["age"] == "10"
    assert linked.asked() == asked


def test_an_unknown_customer_is_upstreams_404(linked: Linked) -> None:
    answer = linked.get("/customers/999")
    assert (answer.status, status_of(answer)) == (404, "sijill; fwd=uri-miss; fwd-status=404")
    assert answer.body == linked.original("/customers/999")
    assert linked.get("/customers/0009").status == 404


def test_a_tombstone_is_a_404_until_upstream_shows_the_customer_again(linked: Linked) -> None:
    linked.get(PATH)
    row = linked.row(AHMED)
    assert row is not None
    gone = (row.id, "gone", row.body, row.created_at, row.updated_at, row.sequence)
    later = (row.confirmed_at, row.reading, row.changed_at)
    linked.run(
        linked.world.register.driver.run("put_mirror_customer", linked.store_id, *gone, *later)
    )
    linked.pass_time(7)
    answer = linked.get(PATH)
    assert (answer.status, answer.headers["age"]) == (404, "7")
    assert status_of(answer) == f"sijill; hit; ttl={FRESH - 7}"
    again = linked.get(PATH, cache_control="no-cache")
    assert (again.status, again.headers["age"]) == (200, "0")


def fill(linked: Linked) -> None:
    for customer_id in (AHMED, 2, 3):
        assert linked.get(f"/customers/{customer_id}").status == 200
        linked.pass_time(10)


def test_a_list_has_upstreams_bytes_its_oldest_age_and_its_completeness(linked: Linked) -> None:
    fill(linked)
    answer, original = linked.get("/customers"), linked.original("/customers")
    assert json.decode(answer.body)["data"] == json.decode(original)["data"]
    assert answer.body.partition(b'"pagination"')[0] == original.partition(b'"pagination"')[0]
    assert (answer.headers["age"], answer.headers["sijill-completeness"]) == ("30", "0")
    young = linked.get("/customers?keyword=%D9%86%D9%88%D8%B1%D8%A9")
    assert (len(json.decode(young.body)["data"]), young.headers["age"]) == (1, "10")


def test_a_list_that_must_be_fresher_is_upstreams_own(linked: Linked) -> None:
    fill(linked)
    answer = linked.get("/customers?per_page=2&page=2", cache_control="max-age=5")
    assert answer.body == linked.original("/customers?per_page=2&page=2")
    assert status_of(answer) == "sijill; fwd=stale; fwd-status=200"
    linked.spend()
    stale = linked.get("/customers", cache_control="max-age=5")
    assert (stale.status, status_of(stale)) == (200, "sijill; hit; ttl=-25; detail=budget")


def test_other_reads_of_customers_pass_on_to_upstream(linked: Linked) -> None:
    answer = linked.get("/customers/groups")
    assert answer.body == linked.original("/customers/groups")
    assert status_of(answer) == "sijill; fwd=bypass; fwd-status=200"


def test_a_store_that_is_not_linked_answers_as_ever(linked: Linked) -> None:
    answer = linked.world.get(PATH)
    assert answer.status == 200
    assert not {"age", "cache-status"} & answer.headers.keys()
    assert not linked.asked()


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/customers", "GET, HEAD"),
        ("PUT", PATH, "GET, HEAD"),
        ("DELETE", PATH, "GET, HEAD"),
        ("PUT", f"/customers/blacklist/{AHMED}", ""),
        ("POST", "/customers/groups", "GET, HEAD"),
        ("POST", "/customers/import", ""),
    ],
)
def test_writes_are_refused(linked: Linked, method: str, path: str, allow: str) -> None:
    answer = linked.world.ask(method, path, linked.writer, {})
    assert (answer.status, answer.headers["allow"]) == (405, allow)
    assert not linked.asked()


def test_writes_that_pass_through_have_upstreams_answer_and_are_read_at_once(
    linked: Linked,
) -> None:
    linked.world.change(write_through=True)
    linked.get(PATH)
    made = linked.world.ask(
        "POST",
        "/customers",
        linked.writer,
        {
            "first_name": "Huda",
            "last_name": "Ali",
            "mobile": 511111111,
            "mobile_code_country": "+966",
        },
    )
    assert (made.status, status_of(made)) == (200, "sijill; fwd=method; fwd-status=200")
    new = json.decode(made.body)["data"]["id"]
    assert linked.get(f"/customers/{new}", cache_control="only-if-cached").status == 200
    changed = linked.world.ask("PUT", PATH, linked.writer, {"first_name": "Hamad"})
    assert changed.status == 200
    assert linked.detail(AHMED)["first_name"] == "Hamad"
    wrong = linked.world.ask("PUT", PATH, linked.writer, {"email": "nonsense"})
    assert wrong.status == 422
    banned = linked.world.ask(
        "PUT", f"/customers/blacklist/{AHMED}", linked.writer, {"reason": "fraud"}
    )
    assert banned.status == 201
    shown = linked.get(PATH + "?fields[]=is_blocked")
    assert json.decode(shown.body)["data"]["is_blocked"] is True
    deleted = linked.world.ask("DELETE", PATH, linked.writer)
    assert deleted.status == 200
    checks = linked.run(linked.world.register.driver.all("mirror_checks_of", linked.store_id))
    assert [check[0] for check in checks] == [AHMED]


def test_a_refused_access_token_is_renewed_once(linked: Linked) -> None:
    linked.salla.expire_token()
    linked.pass_time(61)
    assert linked.get(PATH).status == 200
    linked.salla.assert_called("oauth.token", 1)
    link = linked.run(linked.world.register.mirror_links.find(linked.store_id))
    assert link is not None
    assert link.access != linked.salla.token


@given(
    age=st.none() | st.floats(0, 10**6),
    max_age=st.none() | st.integers(0, 10**6),
    no_cache=st.booleans(),
    only_if_cached=st.booleans(),
    stale_if_error=st.none() | st.integers(0, 10**6),
)
def test_nothing_older_than_asked_for_is_served_without_asking(
    age: float | None,
    max_age: int | None,
    no_cache: bool,
    only_if_cached: bool,
    stale_if_error: int | None,
) -> None:
    wishes = Wishes(max_age, no_cache, only_if_cached, stale_if_error)
    chosen = plan(age, wishes)
    if chosen == "serve":
        assert age is not None
        assert not no_cache
        assert max_age is None or age <= max_age
    if only_if_cached:
        assert chosen != "fetch"
    if age is not None and may_be_stale(age, wishes):
        assert stale_if_error is not None


@given(held=st.integers(0, 10**7), total=st.none() | st.integers(0, 10**7))
def test_completeness_is_never_rounded_up_to_whole(held: int, total: int | None) -> None:
    text = completeness(held, total).decode()
    assert re.fullmatch(r"0|1|0\.[0-9]{4}", text)
    assert (text == "1") == (total is not None and held >= total)


@given(confirmed=st.floats(0, 2e9), passed=st.floats(-10, 1e7))
def test_age_and_ttl_are_whole_seconds_of_one_age(confirmed: float, passed: float) -> None:
    now = confirmed + passed
    told = dict(freshness(int(confirmed * MICROS), now, hit(FRESH, max(0.0, passed))))
    assert abs(int(told[b"age"]) - max(0.0, passed)) <= 1
