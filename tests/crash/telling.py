"""What a story is, and what its processes tell."""

import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from crash.places import Place

Told = Sequence[Sequence[Any]]
"""What a process told before it was killed, in order."""

Tell = Callable[..., None]


class Story(NamedTuple):
    """Each part runs in a process of its own: made once, worked on until killed, then checked."""

    make: Callable[[Place], None]
    work: Callable[[Place, Tell, random.Random], None]
    check: Callable[[Place, Told], list[str]]
    """Returns what is wrong, in words."""
