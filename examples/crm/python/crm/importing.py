"""Imports every customer of the store, page by page, while the store goes on selling."""

from collections.abc import Mapping
from math import ceil

from crm.salla import Salla
from crm.store import Progress, Store

PER_PAGE = 60


def import_customers(salla: Salla, store: Store) -> None:
    """
    Save every customer that the store has from the beginning to the end of the import.

    An import that was broken off goes on where it stopped. Raises: SallaError.
    """
    progress = store.progress()
    while True:
        answer = salla.customers(progress.page, PER_PAGE)
        pagination = answer["pagination"]
        finished = is_finished(progress, pagination)
        progress = Progress() if finished else next_progress(progress, pagination)
        store.save_page(answer["data"], progress)
        if finished:
            return


def is_finished(progress: Progress, pagination: Mapping[str, int]) -> bool:
    """Return whether the page that was just read was the last, and the list did not shrink."""
    return progress.page >= pagination["totalPages"] and pagination["total"] >= progress.total


def next_progress(progress: Progress, pagination: Mapping[str, int]) -> Progress:
    """
    Return where to go on after a page that says `pagination` of itself.

    The list is newest first. A new customer moves the others towards later pages: some are read
    twice, which does no harm. A deleted one moves those behind it forward, over the edge of a
    page that was already read: where the list shrank, go back as far as that may have been.
    """
    total = pagination["total"]
    shrunk = progress.total - total
    if shrunk <= 0:
        return Progress(progress.page + 1, total)
    back = ceil(shrunk / pagination["perPage"])
    return Progress(max(1, progress.page - back), total)
