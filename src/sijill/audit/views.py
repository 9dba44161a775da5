"""Views of personal data by requests: gathered in memory, and sealed every half second."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sijill.audit.causes import Kind, Through
from sijill.audit.chain import Line
from sijill.audit.changes import MICROS
from sijill.audit.model import Entry, encode

MOST = 200_000
"""Ids of views in memory at most, some 30 MB: views beyond them are counted as a gap."""


class Viewer(NamedTuple):
    """The viewer, the channel and the store: the views of one viewer become one entry."""

    kind: Kind
    actor: int
    token: int
    through: Through
    by: str
    store: int
    action: str


ViewerKey = tuple[Kind, int, int, Through, str, int, str]
"""The fields of a `Viewer`: of a request, a plain tuple is made in a tenth of the time."""


class _Views:
    """The views of one viewer."""

    __slots__ = ("at", "ids", "requests")

    def __init__(self, at: float) -> None:
        self.at = at
        self.ids: list[int] = []
        self.requests: list[str] = []


class ViewLog:
    """The views that are not sealed yet. It belongs to the event loop."""

    def __init__(self, clock: Callable[[], float], most: int = MOST) -> None:
        """`clock` gives UTC epoch seconds."""
        self._clock, self._most = clock, most
        self._views: dict[ViewerKey, _Views] = {}
        self._held = 0
        self._taken: list[Line] = []
        self._taken_ids = 0
        self._lost, self._lost_from, self._lost_until = 0, 0.0, 0.0

    def add(self, viewer: ViewerKey, ids: Sequence[int], request: str) -> None:
        """Note that a viewer was shown the subjects of these ids, by a request."""
        if self._held + self._taken_ids >= self._most:
            self._lose(len(ids))
            return
        views = self._views.get(viewer)
        if views is None:
            views = self._views[viewer] = _Views(self._clock())
        views.ids.extend(ids)
        views.requests.append(request)
        self._held += len(ids)

    def _lose(self, count: int) -> None:
        now = self._clock()
        if not self._lost:
            self._lost_from = now
        self._lost, self._lost_until = self._lost + count, now

    def take(self) -> Sequence[Line]:
        """
        Return the lines of all views; the same again, and newer ones, until `done`.

        A gap is told once there is room again.
        """
        if self._lost and not self._taken:
            self._take_gap()
        for key, views in self._views.items():
            viewer = Viewer(*key)
            self._take(
                Entry(
                    at=int(views.at * MICROS),
                    action=viewer.action,
                    kind=viewer.kind,
                    actor=viewer.actor,
                    token=viewer.token,
                    through=viewer.through,
                    by=viewer.by,
                    store=viewer.store,
                    ids=tuple(views.ids),
                    requests=tuple(views.requests),
                )
            )
        self._views.clear()
        self._taken_ids, self._held = self._taken_ids + self._held, 0
        return self._taken

    def _take_gap(self) -> None:
        at, until = int(self._lost_from * MICROS), int(self._lost_until * MICROS)
        self._take(Entry(at=at, action="audit.gap", kind="server", count=self._lost, until=until))
        self._lost = 0

    def _take(self, entry: Entry) -> None:
        self._taken.append(Line(entry.at, encode(entry)))

    def done(self) -> None:
        """Forget the lines that were taken: they are sealed."""
        self._taken, self._taken_ids = [], 0

    @property
    def has_gap(self) -> bool:
        """Whether views were lost, and that is not told yet."""
        return self._lost > 0
