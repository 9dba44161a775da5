"""
How often the sandbox searches for garbage.

The parts of an instance refer to each other, so only that search finds them once it has ended. With
Python's own numbers it finds a dozen instances at once, in the middle of some request, and takes
5 ms; the search of young objects is made three times as often here, and takes a third.
"""

import gc

OFTEN = (700, 3, 30)
"""Python's own are 700, 10, 10: the full search is as rare as with those."""


def search_often() -> None:
    """Let this process search for garbage in small pieces."""
    gc.set_threshold(*OFTEN)
