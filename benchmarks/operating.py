"""
What an operator of a large register waits for: a start, a look over the file, a backup, a request.

A server is started on the register, and asked for what apps ask for; its memory is that of the
process. On SQLite a server reads its whole file in the background after its start.
"""

import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

import msgspec

from benchmarks.data import CUSTOMERS, Population, say
from benchmarks.servers import Server, sijill
from benchmarks.trees import HERE
from sijill.http.query import DEFAULT_PER_PAGE

ASKED = 30
"""Requests of each kind, of which the median counts."""

BUSY, STEP = 0.2, 2.0
"""The share of a processor that a server at work uses at least, over so many seconds."""


def operated(folder: Path, population: Population, customers: int) -> str:
    """
    Return the lines on a start, memory, requests and, of SQLite, a backup.

    Raises: SystemExit if the server does not start, or has no list.
    """
    say("starting a server ...")
    begun = time.monotonic()
    with sijill("grown", folder, population) as server:
        started = time.monotonic() - begun
        lines = [f"  {'a start':36}{started:13,.1f} s, {server.idle / 1e6:.0f} MB"]
        lines.append(f"  {'work in the background after it':36}{_rested(server):13,.0f} s")
        lines += [_asked(server, *each) for each in _paths(server, customers)]
        lines.append(f"  {'memory after these requests':36}{server.memory() / 1e6:13,.0f} MB")
    if population.url.startswith("sqlite:"):
        lines.append(_backed_up(folder / "backups", population))
    return "\n".join(lines)


def _rested(server: Server) -> float:
    """Return the seconds until a server does nothing."""
    begun = time.monotonic()
    while True:
        before, now = server.cpu(), time.monotonic()
        time.sleep(STEP)
        if server.cpu() - before < BUSY * (time.monotonic() - now):
            return now - begun


def _paths(server: Server, customers: int) -> list[tuple[str, str]]:
    """Return what is asked for, each behind its title; the customer is one of the list's middle."""
    pages = -(-customers // DEFAULT_PER_PAGE)
    middle, last = f"{CUSTOMERS}?page={pages // 2}", f"{CUSTOMERS}?page={pages}"
    found = msgspec.json.decode(server.get(middle)[1])["data"][0]
    names = f"{found['first_name']} {found['last_name']}"
    return [
        ("Details", f"{CUSTOMERS}/{found['id']}"),
        ("List, page 1", CUSTOMERS),
        ("List, the page in the middle", middle),
        ("List, the last page", last),
        ("List, the customers of a year", f"{CUSTOMERS}?date_from=2025-01-01&date_to=2025-12-31"),
        ("Search, a mobile", f"{CUSTOMERS}?keyword={found['mobile']}"),
        ("Search, a first name", f"{CUSTOMERS}?keyword={quote(found['first_name'])}"),
        ("Search, a first and a family name", f"{CUSTOMERS}?keyword={quote(names)}"),
    ]


def _asked(server: Server, title: str, path: str) -> str:
    """Return the line on a path: the median of its milliseconds, and an answer other than 200."""
    spent, answers = [], set()
    for _ in range(ASKED):
        begun = time.perf_counter()
        response, _ = server.get(path)
        spent.append(time.perf_counter() - begun)
        answers.add(response.status)
    refused = "".join(f", {status}" for status in sorted(answers - {200}))
    return f"  {title:36}{1000 * median(spent):13,.1f} ms{refused}"


def _backed_up(folder: Path, population: Population) -> str:
    """Return the line on `sijill backup`: its seconds, and the bytes that it writes."""
    say("taking a backup ...")
    folder.mkdir()
    begun = time.monotonic()
    HERE.run("backup", str(folder), f"--database-url={population.url}")
    spent = time.monotonic() - begun
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return f"  {'a backup':36}{spent:13,.0f} s, {size / 1e6:,.0f} MB"
