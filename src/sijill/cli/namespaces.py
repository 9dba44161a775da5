"""`sijill ns`: the namespaces of the sandbox that runs."""

from collections.abc import Sequence
from typing import Any

import click

from sijill.cli.arguments import argument, duration, option, pair
from sijill.cli.control_client import Ask, encoded, on_sandbox
from sijill.cli.seed_file import SEED, read_seed_file

NAME = argument("name", "Name of a namespace.")


@on_sandbox(
    argument("name", "Its name; without one, the sandbox gives it one.", default=""),
    option("--from", "Begin as a snapshot, NAMESPACE/SNAPSHOT.", "begin", default=""),
    SEED,
    option("--random", "The seed of its ids, tokens and secrets.", default=0, type=int),
    option(
        "--setting",
        "A setting of its own, such as customers_limit=3/10m; may be repeated.",
        "settings",
        multiple=True,
        parse=pair,
    ),
    option("--ttl", "End it after this long without a request.", default="", parse=duration),
    shown=lambda made: [{"field": name, "value": value} for name, value in made.items()],
    namespaced=False,
)
def create_command(
    ask: Ask,
    name: str,
    begin: str,
    seed: str,
    random: int,
    settings: Sequence[tuple[str, str]],
    ttl: float | None,
) -> Any:
    new: dict[str, Any] = {"random": random, "settings": dict(settings), "ttl": ttl}
    if name:
        new["name"] = name
    if begin:
        new["from"] = begin
    if seed:
        new["seed"] = read_seed_file(seed)
    return ask("POST", "ns", new)


@on_sandbox(shown=lambda answer: answer["namespaces"], namespaced=False)
def list_command(ask: Ask) -> Any:
    return ask("GET", "ns")


def _about(method: str, path: str, done: str) -> click.Command:
    """Return a command that makes one call about a namespace, and says that it is done."""

    @on_sandbox(NAME, shown=lambda told: f"{told['name']} is {done}", namespaced=False)
    def call(ask: Ask, name: str) -> Any:
        ask(method, f"ns/{encoded(name)}{path}")
        return {"name": name}

    return call


reset_command = _about("POST", "/reset", "as it was at its beginning")
settle_command = _about("POST", "/settle", "at rest")
rm_command = _about("DELETE", "", "gone")
