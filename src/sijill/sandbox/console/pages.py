"""The pages of the sandbox for one namespace, and the states of what they show."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sijill.sandbox.console.clock import ClockPages
from sijill.sandbox.console.faults import FaultPages
from sijill.sandbox.console.journal import JournalPages
from sijill.sandbox.console.state import StatePages
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.routing import Shown


class SandboxPages(NamedTuple):
    """Answers requests for the pages of a namespace."""

    clock: ClockPages
    state: StatePages
    faults: FaultPages
    journal: JournalPages


def shown_of(namespace: Namespace) -> Shown:
    """Return the pages of a namespace."""

    def states() -> Mapping[str, Any]:
        clock, journal, faults = namespace.clock, namespace.journal, namespace.faults
        return {
            "clock": (clock.setting, [*namespace.snapshots]),
            "faults": [(one.number, one.hits) for one in faults],
            "requests": journal.added,
        }

    pages = SandboxPages(
        ClockPages(namespace),
        StatePages(namespace),
        FaultPages(namespace),
        JournalPages(namespace),
    )
    return Shown(pages, states)
