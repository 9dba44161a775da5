"""The job that shows the figures of linked stores as metrics, and keeps them as history."""

from collections import Counter
from collections.abc import Callable

from sijill.database.driver import Driver
from sijill.job import Job
from sijill.mirror.history import HistoryTable
from sijill.mirror.model import MICROS
from sijill.mirror.progress import Progress, progress
from sijill.mirror.table import MirrorTable
from sijill.mirror.upstream.table import LinkTable
from sijill.telemetry.mirror_metrics import Figures


class FiguresJob(Job):
    """Looks at every linked store, and shows what is worst of each figure."""

    EVERY = 15.0
    FAULT = "mirror_figures_failed"

    def __init__(
        self,
        driver: Driver,
        mirror: MirrorTable,
        links: LinkTable,
        history: HistoryTable,
        clock: Callable[[], float],
        show: Callable[[Figures], None],
    ) -> None:
        """`clock` gives UTC epoch seconds."""
        super().__init__()
        self._driver, self._mirror, self._links = driver, mirror, links
        self._history, self._clock, self._show = history, clock, show

    async def turn(self) -> bool:
        """Show the figures of now; without a linked store there are none. Raises: Unavailable."""
        found: list[Progress] = []
        lives: list[float] = []
        now = self._clock()
        for store in await self._mirror.all():
            one = await progress(self._driver, store, now)
            found.append(one)
            await self._history.add(
                *(store.store_id, int(now * MICROS), one.held, one.total),
                one.oldest_confirmed_at,
            )
            link = await self._links.find(store.store_id)
            if link is not None and link.expires_at is not None:
                lives.append(max(0.0, link.expires_at / MICROS - now))
        if found:
            self._show(worst(found, lives, now))
        return False


def worst(found: list[Progress], lives: list[float], now: float) -> Figures:
    """Return of each figure the worst, or the sum of counts; `lives` are seconds of tokens."""
    slices = sum((Counter(one.slice_states) for one in found), Counter[str]())
    return Figures(
        lag_seconds=max(one.lag(now) for one in found),
        completeness=min(one.completeness for one in found),
        budget_remaining=min(one.budget_remaining for one in found),
        slices=slices,
        oldest_confirmed_seconds=max(one.oldest(now) for one in found),
        verify_queue=sum(one.waiting for one in found),
        tombstones=sum(one.gone for one in found),
        tombstones_refused=sum(one.refused for one in found),
        token_seconds_left=min(lives, default=None),
    )
