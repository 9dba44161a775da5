"""The faults of a seed document, each with its path: `seed.customers[3].emial`."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, NamedTuple

from sijill.fields.field import Table
from sijill.fields.form import Fields
from sijill.fields.rules import render

SHOWN, KEPT = 10, 1_000
"""Faults that a refusal names, and that it knows of, at most."""

_KEY_LENGTH = 64
"""Characters of an unknown key that a refusal shows."""

_CHARACTERS = "holds characters that are not allowed"


class Fault(NamedTuple):
    """One fault: its path in the document, and a sentence."""

    path: str
    sentence: str


class SeedRefused(ValueError):
    """A document that cannot be a seed, with its faults; nothing was made of it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        lines = [f"{fault.path}: {fault.sentence}" for fault in faults[:SHOWN]]
        more = len(faults) - len(lines)
        super().__init__("; ".join(lines) + (f"; and {more} more" if more else ""))
        self.faults = faults


class Faults:
    """Collects the faults of one document, so that one refusal names them all."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, path: str, sentence: str) -> None:
        """Note a fault, unless KEPT are known."""
        if len(self._found) < KEPT:
            self._found.append(Fault(path, sentence))

    def add_rules(self, path: str, rules: Mapping[str, Sequence[str]]) -> None:
        """Note the faults of a body, as `errors.Invalid` has them."""
        for place, broken in rules.items():
            for rule in broken:
                self.add(f"{path}{_path(place)}", render(place, rule, "en"))

    def add_unknown(self, path: str, value: Any, schema: Mapping[str, Any]) -> None:
        """Note every key that a schema does not have; see `unknown_keys`."""
        self._found.extend(islice(unknown_keys(path, value, schema), KEPT - len(self._found)))

    def parse(self, path: str, table: Table, cells: Fields) -> dict[str, Any]:
        """Return the values of the cells that a table knows, without those that are faulty."""
        values = {}
        for name, cell in cells.items():
            if name not in table.fields:
                continue
            try:
                values[name] = table.parse(name, cell)
            except UnicodeError:
                self.add(f"{path}.{name}", _CHARACTERS)
            except ValueError as error:
                self.add(f"{path}.{name}", str(error).removeprefix(f"{name} "))
        return values

    def check(self) -> None:
        """Raise SeedRefused if there is a fault."""
        if self._found:
            raise SeedRefused(self._found)


def unknown_keys(path: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """
    Yield the keys of a JSON value that a schema does not have, however deep they stand.

    Shape of `schema`: JSON Schema, of which `properties` and `items` are read. An object without
    `properties` may have any key.
    """
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        for key, inner in value.items():
            if key in known:
                yield from unknown_keys(f"{path}.{key}", inner, known[key])
            else:
                yield Fault(f"{path}.{key[:_KEY_LENGTH]}", f"unknown{_hint(key, known)}")
    elif isinstance(value, list) and "items" in schema:
        for place, item in enumerate(value):
            yield from unknown_keys(f"{path}[{place}]", item, schema["items"])


def _hint(key: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(key[:_KEY_LENGTH], known, n=1)
    return f"; did you mean {near[0]}" if near else ""


def _path(place: str) -> str:
    """Return `.conditions[0].type` for `conditions.0.type`, and "" for ""."""
    return "".join(
        f"[{part}]" if part.isdigit() else f".{part}" for part in place.split(".") if part
    )
