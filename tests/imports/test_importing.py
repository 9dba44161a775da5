"""Rows become customers: new ones, changed ones, and refused ones with their reason."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fixtures.imports import AHMED, NOW, STORE, holding, imported, jsonl
from fixtures.memory_customers import MemoryCustomers
from fixtures.tables import rows
from msgspec import structs

from sijill.customers.fields import CUSTOMER
from sijill.customers.model import Extras
from sijill.imports.changes import Rules
from sijill.imports.importing import Report, import_customers
from sijill.imports.rows import BadFile, Row
from sijill.stores.model import SHOP


def test_a_new_customer_takes_the_defaults_for_what_the_row_does_not_say() -> None:
    customers = MemoryCustomers()
    report, _ = imported(customers, jsonl({"mobile": "٠٥٠١٢٣٤٥٦٧"}))
    assert report == (1, 0, 0)
    (found,) = customers.all(STORE)
    filled = {k: v for k, v in structs.asdict(found).items() if v not in ("", None, ())}
    own = {"id": 1, "mobile": 501234567, "mobile_code": "966", "extras": Extras()}
    assert filled == own | {"created_at": NOW, "updated_at": NOW}


def test_an_id_that_is_not_there_is_kept_for_the_new_customer() -> None:
    customers = MemoryCustomers()
    imported(customers, jsonl({"id": "77", "email": "a@b.c"}))
    assert customers.stores[STORE][77].email == "a@b.c"


def test_an_update_keeps_everything_the_row_does_not_name_and_says_when() -> None:
    customers = holding(AHMED)
    report, _ = imported(customers, jsonl({"id": AHMED.id, "city": "عدن", "orders_count": "4"}))
    assert report == (0, 1, 0)
    assert AHMED.extras is not None
    assert customers.all(STORE) == [
        structs.replace(
            AHMED, city="عدن", updated_at=NOW, extras=structs.replace(AHMED.extras, orders_count=4)
        )
    ]


def test_an_update_that_says_when_it_was_made_is_taken_at_its_word() -> None:
    customers = holding(AHMED)
    imported(customers, jsonl({"id": AHMED.id, "updated_at": "2021-01-01T03:00:00+03:00"}))
    assert customers.all(STORE)[0].updated_at == datetime(2021, 1, 1, tzinfo=UTC)


def test_csv_with_some_columns_changes_these_alone() -> None:
    customers = holding(AHMED)
    data = "\ufeffid,last_name,is_blocked\r\n2075683582,صالح,TRUE\r\n".encode()
    assert imported(customers, data, "csv")[0] == (0, 1, 0)
    [changed] = customers.all(STORE)
    assert (changed.last_name, changed.first_name) == ("صالح", "Ahmed")
    assert changed.extras == Extras(
        is_blocked=True, orders_count=3, orders_amount=99.5, block_reason="late"
    )


@pytest.mark.parametrize(
    ("row", "cleared"),
    [
        ({"gender": None}, {"gender": None}),
        ({"birthday": ""}, {"birthday": None}),
        ({"mobile": None}, {"mobile": None, "mobile_code": ""}),
        ({"mobile": "", "mobile_code": ""}, {"mobile": None, "mobile_code": ""}),
        ({"groups": []}, {"groups": ()}),
        ({"groups": ""}, {"groups": ()}),
        ({"created_at": None}, {}),
    ],
)
def test_a_cell_of_none_clears_what_was_there(row: dict[str, Any], cleared: dict[str, Any]) -> None:
    customers = holding(AHMED)
    imported(customers, jsonl({"id": AHMED.id, "updated_at": None} | row))
    at = NOW if cleared else AHMED.updated_at
    assert customers.all(STORE) == [structs.replace(AHMED, updated_at=at, **cleared)]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ({"mobile": 501234567}, {"mobile": 501234567, "mobile_code": "966"}),
        ({"mobile": "501234567", "mobile_code": 971}, {"mobile_code": "971"}),
        ({"mobile": "00971501234567"}, {"mobile": 501234567, "mobile_code": "971"}),
        ({"mobile": 501234567.0}, {"mobile": 501234567}),
        ({"country_code": "sa"}, {"country_code": "SA"}),
        ({"currency": "kwd"}, {"currency": "KWD"}),
        ({"gender": "Female"}, {"gender": "female"}),
        ({"groups": [3, "1", 3]}, {"groups": (1, 3)}),
        ({"groups": "3;1; 2"}, {"groups": (1, 2, 3)}),
        ({"groups": 7}, {"groups": (7,)}),
        ({"groups": "٧; 8.0"}, {"groups": (7, 8)}),
        ({"mobile": "966501110114.0"}, {"mobile": 501110114}),
        ({"mobile": "0771234567", "country_code": "JO"}, {"mobile_code": "962"}),
        ({"mobile": "0501234567", "country_code": ""}, {"mobile_code": "966"}),
        ({"first_name": 5}, {"first_name": "5"}),
        ({"first_name": " =1+1 "}, {"first_name": "=1+1"}),
        ({"birthday": " "}, {"birthday": None}),
        ({"location": "a\nb"}, {"location": "a\nb"}),
    ],
)
def test_values_are_read_in_any_usual_spelling(row: dict[str, Any], value: dict[str, Any]) -> None:
    customers = holding(AHMED)
    assert imported(customers, jsonl({"id": AHMED.id} | row)) == ((0, 1, 0), [])
    [changed] = customers.all(STORE)
    assert {name: getattr(changed, name) for name in value} == value


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ({"orders_amount": "12.50"}, {"orders_amount": 12.5}),
        ({"wallet_balance": 3}, {"wallet_balance": 3.0}),
        ({"orders_average": 1e300}, {"orders_average": 1e300}),
        ({"total_points": 21.0}, {"total_points": 21}),
        ({"is_blocked": 1}, {"is_blocked": True}),
        ({"is_notifications_enabled": "False"}, {"is_notifications_enabled": False}),
        ({"is_notifications_enabled": None}, {"is_notifications_enabled": True}),
        ({"custom_fields": [{"a": 1}]}, {"custom_fields": [{"a": 1}]}),
        ({"custom_fields": '[{"a": "\\\\u0000"}]'}, {"custom_fields": [{"a": "\\u0000"}]}),
        ({"custom_fields": []}, {"custom_fields": ()}),
        ({"block_reason": ""}, {"block_reason": None}),
    ],
)
def test_extras_are_read_in_any_usual_spelling(row: dict[str, Any], value: dict[str, Any]) -> None:
    customers = holding(AHMED)
    assert imported(customers, jsonl({"id": AHMED.id} | row)) == ((0, 1, 0), [])
    extras = customers.all(STORE)[0].extras
    assert {name: getattr(extras, name) for name in value} == value


BAD = [
    ({}, "a new customer needs a mobile or an e-mail"),
    ({"first_name": "Ali"}, "a new customer needs a mobile or an e-mail"),
    ({"id": 5, "first_name": "Ali"}, "a new customer needs a mobile or an e-mail"),
    ({"id": 0}, "id is not an id: a whole number from 1"),
    ({"id": "007"}, "id is not an id: a whole number from 1"),
    ({"id": 2**63}, "id is not an id: a whole number from 1"),
    ({"id": True}, "id is neither a text nor a whole number"),
    ({"id": 1.5}, "id is neither a text nor a whole number"),
    ({"first_name": "x" * 26}, "first_name has more than 25 characters"),
    ({"last_name": "a\u202eb"}, "last_name holds a character that reverses text"),
    ({"first_name": "a\nb"}, "first_name holds a control character"),
    ({"city": ["Jeddah"]}, "city is not a text"),
    ({"city": True}, "city is not a text"),
    ({"mobile": "12"}, "mobile has too few or too many digits for its country"),
    ({"mobile": "5.5E8"}, "mobile has characters that no mobile number has"),
    ({"mobile_code": "966"}, "mobile_code stands without a mobile"),
    ({"mobile": "+966501234567", "mobile_code": "971"}, "mobile has another calling code"),
    ({"email": "a b@c"}, "email is not an e-mail address: it holds a space"),
    ({"email": "a@b@c"}, "email is not an e-mail address: write name@host"),
    ({"gender": "x"}, "gender is neither male nor female"),
    ({"birthday": "1.2.1990"}, "birthday is not a day: write YYYY-MM-DD"),
    ({"birthday": "1990-02-30"}, "birthday is not a day of the calendar"),
    ({"birthday": "1410-05-01", "email": "b@c.d"}, "birthday is not between 1900-01-01 and today"),
    ({"birthday": "2027-01-01", "email": "b@c.d"}, "birthday is not between 1900-01-01 and today"),
    ({"id": AHMED.id, "birthday": "1410-05-01"}, "birthday is not between 1900-01-01 and today"),
    ({"country_code": "SAU"}, "country_code is not a country: two letters of ISO 3166"),
    ({"currency": "ريا"}, "currency is not a currency: three letters of ISO 4217"),
    ({"groups": [0]}, "groups is not an id: a whole number from 1"),
    ({"groups": "1;"}, "groups is not an id: a whole number from 1"),
    ({"created_at": "2020-01-01 00:00:00"}, "created_at is not a moment: write it as"),
    ({"created_at": "0001-01-01T00:00:00+14:00"}, "created_at is not a moment: write it as"),
    ({"latest_purchase": "soon"}, "latest_purchase is not a moment: write it as"),
    ({"orders_count": -1}, "orders_count is not a count: a whole number from 0 to 2^53-1"),
    ({"orders_count": 2**53}, "orders_count is not a count: a whole number from 0 to 2^53-1"),
    ({"orders_count": "1_000"}, "orders_count is not a count: a whole number from 0 to 2^53-1"),
    ({"orders_amount": "nan"}, "orders_amount is not a number"),
    ({"orders_amount": "1e999"}, "orders_amount is not a number"),
    ({"is_blocked": "yes"}, "is_blocked is neither true nor false"),
    ({"is_blocked": []}, "is_blocked is neither true nor false"),
    ({"custom_fields": "[1"}, "custom_fields is not valid JSON"),
    ({"custom_fields": ["\x00"]}, "custom_fields holds a NUL character"),
    ({"gender": "x", "currency": "y"}, "currency is not a currency: three letters of ISO 4217; "),
    ({"id": AHMED.id + 1, "mobile": "+967777777777"}, "mobile is taken by another customer"),
    ({"email": "ahmedali@test.test"}, "email is taken by another customer"),
]


@rows(("row", "reason"), BAD)
def test_a_bad_row_is_refused_with_its_line_and_reason_and_the_good_ones_go_in(
    row: dict[str, Any], reason: str
) -> None:
    customers = holding(AHMED)
    data = jsonl({"email": "first@example.com"}, row, {"email": "last@example.com"})
    report, [reject] = imported(customers, data)
    assert report == (2, 0, 1)
    assert reject.line == 2
    assert reject.reason.startswith(reason)
    assert reject.cells == row
    assert AHMED in customers.all(STORE)


def test_a_birthday_out_of_range_may_stay_as_it_is_stored() -> None:
    odd = structs.replace(AHMED, birthday=date(1410, 5, 1))
    customers = holding(odd)
    data = jsonl({"id": odd.id, "birthday": "1410-05-01", "city": "جدة"})
    assert imported(customers, data) == ((0, 1, 0), [])
    assert [one.birthday for one in customers.all(STORE)] == [odd.birthday]


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_later_row_of_the_file_sees_what_an_earlier_one_wrote(batch: int) -> None:
    customers = MemoryCustomers()
    data = jsonl(
        {"id": 1, "mobile": "0501234567", "city": "أبها"},
        {"id": 2, "mobile": "+966501234567"},
        {"id": 1, "mobile": "0501234567", "first_name": "Ali"},
        {"id": 1, "last_name": "Saad"},
        {"id": 2, "last_name": "Nobody"},
    )
    report, rejects = imported(customers, data, batch=batch)
    assert report == (1, 2, 2)
    assert [reject.line for reject in rejects] == [2, 5]
    [ali] = customers.all(STORE)
    assert (ali.first_name, ali.last_name, ali.city) == ("Ali", "Saad", "أبها")


def test_a_number_without_code_is_read_as_one_of_the_region_asked_for() -> None:
    customers = MemoryCustomers()
    imported(customers, jsonl({"mobile": "0501234567"}), rules=Rules(region="AE"))
    assert customers.all(STORE)[0].mobile_code == "971"


def test_rejects_come_in_the_order_of_the_file_and_progress_counts_every_row() -> None:
    done: list[Report] = []
    bad = {"email": "x"}
    data = jsonl(*[{"email": f"{i}@example.com"} if i % 2 else bad for i in range(10)])
    report, rejects = imported(MemoryCustomers(), data, batch=4, on_progress=done.append)
    assert report == (5, 0, 5)
    assert [reject.line for reject in rejects] == [1, 3, 5, 7, 9]
    assert done == [(2, 0, 2), (4, 0, 4), (5, 0, 5)]


def test_rows_are_taken_batch_by_batch_and_not_the_whole_file_at_once() -> None:
    customers = MemoryCustomers()
    ahead: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(1, 101):
            ahead.append(number - len(customers.stores.get(STORE, {})))
            yield Row(number, {"email": f"{number}@example.com"})

    report = asyncio.run(import_customers(customers, SHOP, rows(), NOW, batch=10))
    assert report.created == 100
    assert customers.batches == [10] * 10
    assert max(ahead) == 10


def test_another_store_is_not_touched() -> None:
    customers = holding(AHMED)
    customers.stores[2] = {}
    imported(customers, jsonl({"email": "a@b.c"}))
    assert customers.stores[2] == {}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"frist_name,mobile\nAli,0501234567\n", 'the file has unknown columns: "frist_name"'),
        (
            b"email,E-Mail\na@b.c,d@e.f\n",
            'the file has 2 columns for email: "email", "E-Mail"',
        ),
        (
            b"email,phone,mobile,frist_name\na@b.c,1,2,3\n",
            'the file has unknown columns: "frist_name"; '
            'has 2 columns for mobile: "phone", "mobile"',
        ),
        (b"Ali,0501234567\n", "the first line names no column: is the header missing?"),
        (b"", "the first line names no column: is the header missing?"),
        (b"e;mobile\n", 'the file has unknown columns: "e"'),
        (b"email,\xff\n", "the first line is not UTF-8"),
    ],
)
def test_a_csv_file_with_a_wrong_header_is_refused_before_anything_is_written(
    data: bytes, reason: str
) -> None:
    customers = MemoryCustomers()
    with pytest.raises(BadFile) as refusal:
        imported(customers, data, "csv")
    assert str(refusal.value) == reason
    assert customers.batches == []


def test_json_lines_that_begin_with_an_unknown_key_are_refused_before_anything_is_written() -> None:
    customers = MemoryCustomers()
    with pytest.raises(BadFile, match="frist_name"):
        imported(customers, jsonl({"frist_name": "Ali", "email": "a@b.c"}, {"email": "d@e.f"}))
    assert customers.batches == []


def test_an_unknown_key_further_down_refuses_its_row_alone() -> None:
    data = jsonl({"email": "a@b.c"}, {"email": "d@e.f", "nmae": "Ali"}, {"email": "g@h.i"})
    report, [reject] = imported(MemoryCustomers(), data)
    assert report == (2, 0, 1)
    assert (reject.line, reject.reason) == (2, 'has unknown columns: "nmae"')


def test_an_empty_file_of_json_lines_changes_nothing() -> None:
    assert imported(MemoryCustomers(), b"\n\n") == ((0, 0, 0), [])


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
@pytest.mark.parametrize("column", ["updated_at", "created_at", "latest_purchase"])
def test_a_moment_that_some_zone_has_no_day_for_is_refused(column: str, moment: str) -> None:
    with pytest.raises(ValueError, match="is not a moment"):
        CUSTOMER.parse(column, moment)


def test_deep_json_is_refused_in_a_cell_too() -> None:
    with pytest.raises(ValueError, match="nested deeper than 32"):
        CUSTOMER.parse("custom_fields", "[" * 40 + "]" * 40)


@pytest.mark.parametrize("amount", [-5, 1e18, 10.0005, "-0.01", 10**12 + 1])
def test_a_balance_that_no_ledger_can_hold_is_refused(amount: Any) -> None:
    with pytest.raises(ValueError, match="is not a balance"):
        CUSTOMER.parse("wallet_balance", amount)


def test_a_customer_names_at_most_a_thousand_groups() -> None:
    assert len(CUSTOMER.parse("groups", list(range(1, 1001)))) == 1000
    with pytest.raises(ValueError, match="names more than 1000 groups"):
        CUSTOMER.parse("groups", ";".join(map(str, range(1, 1002))))
