"""Each form of the pages of a sandbox makes its entry in the audit log of the namespace."""

import pytest
from sandbox.conftest import SandboxWorld
from sandbox.desks import owner_of, world_of

from sijill.audit.model import Entry
from sijill.audit.search import EntryFilter
from sijill.audit.table import new_head
from sijill.sandbox.console.rows import ROWS
from sijill.stores.model import SHOP

pytestmark = pytest.mark.proves(
    "who moves the clock of a sandbox, changes its faults or snapshots, or resets it on a page is "
    "in the audit log"
)

SNAPSHOT = ("/snapshots", {"snapshot": "a"})
RULE = (
    "/faults",
    {"op": "customers.details", "kind": "status", "status": "503", "phase": "before"},
)
Form = tuple[str, dict[str, str]]

FORMS: dict[str, tuple[tuple[Form, ...], Form, str]] = {
    "/clock/advance": ((), ("/clock/advance", {"step": "1h"}), "clock"),
    "/clock/set": ((), ("/clock/set", {"at": "2040-03-01T10:00"}), "clock"),
    "/clock/freeze": ((), ("/clock/freeze", {}), "clock"),
    "/clock/resume": ((), ("/clock/resume", {}), "clock"),
    "/reset": ((), ("/reset", {"confirmed": "yes"}), "rows"),
    "/snapshots": ((), SNAPSHOT, "snapshots"),
    "/snapshots/load": ((SNAPSHOT,), ("/snapshots/load", {"snapshot": "a"}), "rows"),
    "/snapshots/delete": ((SNAPSHOT,), ("/snapshots/delete", {"snapshot": "a"}), "snapshots"),
    "/faults": ((), RULE, "faults"),
    "/faults/clear": ((RULE,), ("/faults/clear", {}), "faults"),
    "/faults/{fault}/remove": ((RULE,), ("/faults/1/remove", {}), "faults"),
}
"""The forms that are sent before, the form, and the field of its entry, by paths of the table."""

REFUSED: tuple[Form, ...] = (
    ("/clock/advance", {"step": "9y"}),
    ("/clock/set", {"at": "soon"}),
    ("/reset", {}),
    ("/snapshots", {"snapshot": ""}),
    ("/snapshots/load", {"snapshot": "none"}),
    ("/snapshots/delete", {"snapshot": "none"}),
    ("/faults", RULE[1] | {"times": "-1"}),
)


def noted(sandbox: SandboxWorld) -> list[Entry]:
    audit = world_of(sandbox).register.audit

    async def read() -> list[Entry]:
        await audit.seal(new_head())
        return [one async for one in audit.entries(EntryFilter(action="sandbox.update"))]

    return sandbox.run(read())


def test_every_form_is_in_the_table() -> None:
    paths = {row.path.partition("/sandbox")[2] for row in ROWS if row.method == "POST"}
    assert paths == FORMS.keys()


@pytest.mark.parametrize("path", FORMS)
def test_a_form_makes_one_entry_with_its_person(sandbox: SandboxWorld, path: str) -> None:
    before, (form, fields), field = FORMS[path]
    owner = owner_of(sandbox)
    for earlier, values in before:
        assert owner.post(f"/sandbox{earlier}", **values).status == 303
    count = len(noted(sandbox)) if field != "rows" else 0
    assert owner.post(f"/sandbox{form}", **fields).status == 303
    (entry,) = noted(sandbox)[count:]
    assert (entry.kind, entry.actor, entry.through) == ("person", owner.person.id, "page")
    assert (entry.store, entry.ids, entry.fields) == (SHOP.id, (SHOP.id,), (field,))
    assert entry.by == f"/_/console/{{store}}/sandbox{path}"


def test_a_form_that_is_refused_makes_none(sandbox: SandboxWorld) -> None:
    owner = owner_of(sandbox)
    for path, fields in REFUSED:
        owner.post(f"/sandbox{path}", **fields)
    assert noted(sandbox) == []
