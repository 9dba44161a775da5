"""The seed document that a command is given: JSON, YAML, or JSON Lines of customers."""

from typing import Any

import msgspec

from sijill.cli.arguments import option, read_document, read_file
from sijill.cli.output import USAGE, fail

_LINES, _YAML = (".jsonl", ".ndjson"), (".yaml", ".yml")


def read_seed_file(file: str) -> Any:
    """
    Return the document of a file: JSON, YAML, or lines of customers as `sijill export` writes them.

    `-` is JSON on standard input. Groups that lines name are made, as an import makes them. What
    ends the command is a file that cannot be read; the sandbox judges the document.
    """
    if file.lower().endswith(_YAML):
        return _read_yaml_file(file)
    if not file.lower().endswith(_LINES):
        return read_document(file)
    customers = [
        _line(file, number, line)
        for number, line in enumerate(read_file(file).split(b"\n"), 1)
        if line.strip()
    ]
    groups = {
        str(group): None
        for customer in customers
        if isinstance(customer, dict) and isinstance(customer.get("groups"), list)
        for group in customer["groups"]
    }
    return {"customers": customers, "groups": [{"id": name, "name": name} for name in groups]}


def _read_yaml_file(file: str) -> Any:
    from sijill.cli.yaml_reading import read_yaml  # few files are YAML

    try:
        return read_yaml(read_file(file))
    except ValueError as fault:
        fail(f"{file}: {fault}", code=USAGE)


def _line(file: str, number: int, line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as fault:
        fail(f"{file}: line {number} is not JSON: {fault}", code=USAGE)


SEED = option(
    "--seed",
    "File with a seed document: JSON, .yaml, or .jsonl with customers. - is JSON on standard "
    "input.",
    default="",
    metavar="FILE",
)
