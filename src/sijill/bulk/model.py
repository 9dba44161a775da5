"""A change of all customers of a selection: what is done, how far it is, who may confirm it."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from msgspec import Struct

from sijill.customers.selection import Cursor, Place, Selection
from sijill.errors import Fault, Invalid

Action = Literal["ban", "unban", "add_to_group", "delete"]
ACTIONS: tuple[Action, ...] = get_args(Action)

State = Literal["counting", "waiting", "running", "done", "failed", "stopped"]

OPEN: tuple[State, ...] = ("counting", "waiting", "running")

CONFIRMED_WITHIN = timedelta(hours=1)
"""How long a number may be confirmed: later it would be that of other customers."""

KEPT = timedelta(days=30)
"""How long after its end a change is listed."""


class BulkChange(Struct, frozen=True):
    """
    One change of all customers of a selection, and its progress.

    `reason` is that of a ban, `group_id` the group that customers join. `total` is how many
    customers the selection had, None while they are counted; no more of them are ever dealt with.
    Of `done` customers `changed` were written; `refused` have to stay, and were not deleted.
    """

    store_id: int
    id: int
    person_id: int
    action: Action
    selection: Selection
    reason: str
    group_id: int | None
    state: State
    total: int | None
    done: int
    changed: int
    refused: int
    place: Place
    created_at: datetime
    finished_at: datetime | None = None

    @property
    def cursor(self) -> Cursor:
        """Where the next customers of the selection begin."""
        return Cursor(self.place)

    @property
    def left(self) -> int:
        """How many customers may still be dealt with."""
        return (self.total or 0) - self.done


class NotWaiting(Fault):
    """The change does not wait for its confirmation: it runs, has ended, or is counted."""


def check_confirmation(change: BulkChange, number: int | None, now: datetime) -> None:
    """
    Let a change begin only for the number of customers that it will deal with.

    Raises: NotWaiting; Invalid on `number`.
    """
    if change.state != "waiting" or now - change.created_at > CONFIRMED_WITHIN:
        raise NotWaiting
    if number != change.total:
        raise Invalid({"number": ["invalid" if number is not None else "required"]})
