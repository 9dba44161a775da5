"""`sijill fault`: the faults that requests and webhooks of a namespace meet."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, get_args

import click

from sijill.cli.arguments import duration, option, pair, read_document
from sijill.cli.control_client import Ask, on_sandbox
from sijill.cli.output import USAGE, fail
from sijill.sandbox.faults import Kind
from sijill.sandbox.webhooks.rules import Kind as WebhookKind
from sijill.settings.parsers import one_of

WHEN = {"skip": 0, "times": None, "every": 1, "rate": None}
"""The keys that say which of the fitting cases fail, and their values unless said."""


class _Rules(NamedTuple):
    """One kind of rules: its path in the control API, its own options, and its columns."""

    path: str
    options: tuple[click.Parameter, ...]
    row: Callable[[dict[str, Any]], dict[str, Any]]
    given: Callable[[dict[str, Any]], dict[str, Any]]
    """Makes of the options that were given the keys of a rule."""


def _request_row(rule: dict[str, Any]) -> dict[str, Any]:
    after = " after commit" if rule["phase"] == "after-commit" else ""
    matches = [f"{name}={value}" for name, value in rule["match"].items()]
    fault = f"{rule['kind']} {rule.get('status', '')}".rstrip() + after
    return {"op": rule["op"], "fault": fault, "when": ", ".join([*matches, *_when(rule)])}


def _webhook_row(rule: dict[str, Any]) -> dict[str, Any]:
    late = f" {rule['seconds']:g} s" if "seconds" in rule else ""
    fault = rule["kind"] + late
    return {"event": rule["event"], "fault": fault, "when": ", ".join(_when(rule))}


def _when(rule: dict[str, Any]) -> list[str]:
    return [f"{key} {rule[key]}" for key, usual in WHEN.items() if rule.get(key, usual) != usual]


def _of_request(options: dict[str, Any]) -> dict[str, Any]:
    match: Sequence[tuple[str, str]] = options.pop("match")
    after_commit = options.pop("after_commit")
    given = _said(options)
    if match:
        given["match"] = dict(match)
    if after_commit:
        given["phase"] = "after-commit"
    if "status" in given:
        given.setdefault("kind", "status")
    return given


def _said(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given."""
    return {key: value for key, value in options.items() if value is not None}


def _how_often(cases: str) -> tuple[click.Parameter, ...]:
    """Return the options that say which of the fitting cases fail."""
    return (
        option("--skip", f"Fitting {cases} that pass first.", default=None, type=int),
        option("--times", f"Fitting {cases} that fail; else all.", default=None, type=int),
        option(
            "--every", "Fail every Nth of them: 2 fails every other one.", default=None, type=int
        ),
        option(
            "--rate", f"Share of fitting {cases} that fail, by --seed.", default=None, type=float
        ),
        option("--seed", f"Seed of --rate: the same {cases} fail.", default=None, type=int),
    )


_REQUESTS = _Rules(
    "faults",
    (
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
        *_how_often("requests"),
        option("--after-commit", "Carry the request out, and lose its answer.", is_flag=True),
        option("--seconds", "How long delay, stall and drip take.", default="", parse=duration),
        option("--wait", "Retry-After of a 429 or 503, in seconds.", default=None, type=int),
    ),
    _request_row,
    _of_request,
)
WEBHOOKS = _Rules(
    "webhook-faults",
    (
        option("--event", "Name of an event, or * for every event.", default=None),
        option(
            "--kind",
            "What happens to the delivery.",
            default=None,
            parse=one_of(*get_args(WebhookKind)),
        ),
        *_how_often("attempts"),
        option("--seconds", "How much later a late delivery is sent.", default="", parse=duration),
    ),
    _webhook_row,
    _said,
)


def rule_commands(kind: _Rules) -> tuple[click.Command, click.Command, click.Command]:
    """Return the commands that add, list and clear rules of one kind."""

    def shown(answer: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            kind.row(rule) | {"hits": rule["hits"], "spent": "yes" if rule["spent"] else "no"}
            for rule in answer["faults"]
        ]

    @on_sandbox(
        *kind.options,
        option(
            "--rules",
            "File with a rule or a list of rules in JSON, or - for standard input; "
            "options replace what it says.",
            default="",
            metavar="FILE",
        ),
        option("--replace", "Remove every other rule.", is_flag=True),
        shown=shown,
    )
    def add(ask: Ask, rules: str, replace: bool, **options: Any) -> Any:
        given = kind.given(options)
        added = [rule | given for rule in _documents(rules)]
        return ask("PUT" if replace else "POST", kind.path, {"faults": added})

    @on_sandbox(shown=shown)
    def listed(ask: Ask) -> Any:
        return ask("GET", kind.path)

    @on_sandbox(shown=lambda answer: "there are no faults")
    def clear(ask: Ask) -> Any:
        return ask("DELETE", kind.path)

    return add, listed, clear


def _documents(file: str) -> list[dict[str, Any]]:
    """Return the rules of a file: an object, a list of objects, or what the list prints."""
    document: Any = read_document(file) if file else {}
    if isinstance(document, dict):
        document = document.get("faults", [document])
    if not isinstance(document, list) or not all(isinstance(rule, dict) for rule in document):
        fail(f"{file}: write a rule, or a list of rules", code=USAGE)
    return [{k: v for k, v in rule.items() if k not in ("hits", "spent")} for rule in document]


add_command, list_command, clear_command = rule_commands(_REQUESTS)
