"""Small files as the programs of people wrote them, from their bytes to customers."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from fixtures.imports import AHMED, NOW, STORE, holding
from fixtures.memory_customers import MemoryCustomers
from fixtures.tables import rows
from msgspec import structs

from sijill.imports.importing import Report, import_customers
from sijill.imports.uploads import batches, rows_of
from sijill.stores.model import SHOP

FILES = Path(__file__).with_name("files")


def imported(customers: MemoryCustomers, name: str) -> tuple[Report, list[tuple[int, str]]]:
    """Import a file as it is read when an app uploads it; return the report and refused rows."""
    data = (FILES / name).read_bytes()
    read = [row for _, batch in batches(data) for row in rows_of(batch)]
    refused: list[tuple[int, str]] = []
    work = import_customers(
        customers, SHOP, read, NOW, on_reject=lambda r: refused.append((r.line, r.reason))
    )
    return asyncio.run(work), refused


NO_DAY = "birthday is not a day: write YYYY-MM-DD"
A_DAY = date(1990, 3, 15)


@rows(
    ("name", "people", "refused"),
    [
        ("many-parts.xlsx", [("Sara", 501110083)], []),
        ("backslash-names.xlsx", [("Sara", 501110072), ("Hidden", 501110172)], []),
        ("prefixed-1904.xlsx", [("Styled", A_DAY), ("Plain", A_DAY)], []),
        (
            "birthday-as-plain-number.xlsx",
            [("Serial", A_DAY)],
            [(line, NO_DAY) for line in (2, 4, 5, 6, 7)],
        ),
        (
            "cells-of-spaces.xlsx",
            [("Sara", 501110070, "x70@example.com"), ("Noura", 501110170), ("Rim", 501110270)],
            [],
        ),
        ("rows-of-commas.csv", [("Sara", 501110008, "c08@example.com")], []),
        ("heading-ends-in-commas.csv", [("Sara", 501110009, "c09@example.com")], []),
        ("blank-lines-first.csv", [("Sara", 501110029)], []),
        (
            "short-rows.csv",
            [("Sara", 501110010, "c10@example.com", "Riyadh"), ("Noura", 501110110)],
            [],
        ),
        ("semicolons.csv", [("سارة", "العتيبي", 501110002, "c02@example.com")], []),
        ("utf-16.csv", [("سارة", 501110005)], []),
        ("whole-numbers-with-a-point.csv", [("Sara", 501110014), ("Noura", 501110114)], []),
    ],
)
def test_a_file_becomes_these_customers(
    name: str, people: list[tuple[Any, ...]], refused: list[tuple[int, str]]
) -> None:
    customers = MemoryCustomers()
    report, told = imported(customers, name)
    assert told == refused
    assert report == (len(people), 0, len(refused))
    for customer, facts in zip(customers.all(STORE), people, strict=True):
        assert set(facts) <= set(structs.astuple(customer))


def test_a_formula_without_a_value_erases_nothing() -> None:
    kept = structs.replace(AHMED, id=7001)
    customers = holding(kept)
    report, [(line, reason)] = imported(customers, "formula-without-value.xlsx")
    assert report == (0, 0, 1)
    assert line == 2
    assert reason == "; ".join(
        f"{name} has a formula without a value: compute it and save the workbook"
        for name in ("mobile", "city")
    )
    assert customers.all(STORE) == [kept]
