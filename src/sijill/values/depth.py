"""How deep a JSON value may be nested: a deeper value would exhaust the stack of its readers."""

from typing import Any

DEPTH = 32
"""Levels of lists and objects at most."""


def exceeds_max_depth(value: Any, levels: int = DEPTH) -> bool:
    """Return whether a value has more than `levels` levels of lists and objects."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        return False
    return levels == 0 or any(exceeds_max_depth(item, levels - 1) for item in value)
