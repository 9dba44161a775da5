"""The guard of the console on the rows that a sandbox adds: each role, store and forgery."""

import pytest
from console.desks import named
from console.guarding import (
    hides_stores_of_others,
    leads_a_stranger_to_sign_in,
    lets_a_role_past_its_rows_alone,
    refuses_a_form_from_another_site,
    refuses_a_form_without_its_token,
)
from fixtures.tables import rows
from sandbox.conftest import SandboxWorld
from sandbox.desks import owner_of, world_of

from sijill.console.routes import ROWS as OWN
from sijill.console.routes import Row
from sijill.oauth.roles import ROLES, Role
from sijill.sandbox.console.rows import ROWS
from sijill.sandbox.routing import shared_router

pytestmark = pytest.mark.proves(
    "every page and form that a sandbox adds to the console lets in owners of its store alone"
)

FORMS = tuple(row for row in ROWS if row.method == "POST")


def test_every_route_for_people_is_in_one_of_the_tables() -> None:
    routes = [one for one in shared_router().routes if one.permission is not None]
    assert sorted((one.method, one.path) for one in routes) == sorted(
        (row.method, row.path) for row in (*OWN, *ROWS)
    )


@rows("row", ROWS, map(named, ROWS))
def test_a_stranger_is_led_to_the_form_to_sign_in(sandbox: SandboxWorld, row: Row) -> None:
    leads_a_stranger_to_sign_in(world_of(sandbox), row)


def test_the_store_of_others_is_an_absent_one(sandbox: SandboxWorld) -> None:
    owner = owner_of(sandbox)
    for row in ROWS:
        hides_stores_of_others(owner, row, (123, "x", "0"))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_past_the_rows_that_it_may(sandbox: SandboxWorld, role: Role) -> None:
    lets_a_role_past_its_rows_alone(world_of(sandbox), role, ROWS)


def test_a_forged_form_is_refused(sandbox: SandboxWorld) -> None:
    owner = owner_of(sandbox)
    for row in FORMS:
        refuses_a_form_without_its_token(owner, row)
        refuses_a_form_from_another_site(owner, row)
