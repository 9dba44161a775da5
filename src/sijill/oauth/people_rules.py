"""What a person may change of the people of a store: one table, and one pure decision."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from sijill.errors import Fault
from sijill.oauth.roles import Role

Reason = Literal["not_owner", "last_owner", "elsewhere", "unconfirmed"]


class Standing(NamedTuple):
    """What decides whether a person may be changed."""

    role: Role
    """The role before."""
    new_role: Role | None
    """The role afterwards; None for a person who leaves the store."""
    is_owner: bool
    """Whether the actor is an owner of the store at this moment."""
    is_self: bool
    """Whether the actor changes the own account."""
    confirmed: bool
    is_needed: bool
    """Whether a store would have no other owner who can sign in."""
    is_elsewhere: bool
    """Whether the person has a store that the actor does not have."""


REFUSALS: tuple[tuple[Reason, Callable[[Standing], bool]], ...] = (
    ("not_owner", lambda it: not it.is_owner),
    ("last_owner", lambda it: it.is_needed and it.role == "owner" and it.new_role != "owner"),
    ("elsewhere", lambda it: it.is_elsewhere and it.new_role not in (None, it.role)),
    ("unconfirmed", lambda it: it.is_self and not it.confirmed),
)
"""
Why a change is refused, the first reason first.

A role holds in every store of a person: so it is changed only by an owner of all of them.
"""


class PersonKept(Fault):
    """A person is not changed, by one of REFUSALS."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def refusal(standing: Standing) -> Reason | None:
    """Return why a change is refused, or None."""
    return next((reason for reason, applies in REFUSALS if applies(standing)), None)
