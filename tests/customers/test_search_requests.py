"""List Customers with a keyword, through the whole application."""

import secrets
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fixtures.logs import WrittenLog
from fixtures.profiles import example_count
from fixtures.tables import rows
from fixtures.world import World, customer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijill.customers.examples import AHMED

pytestmark = pytest.mark.proves(
    "a search finds the customers that its rules name and no others, on both "
    "databases, for every keyword"
)

NOURA = customer(
    7,
    first_name="نورة",
    last_name="العتيبي",
    mobile=511804534,
    mobile_code="966",
    email="Noura.Alotaibi@mail.example.com",
)
EVERYBODY = {AHMED.id, NOURA.id}

NOURAS = ["966511804534", "+966 51 180 4534", "0511804534", "٠٥١١٨٠٤٥٣٤", "5118", "00966511804534"]
NOURAS += ["noura.alotaibi@MAIL.example.com", "noura.alo", "mail.example.com", "alotaibi"]
NOURAS += ["نوره", "نُورَة", "نورة العت", "العتيبي نورة", "  نورة  ", "نورة 0511804534"]
"""Keywords that find her alone."""

HOSTILE = ['"', "'", "*", "%", "_", "\\", "\0", "😀", "()", "-", "^", ":", "%00", "\\'", "&|!<->"]
HOSTILE += [
    "' OR 1=1 --",
    '"a" OR NEAR(',
    "ahmed*",
    "terms:ahmed",
    "NOT ahmed",
    "ahmed & ali",
    "1:",
]
HOSTILE += ["x'); DROP TABLE customers; --", "{terms}: a", "a" * 10_000, "\u202e\u2066", "nobody"]


def found(world: World, keyword: str, more: str = "") -> set[int]:
    """Return the ids that a keyword finds."""
    answer = world.get(f"/customers?keyword={quote(keyword, safe='')}{more}")
    assert answer.status == 200
    ids = {one["id"] for one in answer.json["data"]}
    assert answer.json["pagination"]["total"] == len(ids)
    return ids


@pytest.fixture
def populated(world: World) -> World:
    world.keep(world.store, NOURA)
    return world


@pytest.mark.proves("`keyword` by mobile, e-mail and name")
@pytest.mark.parametrize("keyword", NOURAS)
def test_a_keyword_finds_by_mobile_email_and_name(populated: World, keyword: str) -> None:
    assert found(populated, keyword) == {NOURA.id}


def test_a_space_may_be_a_plus_and_a_plus_may_stand_bare(populated: World) -> None:
    for query in ("keyword=+966511804534", "keyword=%D9%86%D9%88%D8%B1%D8%A9+%D8%A7%D9%84%D8%B9"):
        [one] = populated.get(f"/customers?{query}").json["data"]
        assert one["id"] == NOURA.id


@pytest.mark.parametrize("keyword", ["", "   "])
def test_an_empty_keyword_is_as_if_it_were_not_sent(populated: World, keyword: str) -> None:
    assert found(populated, keyword) == EVERYBODY


def test_of_several_keywords_the_last_counts(populated: World) -> None:
    assert found(populated, "ahmed", "&keyword=noura") == {NOURA.id}
    assert found(populated, "ahmed", "&keyword=") == EVERYBODY


@rows("keyword", HOSTILE)
def test_a_hostile_keyword_is_only_text(populated: World, keyword: str) -> None:
    assert found(populated, keyword) <= EVERYBODY
    assert populated.get("/customers").json["pagination"]["total"] == 2


@rows("keyword", ["%", "_", '"*"', "😀", "'", "\0", "*", "()"])
def test_a_keyword_without_letter_or_digit_finds_nobody(populated: World, keyword: str) -> None:
    assert found(populated, keyword) == set()


def test_signs_change_nothing_of_what_is_found(populated: World) -> None:
    for keyword in (
        "ahmed*",
        '"ahmed"',
        "%ahmed%",
        "ahmed\0",
        "-ahmed",
        "ahmed & ali",
        "ahmed_ali",
    ):
        assert found(populated, keyword) == {AHMED.id}
    for keyword in ("NOT ahmed", "ahmed OR noura", "terms:ahmed"):
        assert found(populated, keyword) == set()


def test_only_a_hundred_characters_count(populated: World) -> None:
    spaces = " " * 94
    assert found(populated, f"ahmed {spaces}nobody") == {AHMED.id}
    assert found(populated, f"{' ' * 200}nobody") == set()


@settings(
    max_examples=example_count(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=st.binary(max_size=40))
def test_no_bytes_of_a_keyword_are_our_fault(populated: World, query: bytes) -> None:
    populated.clock.now += 1000  # or the limit would be reached
    assert populated.get(f"/customers?keyword={quote(query)}").status == 200


def test_dates_and_a_keyword_hold_together(populated: World) -> None:
    assert found(populated, "noura", "&date_from=2000-01-01") == {NOURA.id}
    assert found(populated, "noura", "&date_to=2000-01-01") == set()
    assert populated.get("/customers?keyword=noura&date_to=x").status == 422


def test_pages_of_a_search_keep_the_keyword_in_their_links(world: World) -> None:
    world.keep(world.store, *(customer(n, first_name="سارة") for n in range(1, 8)))
    path = f"/customers?keyword={quote('سارة')}&per_page=3"
    seen = []
    while path:
        answer = world.get(path).json
        assert answer["pagination"]["total"] == 7
        seen += [one["id"] for one in answer["data"]]
        links = answer["pagination"]["links"]
        path = links["next"].removeprefix("http://127.0.0.1:8466") if "next" in links else ""
        assert not path or parse_qs(urlsplit(path).query)["keyword"] == ["سارة"]
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_search_stays_in_its_store(populated: World) -> None:
    token = populated.mint(populated.other_store)
    answer = populated.get("/customers?keyword=noura", token)
    assert (answer.status, answer.json["data"]) == (200, [])


def test_a_customer_written_over_http_is_found_at_once(world: World) -> None:
    made = world.send(
        "POST",
        "/customers",
        {
            "first_name": "Salem",
            "last_name": "Zahrani",
            "mobile": "555123456",
            "mobile_code_country": "+966",
            "country_code": "SA",
            "email": "salem@shop.example",
        },
    ).json["data"]["id"]
    assert found(world, "salem") == found(world, "0555123456") == {made}
    world.send("PUT", f"/customers/{made}", {"first_name": "Khalid", "email": "k@shop.example"})
    assert found(world, "salem") == set()
    assert found(world, "khalid zah") == {made}
    world.send("DELETE", f"/customers/{made}")
    assert found(world, "khalid") == set()


def test_extra_fields_and_tags_are_those_of_the_list(populated: World) -> None:
    path = "/customers?keyword=noura&fields[]=is_blocked"
    answer = populated.get(path)
    assert answer.json["data"][0]["is_blocked"] is False
    assert populated.get(path, if_none_match=answer.headers["etag"]).status == 304


def test_a_keyword_is_in_no_log_line(
    populated: World,
    written: WrittenLog,
    capsys: pytest.CaptureFixture[str],
) -> None:
    word, number = secrets.token_hex(8), str(500_000_000 + secrets.randbelow(99_999_999))
    populated.change(journal=written.journal)
    for keyword in (word, number, f"+966{number}", f"{word}%00'\""):
        assert populated.get(f"/customers?keyword={keyword}").status == 200
    output = written.text + "".join(capsys.readouterr())
    assert output.count("/customers") == 4
    assert word not in output
    assert number not in output
