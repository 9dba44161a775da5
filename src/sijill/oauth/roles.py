"""The roles of people, and what each may do: a table and one pure decision."""

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["viewer", "support", "owner"]

Permission = Literal[
    "consent",
    "view_masked",
    "reveal",
    "change_customers",
    "export",
    "import",
    "redeliver",
    "manage_apps",
    "manage_people",
    "view_audit",
    "manage_mirror",
    "use_sandbox",
    "view_server",
]

ROLES: tuple[Role, ...] = get_args(Role)

MAY: Mapping[Permission, tuple[Role, ...]] = {
    "consent": ("owner",),
    "view_masked": ("viewer", "support", "owner"),
    "reveal": ("support", "owner"),
    "change_customers": ("support", "owner"),
    "export": ("owner",),
    "import": ("owner",),
    "redeliver": ("support", "owner"),
    "manage_apps": ("owner",),
    "manage_people": ("owner",),
    "view_audit": ("owner",),
    "manage_mirror": ("owner",),
    "use_sandbox": ("owner",),
    "view_server": ("owner",),
}
"""
Which roles may do what.

`consent` is to let an app into a store; `view_masked` shows names, mobiles and e-mails as
`values.masking` writes them, `reveal` shows them whole, for a reason of the audit log;
`manage_mirror` pauses a copy of another store and lets it go on;
`use_sandbox` moves the clock, the faults and the rows of a namespace.
`view_server` shows the versions and sizes of the server beside its state.
"""


def may(role: Role, permission: Permission) -> bool:
    """Return whether people of a role may do something."""
    return role in MAY[permission]
