"""One door: a value is read alike from every body, every file, a query and a command."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from fixtures import doors
from fixtures.browsing import sent_with
from fixtures.oauth import CALLBACK, EMAIL, PASSWORD, SECRET, Scene, scene
from fixtures.tables import rows
from fixtures.world import World
from msgspec.structs import asdict

from sijill.customers.query import parse_dates
from sijill.errors import Invalid
from sijill.fields.numbers import read_flag
from sijill.http.query import parse_customer_id
from sijill.ledgers.fields import read_movement

pytestmark = pytest.mark.proves(
    "a value is read alike from JSON, both kinds of form, CSV, JSON Lines, workbooks, a query and "
    "a command"
)

SAUDI = ("966", 501234567)

MOBILES: list[tuple[Any, str, Any]] = [
    *(
        (text, "966", SAUDI)
        for text in (
            *("0501234567", "501234567", " 0501234567 ", "\u00a0501234567", "٠٥٠١٢٣٤٥٦٧"),
            *("(+966) 50 123 4567", "050.123.4567", "050/1234567", "tel:+966501234567"),
            *("966501234567+", "+966 050 123 4567", "966501234567.0", "00966501234567"),
            *(
                "\u202a+966 50 123 4567\u202c",
                "050\u2013123\u20134567",
                "966501234567",
                "050\u2009123 4567",
            ),
        )
    ),
    ("971501234567", "971", ("971", 501234567)),
    ("97433123456", "974", ("974", 33123456)),
    ("+97433123456", "+974", ("974", 33123456)),
    ("33123456", "00974", ("974", 33123456)),
    ("33123456", " ٩٧٤\u200f", ("974", 33123456)),
    ("+97497433123456", "974", ("974", 33123456)),
    ("+966 0501234567", "+966", SAUDI),
    ("773 111 632", "870", ("870", 773111632)),
    ("+966 50 123 45", "966", {"mobile"}),
    ("123456", "20", {"mobile"}),
    ("5.01234567E8", "966", {"mobile"}),
    ("0501234567 x5", "966", {"mobile"}),
]

EMAILS = [
    *("a@x.com", " a@x.com ", "\u00a0a@x.com", "a@x.com\u200b", "\u200ea@x.com", "a\u00ad@x.com"),
    *("mailto:a@x.com", "<a@x.com>", "a@x.com,", "a@x.com.", "<mailto:a@x.com>;", "\ta@x.com\n"),
]
NO_EMAILS = ["a", "a@", "a b@x.com", "a@@x.com", "Ali <a@x.com>", "a@x..com", "a@x.com, b@x.com"]

TEXTS: list[tuple[str, Any, Any]] = [
    ("first_name", " Sara ", "Sara"),
    ("first_name", "\u200fسارة\u00a0", "سارة"),
    ("first_name", "e\u0301", "\u00e9"),
    ("first_name", "Sa\u202era", {"first_name"}),
    ("first_name", "S" * 26, {"first_name"}),
    ("first_name", "a\tb", {"first_name"}),
    ("gender", " female", "female"),
    ("gender", "FEMALE\u200f", "female"),
    ("gender", "أنثى", "female"),
    ("gender", "robot", {"gender"}),
    ("gender", " ", None),
    ("gender", "\u200b", None),
    ("birthday", " 1990-03-15 ", date(1990, 3, 15)),
    ("birthday", "1990/03/15", date(1990, 3, 15)),
    ("birthday", "١٩٩٠-٠٣-١٥", date(1990, 3, 15)),
    ("birthday", "\u00a0", None),
    ("birthday", "1410-01-01", {"birthday"}),
    ("birthday", "0001-01-01", {"birthday"}),
    ("birthday", "2051-01-01", {"birthday"}),
    ("birthday", "1899-12-31", {"birthday"}),
    ("birthday", "1990-02-30", {"birthday"}),
    ("birthday", "15/03/1990", {"birthday"}),
    ("birthday", "1990", {"birthday"}),
    ("birthday", "150390", {"birthday"}),
    ("birthday", "1410", {"birthday"}),
    ("country_code", " sa\u200e", "SA"),
    ("country_code", "sau", {"country_code"}),
]


@rows(("text", "code", "kept"), MOBILES)
def test_a_mobile_is_one_at_every_door(world: World, text: str, code: str, kept: Any) -> None:
    found = doors.through_all(
        world, {"mobile": text, doors.CODE: code}, lambda c: (c.mobile_code, c.mobile)
    )
    assert found == dict.fromkeys(found, kept)


@rows(("text", "kept"), [*((e, "a@x.com") for e in EMAILS), *((e, {"email"}) for e in NO_EMAILS)])
def test_an_address_is_one_at_every_door(world: World, text: str, kept: Any) -> None:
    found = doors.through_all(world, {"email": text}, lambda c: c.email)
    assert found == dict.fromkeys(found, kept)


@rows(("field", "text", "kept"), TEXTS)
def test_a_text_a_name_and_a_day_are_one_at_every_door(
    world: World, field: str, text: str, kept: Any
) -> None:
    fields = {"email": "door@example.com", field: text}
    found = doors.through_all(world, fields, lambda c: asdict(c)[field])
    assert found == dict.fromkeys(found, kept)


@rows(
    ("number", "kept"),
    [
        (501234567, SAUDI),
        (5.01234567e8, SAUDI),
        (966501234567, SAUDI),
        (966501234567.0, SAUDI),
        (501234567.5, {"mobile"}),
        (-501234567, {"mobile"}),
        (0, {"mobile"}),
    ],
)
def test_a_mobile_as_a_number_is_one_at_every_door(world: World, number: float, kept: Any) -> None:
    for code in (966, "966", 966.0):
        found = doors.through_all(
            world, {"mobile": number, doors.CODE: code}, lambda c: (c.mobile_code, c.mobile)
        )
        assert found == dict.fromkeys(found, kept)


@rows("door", [*doors.BODIES, *doors.FILES])
def test_two_spellings_of_one_value_are_of_one_customer_at_every_door(
    world: World, door: Any
) -> None:
    ways: dict[Any, Any] = {**doors.BODIES, **doors.FILES}
    for field, first, second in (
        ("email", "twin@bücher.example", "\u200eTWIN@xn--bcher-kva.example"),
        ("email", "mailto:one@x.com", "one@x.com\u200b"),
        ("mobile", "971501234567", "050 123 4567"),
    ):
        more = {doors.CODE: "971"} if field == "mobile" else {}
        made = doors.by_json(world, {field: first} | more)
        assert ways[door](world, {field: second} | more) == {field}
        assert world.send("DELETE", f"/customers/{made.id}").status == 200  # type: ignore[union-attr]


# What a query takes

_ASKED = [row for row in MOBILES if not isinstance(row[2], set)]


@rows(("text", "code", "kept"), _ASKED)
def test_what_is_taken_as_a_mobile_is_found_as_a_keyword(
    world: World, text: str, code: str, kept: Any
) -> None:
    made: Any = doors.by_json(world, {"mobile": kept[1], doors.CODE: kept[0]})
    assert _found(world, text) == [made.id]
    world.send("DELETE", f"/customers/{made.id}")


def test_what_is_taken_as_an_address_is_found_as_a_keyword(world: World) -> None:
    made: Any = doors.by_json(world, {"email": "a@x.com"})
    doors.by_json(world, {"email": "a.b@x.com"})
    for text in EMAILS:
        assert _found(world, text) == [made.id], ascii(text)


@rows("blank", ["", " ", "\u00a0", "\u200e", "\u3164", "\t"])
def test_a_blank_value_of_a_query_is_as_if_it_were_not_sent(world: World, blank: str) -> None:
    assert len(_found(world, blank)) == 1
    assert parse_dates([("date_from", blank)], "UTC").since is None
    with pytest.raises(Invalid) as refused:
        parse_customer_id([("customer_id", blank)])
    assert refused.value.fields == {"customer_id": ["required"]}


def _found(world: World, keyword: str) -> list[int]:
    answer = world.get(f"/customers?keyword={quote(keyword, safe='')}")
    return [one["id"] for one in answer.json["data"]]


@rows(("field", "text", "day"), [row for row in TEXTS if row[0] == "birthday" and row[2]])
def test_a_day_of_a_query_is_read_as_that_of_a_body(field: str, text: str, day: Any) -> None:
    pairs = [("date_from", text)]
    if isinstance(day, date):
        since = parse_dates(pairs, "UTC").since
        assert since is not None
        assert since.date() == day
    elif text[4:5] != "-" or text == "1990-02-30":
        with pytest.raises(Invalid):
            parse_dates(pairs, "UTC")


@rows("text", ["5", " 5 ", "٥", "5.0", "\u200e5"])
def test_an_id_and_an_amount_are_numbers_in_any_spelling(text: str) -> None:
    assert parse_customer_id([("customer_id", text)]) == 5
    assert read_movement({"customer_id": text, "amount": text}, "SAR") == (5, 500)


@rows(
    ("value", "flag"),
    [
        *((value, True) for value in (True, 1, "1", "true", " TRUE ", "نعم", "١", 1.0)),
        *((value, False) for value in (False, 0, "0", "false", "False\u200e", "لا", 0.0)),
        *((value, None) for value in ("yes please", 2, "", None, [], {}, 0.5)),
    ],
)
def test_a_flag_is_one_however_it_is_written(value: Any, flag: bool | None) -> None:
    assert read_flag(value) is flag


# What is bytes, not text

ALTERED = ["{} ", " {}", "\u200e{}", "{}\u200b", "{}\u00a0"]


@pytest.fixture
def oauth(world: World) -> Scene:
    return scene(world)


@rows("form", ALTERED)
def test_a_secret_is_exact_bytes(oauth: Scene, form: str) -> None:
    oauth.browser.cookies.clear()
    assert oauth.browser.sign_in(EMAIL, form.format(PASSWORD)).status == 403
    assert oauth.browser.sign_in(f"\u200e{EMAIL} ", PASSWORD).status == 303
    assert oauth.browser.get(oauth.ask(redirect_uri=form.format(CALLBACK))).status == 400
    state = form.format("s")
    assert sent_with(oauth.consent(state=state))["state"] == state
    code = oauth.code()
    for changes in (
        {"code": form.format(code)},
        {"client_secret": form.format(SECRET)},
        {"redirect_uri": form.format(CALLBACK)},
    ):
        refused = oauth.exchange(**{"code": code} | changes)
        assert refused.status in (400, 401), changes
    answer = oauth.exchange(oauth.code())
    assert oauth.refresh(form.format(answer.json["refresh_token"])).status == 400
    if form.isascii() or "\u00a0" in form:
        token = form.format(answer.json["access_token"]).strip(" ")
        known = oauth.world.get("/store/info", token).status == 200
        assert known is form.isascii()  # spaces round a token are the header's, not the token's
