"""
The contestants of a comparison: the base tree, the new one, and the base tree again.

Each tree fills registers of its own with the same customers. In each round every contestant starts
servers of its own on copies of them, so that the luck of one process lasts one round.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.comparison import AGAIN, BASE, NEW
from benchmarks.data import SEED, Person, Population, everybody, fill, say
from benchmarks.databases import database, postgres, vacuum, valkey
from benchmarks.servers import Server, sijill
from benchmarks.trees import Tree

Trees = Mapping[str, Tree]


class Registers(NamedTuple):
    """Filled databases, by the name of a contestant, and their customers in random order."""

    populations: Mapping[str, Population]
    people: list[Person]


class Shared(NamedTuple):
    """Registers on PostgreSQL, and the address of the counters."""

    registers: Registers
    counters: str


class Contestant(NamedTuple):
    """A tree in one round: its servers, and where others of its own may write."""

    tree: Tree
    folder: Path
    register: Population
    """On SQLite, filled; to be copied, not to be served."""
    sqlite: Server
    postgres: Server | None

    @contextmanager
    def another(self, **settings: str) -> Iterator[Server]:
        """Yield one more server, on a fresh copy of the register."""
        with _on_copy(self.tree, self.folder / "another", self.register, **settings) as server:
            yield server


def embedded(trees: Trees, count: int, folder: Path) -> Registers:
    """Return registers on SQLite, filled now."""

    def empty(name: str) -> str:
        (folder / name).mkdir(parents=True)
        return _url(folder / name)

    made = _alike(trees, count, empty, folder / "customers.jsonl")
    return made._replace(populations={**made.populations, AGAIN: made.populations[BASE]})


def shared(stack: ExitStack, trees: Trees, count: int, folder: Path) -> Shared | None:
    """Return registers on a new PostgreSQL beside a new Valkey; None if these do not start."""
    try:
        url, counters = stack.enter_context(postgres()), stack.enter_context(valkey())
    except (SystemExit, Exception) as fault:  # however they fail, the rest can be measured
        say(f"PostgreSQL or Valkey does not start: {fault}")
        return None
    made = _alike(trees, count, lambda name: database(url, name), folder / "part.jsonl")
    base = made.populations[BASE]
    vacuum(base.url)
    vacuum(made.populations[NEW].url)
    template = base.url.partition("?")[0].rpartition("/")[2]
    again = base._replace(url=database(url, AGAIN, template))
    return Shared(made._replace(populations={**made.populations, AGAIN: again}), counters)


@contextmanager
def standing(
    trees: Trees, registers: Registers, beside: Shared | None, folder: Path
) -> Iterator[dict[str, Contestant]]:
    """Yield the contestants of one round, their servers started."""
    shutil.rmtree(folder, ignore_errors=True)
    with ExitStack() as stack:
        ready = {}
        for number, name in enumerate((BASE, NEW, AGAIN)):
            tree = trees[BASE if name == AGAIN else name]
            own, register = folder / name, registers.populations[name]
            server = stack.enter_context(_on_copy(tree, own / "sqlite", register))
            second = beside and stack.enter_context(_on_postgres(tree, own, name, number, beside))
            ready[name] = Contestant(tree, own, register, server, second)
        yield ready
    shutil.rmtree(folder)


@contextmanager
def _on_copy(tree: Tree, folder: Path, register: Population, **settings: str) -> Iterator[Server]:
    """Yield a server on a copy of a register, gone afterwards."""
    shutil.copytree(Path(register.url.removeprefix("sqlite://")).parent, folder)
    copied = register._replace(url=_url(folder))
    with sijill("server", folder, copied, tree=tree, **settings) as server:
        yield server
    shutil.rmtree(folder)


@contextmanager
def _on_postgres(
    tree: Tree, folder: Path, name: str, number: int, beside: Shared
) -> Iterator[Server]:
    population = beside.registers.populations[name]
    counters = f"{beside.counters}?db={number}"
    with sijill("postgres", folder, population, tree=tree, redis_url=counters) as server:
        yield server


def _alike(trees: Trees, count: int, empty: Callable[[str], str], file: Path) -> Registers:
    """
    Fill an empty database for each tree: seeded or, where the seeds differ, from one file.

    Two versions may make different people of one seed; then both import what the base exports.
    """
    made = {name: fill(empty(name), count, tree) for name, tree in trees.items()}
    people, others = (everybody(trees[name], made[name].url) for name in (BASE, NEW))
    if people != others:
        say("the trees seed different customers, so both import those of the base ...")
        trees[BASE].run("export", str(file), f"--database-url={made[BASE].url}")
        made = {
            name: fill(empty(f"{name}_imported"), count, tree, file) for name, tree in trees.items()
        }
    Random(SEED).shuffle(people)
    return Registers(made, people)


def _url(folder: Path) -> str:
    return f"sqlite://{folder / 'sijill.db'}"
