"""
How long does the server take for each page of the console, in a store of 1,000,000 customers, and
how much longer do apps wait for Details while people use it?

Every row of the console's table that is a page is asked for by an owner who has signed in, one page
after another over HTTP; and the list of customers deep, filtered and searched besides. Then apps
ask for Details at a fixed pace, alone and beside people at the console, in turns.
"""

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from statistics import median
from threading import Event, Thread
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from benchmarks.copies import multiply, place_at
from benchmarks.data import CUSTOMERS, FOLDER, Population, fill, paths, say
from benchmarks.databases import postgres, postmaster, vacuum
from benchmarks.load import fire
from benchmarks.receiving import ask
from benchmarks.servers import Server, sijill
from benchmarks.trees import HERE
from benchmarks.visiting import Visitor, hire, linked, waited
from sijill.console.routes import ROWS

FEW, TIMES = 20_000, 50
"""Customers that the command makes, and how many there are of each in the end."""

DEEP = 0.5
"""The share of all customers that stand before the page that lies deep."""

AIM = 0.05
"""Seconds that a page may take, at the 95th percentile."""

AIM_BESIDE = 1.2

PEOPLE, PAUSE = 2, 1.0
"""People at the console beside the apps, and the seconds that each rests between two pages."""

APPS, REST = 8, 20
"""Connections of apps, and the milliseconds that each rests between two requests."""

SOME = 200
"""Customers whose details the apps ask for."""

_FILE = "الاسم الأول,الجوال,البريد الإلكتروني\nسارة,+966501110001,new1@bench.example\n".encode()


class Page(NamedTuple):
    """What a page cost, at so many visits. Units: seconds, bytes."""

    title: str
    p50: float
    p95: float
    server: float
    """Processor time of the server for each visit."""
    database: float
    """That of PostgreSQL; 0 for SQLite, which works in the server."""
    size: int


class Beside(NamedTuple):
    """The 99th percentile of Details, and the ratio within each round. Units: seconds."""

    alone: float
    beside: float
    ratio: float
    visits: int
    """Pages that people opened meanwhile, in all rounds."""


class Measured(NamedTuple):
    """What was measured on one database."""

    title: str
    customers: int
    pages: Sequence[Page]
    beside: Beside
    left_out: Sequence[str]
    """Paths of the console's table that nothing led to, or that are no page here."""


def run(folder: Path, *, quick: bool) -> list[Measured]:
    """
    Return what both databases gave; `folder` is for what the servers write.

    Raises: SystemExit if an answer was none that was expected.
    """
    times, visits, rounds, seconds = (1, 10, 2, 2) if quick else (TIMES, 60, 5, 6)
    found = []
    with ExitStack() as stack:
        population = kept(FEW * times)
        found.append(_measured("SQLite", folder, population, visits, rounds, seconds))
        url = stack.enter_context(postgres())
        population = _filled(url, FEW * times)
        vacuum(url)
        found.append(_measured("PostgreSQL", folder, population, visits, rounds, seconds))
    return found


def kept(count: int) -> Population:
    """Return a register of `count` customers in SQLite, made now if it is not there yet."""
    folder = FOLDER / f"console-{count}"
    made, url = folder / "made.json", f"sqlite://{folder / 'sijill.db'}"
    if not made.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        made.write_bytes(msgspec.json.encode(_filled(url, count)))
    HERE.run("migrate", f"--database-url={url}")  # in a large file longer than a start may take
    return msgspec.json.decode(made.read_bytes(), type=Population)._replace(url=url)


def _filled(url: str, count: int) -> Population:
    population = fill(url, FEW)
    hire(url)
    multiply(url, count)
    return population


def _measured(
    title: str, folder: Path, population: Population, visits: int, rounds: int, seconds: int
) -> Measured:
    name = title.lower()
    settings = {"webhook_targets": "local", "login_limit": "1000/1m", "log_level": "error"}
    with sijill(name, folder, population, **settings) as server:
        visitor = Visitor(server)
        say(f"{title}: making what pages show ...")
        addresses, left_out = _places(visitor, _made(server, visitor))
        customers, at, customer_id = place_at(population.url, DEEP)
        addresses |= _lists(visitor, f"{at}.{customer_id}")
        say(f"{title}: opening {len(addresses)} pages, {visits} times each ...")
        workers = postmaster(population.url)
        pages = [
            _visited(visitor, server, workers, one, address, visits)
            for one, address in addresses.items()
        ]
        beside = _beside(server, [*addresses.values()], rounds, seconds)
        return Measured(title, customers, pages, beside, left_out)


def _made(server: Server, visitor: Visitor) -> dict[str, str]:
    """Make what some pages need; return a value for each parameter of a path."""
    home = visitor.home
    hook = {"name": "crm", "event": "customer.created", "url": "http://127.0.0.1:9/", "version": 2}
    subscribed = ask(
        *("POST", server.port, "/admin/v2/webhooks/subscribe", server.token),
        msgspec.json.encode(hook),
    )
    webhook = str(msgspec.json.decode(subscribed)["data"]["id"])
    for number in range(60):
        new = {"first_name": "محمد", "email": f"n{time.time_ns()}.{number}@bench.example"}
        ask("POST", server.port, CUSTOMERS, server.token, msgspec.json.encode(new))
    change = visitor.submit(home, f"{home}/customers/act?banned=1", {"action": "unban"})
    drafted = visitor.upload(home, f"{home}/customers/import", _FILE)
    return {
        "store": home.rpartition("/")[2],
        "customer": linked(visitor.get(f"{home}/customers?sort=id"), r"customers/(\d+)"),
        "group": linked(visitor.get(f"{home}/groups"), r"groups/(\d+)"),
        "webhook": webhook,
        "delivery": waited(visitor, f"{home}/webhooks/{webhook}", r"/deliveries/([^\"/?]+)"),
        "change": change.location.rpartition("/")[2],
        "import": drafted.location.rpartition("/")[2],
        "token": linked(visitor.get(f"{home}/apps"), r"/tokens/(\d+)/revoke"),
    }


def _places(visitor: Visitor, values: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the address of each page of the table by its path, and the paths that are none."""
    addresses, left_out = {}, []
    for row in ROWS:
        if row.method != "GET":
            continue
        names = re.findall(r"\{(\w+)\}", row.path)
        address = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "0"), row.path)
        if set(names) <= set(values) and visitor.get(address).is_page:
            addresses[row.path.partition("{store}")[2] or "/"] = address
        else:
            left_out.append(row.path)
    return addresses, left_out


def _lists(visitor: Visitor, deep: str) -> dict[str, str]:
    """Return the addresses of the list of customers, as people look through it."""
    list_ = f"{visitor.home}/customers"
    group = linked(visitor.get(f"{visitor.home}/groups"), r"groups/(\d+)")
    return {
        "customers, half of all before them": f"{list_}?after={deep}",
        "customers, the other way": f"{list_}?before={deep}",
        "customers by id": f"{list_}?sort=id",
        "customers of a group": f"{list_}?group={group}",
        "customers of a group, deep": f"{list_}?group={group}&after={deep}",
        "customers who are banned": f"{list_}?banned=1",
        "customers of a year": f"{list_}?from=2024-01-01&to=2024-12-31",
        "search: مح": f"{list_}?q={quote('مح')}",
        "search: two names": f"{list_}?q={quote('محمد العتيبي')}",
        "search: nobody": f"{list_}?q=nobody%40bench.example",
    }


def _visited(
    visitor: Visitor,
    server: Server,
    workers: int | None,
    title: str,
    address: str,
    visits: int,
) -> Page:
    """Open a page so many times. Raises: SystemExit if one answer is no page."""
    visitor.get(address)
    server_before, database_before = server.cpu(), _of_family(workers)
    answers = [visitor.get(address) for _ in range(visits)]
    spent = (server.cpu() - server_before, _of_family(workers) - database_before)
    if not all(answer.is_page for answer in answers):
        raise SystemExit(f"benchmarks: {address} is no page: {answers[-1].status}")
    seconds = sorted(answer.seconds for answer in answers)
    return Page(
        title=title,
        p50=seconds[visits // 2],
        p95=seconds[min(visits - 1, visits * 95 // 100)],
        server=spent[0] / visits,
        database=max(0.0, spent[1] / visits),
        size=len(answers[-1].body),
    )


def _of_family(parent: int | None) -> float:
    """Return the processor time of a process's children in seconds; 0 without a process."""
    if parent is None:
        return 0.0
    total, tick = 0.0, os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            if int(fields[1]) == parent:
                total += (int(fields[11]) + int(fields[12])) / tick
    return total


def _beside(server: Server, addresses: Sequence[str], rounds: int, seconds: int) -> Beside:
    """Ask for Details at a fixed pace, alone and beside people at the console, in turns."""
    # They have signed in before: a password is hashed on purpose at length.
    visitors = [Visitor(server) for _ in range(PEOPLE)]
    shown = visitors[0].get(f"{visitors[0].home}/customers").body.decode()
    ids = re.findall(r'/customers/(\d+)"', shown)[:SOME]
    details = paths("console-details", [f"{CUSTOMERS}/{one}" for one in ids])
    fire(server, details, 1, APPS, rest=REST)
    alone, beside, visits = [], [], 0
    for number in range(rounds):
        say(f"round {number + 1} of {rounds} ...")
        alone.append(fire(server, details, seconds, APPS, rest=REST).p99 / 1e6)
        with _people(visitors, addresses, number) as opened:
            beside.append(fire(server, details, seconds, APPS, rest=REST).p99 / 1e6)
        visits += len(opened)
    ratios = [one / other for one, other in zip(beside, alone, strict=True)]
    return Beside(median(alone), median(beside), median(ratios), visits)


@contextmanager
def _people(
    visitors: Sequence[Visitor], addresses: Sequence[str], seed: int
) -> Iterator[list[str]]:
    """Yield a list of the pages that people open until the end of the block."""
    end, opened = Event(), list[str]()

    def look(visitor: Visitor, draw: Random) -> None:
        while not end.is_set():
            address = draw.choice(addresses)
            if visitor.get(address).is_page:
                opened.append(address)
            end.wait(PAUSE)

    people = [
        Thread(target=look, args=(visitor, Random(f"{seed}.{number}")))
        for number, visitor in enumerate(visitors)
    ]
    for one in people:
        one.start()
    try:
        yield opened
    finally:
        end.set()
        for one in people:
            one.join()


def text(found: Sequence[Measured]) -> str:
    """Return what was measured, as text."""
    return "\n\n".join(_told(one) for one in found)


def _told(found: Measured) -> str:
    head = ("p50 ms", "p95 ms", "CPU ms", "DB ms", "KB")
    lines = [f"{f'{found.title}, {found.customers:,} customers':<44}" + _cells(head)]
    for page in found.pages:
        moments = (page.p50, page.p95, page.server, page.database)
        cells = (*(f"{moment * 1000:.1f}" for moment in moments), f"{page.size / 1024:.0f}")
        slow = "  MISSED" * (page.p95 > AIM)
        lines.append(f"{page.title:<44}{_cells(cells)}{slow}")
    one = found.beside
    verdict = "met" if one.ratio <= AIM_BESIDE else "MISSED"
    lines.append(
        f"Details p99 alone {one.alone * 1000:.1f} ms, beside {one.visits} pages "
        f"{one.beside * 1000:.1f} ms: {one.ratio:.2f} times (aim {AIM_BESIDE}: {verdict})"
    )
    lines.append(f"no page, or none without a link: {', '.join(found.left_out)}")
    return "\n".join(lines)


def _cells(cells: Sequence[str]) -> str:
    return "".join(f"{cell:>9}" for cell in cells)
