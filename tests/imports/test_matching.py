"""A file again, without ids: a row finds the customer who has its mobile or its e-mail."""

from typing import Any

import pytest
from fixtures.imports import AHMED, STORE, holding, imported, jsonl
from fixtures.memory_customers import MemoryCustomers
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from sijill.imports.changes import Match, Rules

EMAIL_TAKEN = [f"email is taken by another customer ({AHMED.id})"]
TAKEN = [f"mobile is taken by another customer ({AHMED.id})"]


@rows(
    ("match", "row", "report", "reasons"),
    [
        ("id", {"mobile": "+967777777777"}, (0, 0, 1), TAKEN),
        ("mobile", {"mobile": "+967777777777"}, (0, 1, 0), []),
        ("mobile", {"mobile": "00967 777-777-777", "email": "new@test.test"}, (0, 1, 0), []),
        ("mobile", {"mobile": "777777777", "country_code": "YE"}, (0, 1, 0), []),
        ("mobile", {"mobile": "0501234567"}, (1, 0, 0), []),
        ("mobile", {"email": "new@test.test"}, (1, 0, 0), []),
        (
            "mobile",
            {"email": AHMED.email},
            (0, 0, 1),
            EMAIL_TAKEN,
        ),
        ("email", {"email": "AhmedAli@TEST.test"}, (0, 1, 0), []),
        ("email", {"email": AHMED.email, "mobile": "0501234567"}, (0, 1, 0), []),
        ("email", {"mobile": "+967777777777"}, (0, 0, 1), TAKEN),
        ("email", {"mobile": "+967777777777", "email": "x@test.test"}, (0, 0, 1), TAKEN),
        ("email", {"city": "أبها"}, (0, 0, 1), ["a new customer needs a mobile or an e-mail"]),
        ("mobile", {"id": 5, "mobile": "+967777777777"}, (0, 0, 1), TAKEN),
        ("mobile", {"id": AHMED.id, "mobile": "+967777777777"}, (0, 1, 0), []),
        ("mobile", {"id": "", "mobile": "+967777777777"}, (0, 1, 0), []),
    ],
)
def test_a_row_changes_the_customer_who_has_its_mobile_or_its_email(
    match: Match, row: dict[str, Any], report: tuple[int, int, int], reasons: list[str]
) -> None:
    customers = holding(AHMED)
    found, rejects = imported(customers, jsonl({"city": "أبها"} | row), rules=Rules(match=match))
    assert found == report
    assert [reject.reason for reject in rejects] == reasons
    [ahmed] = (one for one in customers.all(STORE) if one.id == AHMED.id)
    assert ahmed.city == ("أبها" if report == (0, 1, 0) else AHMED.city)
    assert ahmed.first_name == AHMED.first_name


def test_a_file_imported_again_changes_the_customers_that_it_made() -> None:
    customers = MemoryCustomers()
    people = [{"mobile": f"05512345{n:02}", "first_name": f"c{n}"} for n in range(20)]
    data = jsonl(*people)
    assert imported(customers, data, rules=Rules(match="mobile"))[0] == (20, 0, 0)
    made = customers.all(STORE)
    assert imported(customers, data, rules=Rules(match="mobile"))[0] == (0, 20, 0)
    assert customers.all(STORE) == made


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_row_finds_what_an_earlier_row_of_its_batch_made(batch: int) -> None:
    customers = holding(AHMED)
    data = jsonl(
        {"mobile": "0501234567", "city": "أبها"},
        {"mobile": "0501234567", "first_name": "Ali"},
        {"id": AHMED.id, "mobile": "0507654321"},
        {"mobile": "+967777777777", "first_name": "Omar"},
        {"mobile": "0507654321", "city": "عدن"},
    )
    report, _ = imported(customers, data, batch=batch, rules=Rules(match="mobile"))
    assert report == (2, 3, 0)
    ahmed, ali, omar = sorted(customers.all(STORE), key=lambda one: one.first_name)
    assert (ahmed.mobile, ahmed.city) == (507654321, "عدن")
    assert (ali.first_name, ali.city) == ("Ali", "أبها")
    assert (omar.mobile, omar.mobile_code) == (777777777, "967")


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from([1, 50, 100]),  # no row gets them by chance
        "mobile": st.sampled_from(["0501234567", "0507654321", "+966501234567", ""]),
        "email": st.sampled_from(["a@b.c", "A@B.C", "d@e.f", ""]),
        "city": st.sampled_from(["أبها", "عدن"]),
        "birthday": st.sampled_from(["1410-05-01", "1990-05-01"]),
    },
)


@given(st.lists(ROWS, max_size=8), st.sampled_from(["id", "mobile", "email"]), st.integers(2, 9))
def test_the_size_of_batches_makes_no_difference(
    people: list[dict[str, Any]], match: Match, batch: int
) -> None:
    rules, results = Rules(match=match), []
    for size in (1, batch):
        customers = holding(structs.replace(AHMED, id=1, mobile=501234567, mobile_code="966"))
        found = imported(customers, jsonl(*people), batch=size, rules=rules)
        results.append((found, customers.all(STORE)))
    assert results[0] == results[1]
