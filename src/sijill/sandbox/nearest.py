"""The nearest known name, for a name that is not known."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from sijill.http.request import PREFIX
from sijill.sandbox.operations import OPERATIONS

Names = Mapping[str, str]
"""Known names: by the name alone the name as it is told, `mobile` to `body.mobile`."""


def nearest(name: str, names: Names) -> str | None:
    """Return the known name that is most like a name, as it is told; None if no name is near."""
    found = get_close_matches(name.lower(), names, n=1)
    return names[found[0]] if found else None


@lru_cache(1_000)
def nearest_operation(method: str, path: str) -> str | None:
    """Return the method and path of the operation nearest to a request, or None."""
    asked = ["", *filter(None, path.removeprefix(PREFIX).split("/"))]
    names = {f"{verb} {_filled(known, asked)}": f"{verb} {known}" for verb, known in OPERATIONS}
    found = get_close_matches(f"{method} {'/'.join(asked)}", names, n=1)
    return names[found[0]] if found else None


def _filled(template: str, asked: Sequence[str]) -> str:
    """Return a path template with the segments of a path in the place of its parameters."""
    parts = template.split("/")
    sent = [*asked, *parts[len(asked) :]]
    return "/".join(o if p.startswith("{") else p for p, o in zip(parts, sent, strict=False))
