"""What does a search cost among 1,000,000 customers, next to Details on the same server?"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from benchmarks.data import CUSTOMERS, Person, details_paths, kept, paths, people
from benchmarks.rounds import Case, Plan, Result, measure
from benchmarks.servers import sijill

SIZE = 1_000_000
SOME = 1_000
"""Customers who are looked for, each by a part of what is known of them."""


def run(plan: Plan, folder: Path) -> list[Result]:
    """
    Return the results, Details first; `folder` is for what the server writes.

    Raises: SystemExit if an answer was no success, or a request was not counted.
    """
    everybody = people(SIZE)
    with sijill("search", folder, kept(SIZE)) as server:
        cases = [
            Case("k", f"Details, SQLite, {SIZE:,}", server, details_paths(SIZE)),
            Case("k1", "Search: a mobile or an e-mail", server, selective_paths(everybody)),
            Case("k2", "Search: a first and a family name", server, name_paths(everybody)),
        ]
        return measure(cases, plan)


def selective_paths(everybody: Sequence[Person]) -> Path:
    """Return a file of searches that find one customer each."""
    return _paths("search-one", _selective(everybody[:SOME]))


def name_paths(everybody: Sequence[Person]) -> Path:
    """Return a file of searches for a man's first and family name in Arabic: each finds many."""
    men = (one for one in everybody if (one.gender, one.lang) == ("male", "ar"))
    names = {f"{one.first_name} {one.last_name}" for one in men}
    return _paths("search-name", sorted(names))


def _selective(some: Sequence[Person]) -> Iterator[str]:
    """Yield a keyword for each customer, in turns: both spellings of the mobile, and the e-mail."""
    for one, turn in zip(some, cycle(range(3)), strict=False):
        yield (f"0{one.mobile}", f"{one.mobile_code}{one.mobile}", one.email)[turn]


def _paths(name: str, keywords: Iterator[str] | Sequence[str]) -> Path:
    return paths(name, [f"{CUSTOMERS}?keyword={quote(word)}" for word in keywords])
