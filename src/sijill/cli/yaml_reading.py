"""
YAML for documents that are JSON in another writing: nothing else of YAML is read.

Plain words are those of JSON: `true`, `false`, `null` and JSON's numbers. All other plain scalars
are texts: `no`, `on`, `1990-03-15`, `0501234567` and `+966` among them, which YAML 1.1 would take
for a flag, a date and numbers. Anchors, aliases, tags, keys that are no text, and keys that stand
twice are refused.

PyYAML is loaded with this module: import it where a file is read.
"""

import math
import re
from collections.abc import Hashable
from typing import Any, ClassVar

import yaml
from yaml.constructor import ConstructorError
from yaml.events import NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode
from yaml.resolver import BaseResolver

from sijill.values.depth import DEPTH

_TAG = "tag:yaml.org,2002:"
_WORDS = (
    ("null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]),
    ("bool", re.compile(r"^(?:true|false)$"), ["t", "f"]),
    ("int", re.compile(r"^-?(?:0|[1-9][0-9]*)$", re.ASCII), [*"-0123456789"]),
    (
        "float",
        re.compile(r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", re.ASCII),
        [*"-0123456789"],
    ),
)
"""The kinds of plain scalars, each with its form and the letters that it begins with."""

_DIGITS = len(str(-(2**64)))


class _Loader(yaml.SafeLoader):  # type: ignore[misc] # it has no types
    """Loads one document of plain values."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}
    yaml_constructors = {
        f"{_TAG}{kind}": yaml.SafeLoader.yaml_constructors[f"{_TAG}{kind}"]
        for kind in ("null", "bool", "seq")
    } | {None: yaml.SafeLoader.yaml_constructors[None]}

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """Return the next node. Raises: ConstructorError for a faulty beginning of one."""
        event = self.peek_event()
        if isinstance(event, NodeEvent) and (event.anchor or getattr(event, "tag", None)):
            raise ConstructorError(None, None, "anchors and tags are not read", event.start_mark)
        if self._depth > DEPTH:
            raise ConstructorError(
                None, None, f"nested deeper than {DEPTH} levels", event.start_mark
            )
        self._depth += 1
        node: Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return an object. Raises: ConstructorError for a key that is no text or stands twice."""
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise ConstructorError(None, None, "a key is no text", key_node.start_mark)
            if key in found:
                raise ConstructorError(None, None, "a key stands twice", key_node.start_mark)
            found[key] = self.construct_object(value_node, deep=True)
        return found

    def text(self, node: ScalarNode) -> str:
        """Return a text. Raises: ConstructorError if it is no Unicode."""
        text = str(self.construct_scalar(node))
        try:  # JSON escapes a character beyond U+FFFF as two halves
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            raise ConstructorError(None, None, "half a character", node.start_mark) from None

    def whole(self, node: ScalarNode) -> int:
        """Return a whole number. Raises: ConstructorError if it is beyond 64 bits."""
        if len(node.value) > _DIGITS or not -(2**63) <= int(node.value) < 2**64:
            raise ConstructorError(None, None, "a number is beyond 64 bits", node.start_mark)
        return int(node.value)

    def number(self, node: ScalarNode) -> float:
        """Return a number. Raises: ConstructorError if it is infinite."""
        value = float(node.value)
        if not math.isfinite(value):
            raise ConstructorError(None, None, "a number is beyond 64 bits", node.start_mark)
        return value


for _kind, _form, _letters in _WORDS:
    _Loader.add_implicit_resolver(f"{_TAG}{_kind}", _form, _letters)
_Loader.add_constructor(BaseResolver.DEFAULT_SCALAR_TAG, _Loader.text)
_Loader.add_constructor(f"{_TAG}int", _Loader.whole)
_Loader.add_constructor(f"{_TAG}float", _Loader.number)
_Loader.add_constructor(
    BaseResolver.DEFAULT_MAPPING_TAG, lambda loader, node: loader.construct_mapping(node)
)


def read_yaml(content: bytes) -> Any:
    """
    Return the value of a document: null for an empty one.

    Raises: ValueError with the line and the reason.
    """
    try:
        return _Loader(content).get_single_data()
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise ValueError(f"line {line}: {fault.problem}") from None
    except yaml.YAMLError as fault:
        raise ValueError(str(fault).partition("\n")[0]) from None
    except RecursionError:
        raise ValueError(f"nested deeper than {DEPTH} levels") from None
