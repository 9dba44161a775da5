"""Every entry that the audit log can hold has its words on the pages that show it."""

from typing import get_args

from fixtures.tables import rows
from fixtures.world import World

from console.desks import Seat
from console.test_audit import text
from sijill.audit.actions import ACTIONS
from sijill.audit.causes import Cause, Kind, Through
from sijill.customers.examples import AHMED
from sijill.localized import Language

LANGUAGES: tuple[Language, ...] = ("ar", "en")
TIMELINE = f"/customers/{AHMED.id}/timeline"
OF_CUSTOMERS = [
    name for name, one in ACTIONS.items() if one.subject == "customer" and not one.is_view
]

CAUSES = [Cause(kind, 1, through=way) for kind in get_args(Kind) for way in get_args(Through)]


def note(world: World, action: str, cause: Cause) -> None:
    """Record one entry about the id of a customer, newer than every other."""
    world.clock.now += 1
    world.run(world.register.audit.note(cause, action, world.store.id, [AHMED.id], ["email"]))
    world.audited()


def entries(page: str) -> int:
    return page.count("<li><b>")


@rows("action", OF_CUSTOMERS)
def test_the_timeline_of_a_customer_shows_every_change(
    world: World, owner: Seat, action: str
) -> None:
    world.audited()
    before = entries(text(owner, TIMELINE))
    note(world, action, Cause("operator", through="cli", by="test"))
    for language in LANGUAGES:
        page = text(owner, TIMELINE, language)
        assert entries(page) == before + 1
        assert "<li><b></b>" not in page


@rows("action", ACTIONS)
def test_the_audit_page_and_the_overview_show_every_action(
    world: World, owner: Seat, action: str
) -> None:
    note(world, action, Cause("operator", through="cli", by="test"))
    for language in LANGUAGES:
        told = ACTIONS[action].sentence.render(language).removesuffix(".")
        assert f">{told}</td>" in text(owner, f"/audit?action={action}", language)
        assert (f"<li>{told}" in text(owner, "", language)) is not ACTIONS[action].is_view


@rows(
    "cause", [Cause(kind, 1, through=way) for kind in get_args(Kind) for way in get_args(Through)]
)
def test_every_page_says_who_did_it_and_how(world: World, owner: Seat, cause: Cause) -> None:
    note(world, "customer.update", cause)
    for language in LANGUAGES:
        for path in (TIMELINE, "/audit", ""):
            text(owner, path, language)
