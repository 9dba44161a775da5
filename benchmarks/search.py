"""What does a search cost among 1,000,000 customers, next to Details on the same server?"""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product
from pathlib import Path
from urllib.parse import quote

from benchmarks.data import CUSTOMERS, FOLDER, NOW, SEED, details_paths, kept
from benchmarks.rounds import Case, Plan, Result, measure
from benchmarks.servers import sijill
from sijill.customers.model import Customer
from sijill.imports.people import FAMILIES, MEN
from sijill.imports.seed import seeded

SIZE = 1_000_000
SOME = 1_000
"""Customers who are looked for, each by a part of what is known of them."""


def run(plan: Plan, folder: Path) -> list[Result]:
    """
    Return the results, Details first; `folder` is for what the server writes.

    Raises: SystemExit if an answer was no success, or a request was not counted.
    """
    with sijill("search", folder, kept(SIZE)) as server:
        one = _paths("one", list(_selective(islice(seeded(SIZE, SEED, NOW), SOME))))
        name = _paths("name", [f"{one[0]} {two[0]}" for one, two in product(MEN, FAMILIES)])
        cases = [
            Case("k", f"Details, SQLite, {SIZE:,}", server, details_paths(SIZE)),
            Case("k1", "Search: a mobile or an e-mail", server, one),
            Case("k2", "Search: a first and a family name", server, name),
        ]
        return measure(cases, plan)


def _selective(customers: Iterator[Customer]) -> Iterator[str]:
    """Yield a keyword for each customer, in turns: both spellings of the mobile, and the e-mail."""
    for customer, turn in zip(customers, cycle(range(3)), strict=False):
        yield (f"0{customer.mobile}", f"{customer.mobile_code}{customer.mobile}", customer.email)[
            turn
        ]


def _paths(name: str, keywords: Sequence[str]) -> Path:
    file = FOLDER / f"search-{name}.txt"
    file.write_text("".join(f"{CUSTOMERS}?keyword={quote(word)}\n" for word in keywords))
    return file
