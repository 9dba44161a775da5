"""`sijill fault`: the faults that requests of a namespace meet."""

from collections.abc import Sequence
from typing import Any, get_args

from sijill.cli.arguments import duration, option, pair, read_document
from sijill.cli.control_client import Ask, on_sandbox
from sijill.cli.output import USAGE, fail
from sijill.sandbox.faults import Kind
from sijill.settings.parsers import one_of

WHEN = {"skip": 0, "times": None, "every": 1, "rate": None}
"""The keys that say which of the fitting requests fail, and their values unless said."""


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [_row(rule) for rule in answer["faults"]]


def _row(rule: dict[str, Any]) -> dict[str, Any]:
    after = " after commit" if rule["phase"] == "after-commit" else ""
    matches = [f"{name}={value}" for name, value in rule["match"].items()]
    when = [f"{key} {rule[key]}" for key, usual in WHEN.items() if rule.get(key, usual) != usual]
    return {
        "op": rule["op"],
        "fault": f"{rule['kind']} {rule.get('status', '')}".rstrip() + after,
        "when": ", ".join([*matches, *when]),
        "hits": rule["hits"],
        "spent": "yes" if rule["spent"] else "no",
    }


@on_sandbox(
    option("--op", "An operation: see sijill operations.", default=None),
    option(
        "--kind",
        "What happens to the request.",
        default=None,
        parse=one_of(*get_args(Kind)),
    ),
    option("--status", "Status of the answer, for the kind status.", default=None, type=int),
    option(
        "--match",
        "A parameter that the request must have, such as customer=2075683582; may be repeated.",
        multiple=True,
        parse=pair,
    ),
    option("--skip", "Fitting requests that pass first.", default=None, type=int),
    option("--times", "Fitting requests that fail; else all.", default=None, type=int),
    option(
        "--every",
        "Fail every Nth fitting request: 2 fails every other one.",
        default=None,
        type=int,
    ),
    option("--rate", "Share of fitting requests that fail, by --seed.", default=None, type=float),
    option("--seed", "Seed of --rate: the same requests fail.", default=None, type=int),
    option("--after-commit", "Carry the request out, and lose its answer.", is_flag=True),
    option("--seconds", "How long delay, stall and drip take.", default="", parse=duration),
    option("--wait", "Retry-After of a 429 or 503, in seconds.", default=None, type=int),
    option(
        "--rules",
        "File with a rule or a list of rules in JSON, or - for standard input; "
        "options replace what it says.",
        default="",
        metavar="FILE",
    ),
    shown=_rows,
)
def add_command(
    ask: Ask, rules: str, match: Sequence[tuple[str, str]], after_commit: bool, **options: Any
) -> Any:
    given = {key: value for key, value in options.items() if value is not None}
    if match:
        given["match"] = dict(match)
    if after_commit:
        given["phase"] = "after-commit"
    if "status" in given:
        given.setdefault("kind", "status")
    added = [rule | given for rule in _documents(rules)]
    return ask("POST", "faults", {"faults": added})


def _documents(file: str) -> list[dict[str, Any]]:
    """Return the rules of a file: an object, a list of objects, or what `fault list` prints."""
    document: Any = read_document(file) if file else {}
    if isinstance(document, dict):
        document = document.get("faults", [document])
    if not isinstance(document, list) or not all(isinstance(rule, dict) for rule in document):
        fail(f"{file}: write a rule, or a list of rules", code=USAGE)
    return [{k: v for k, v in rule.items() if k not in ("hits", "spent")} for rule in document]


@on_sandbox(shown=_rows)
def list_command(ask: Ask) -> Any:
    return ask("GET", "faults")


@on_sandbox(shown=lambda answer: "there are no faults")
def clear_command(ask: Ask) -> Any:
    return ask("DELETE", "faults")
