"""The guard of the console: every row of its table, for each role, store and forgery."""

import re

import pytest
from fixtures.tables import rows
from fixtures.world import World

from console.desks import ABSENT, FORMS, Seat, named, path_of, seat
from console.guarding import (
    hides_stores_of_others,
    leads_a_stranger_to_sign_in,
    lets_a_role_past_its_rows_alone,
    refuses_a_form_from_another_site,
    refuses_a_form_without_its_token,
)
from sijill.console.routes import ROWS, Row
from sijill.customers.examples import AHMED
from sijill.oauth.roles import ROLES, Role

WHOLE = f"/customers/{AHMED.id}"
PAGES = tuple(row for row in ROWS if row.method == "GET")

pytestmark = pytest.mark.proves(
    "every page and form of the console lets in the people of its store whose role permits it"
)


@rows("row", ROWS, map(named, ROWS))
def test_a_stranger_is_led_to_the_form_to_sign_in_and_back(world: World, row: Row) -> None:
    leads_a_stranger_to_sign_in(world, row)


@rows("row", [row for row in ROWS if "{store}" in row.path])
def test_the_store_of_others_is_an_absent_one(world: World, owner: Seat, row: Row) -> None:
    hides_stores_of_others(owner, row, (world.other_store.id, 123, "x", "0"))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_past_the_rows_that_it_may_and_no_others(world: World, role: Role) -> None:
    lets_a_role_past_its_rows_alone(world, role, ROWS)


@rows("row", FORMS, map(named, FORMS))
def test_a_form_without_the_token_of_its_page_is_refused(owner: Seat, row: Row) -> None:
    refuses_a_form_without_its_token(owner, row)


@rows("row", FORMS, map(named, FORMS))
def test_a_form_from_another_site_is_refused(owner: Seat, row: Row) -> None:
    refuses_a_form_from_another_site(owner, row)


@rows("row", FORMS, map(named, FORMS))
def test_the_address_of_a_form_has_a_page_or_leads_to_the_one_above(owner: Seat, row: Row) -> None:
    store = owner.world.store.id
    path, pages = path_of(row, store), {path_of(page, store) for page in PAGES}
    if path not in pages:
        answer = owner.browser.get(path)
        assert answer.status == 303
        above = answer.headers["location"]
        assert above in pages
        assert path.startswith(above)


def test_no_page_is_framed_or_kept_and_no_script_but_the_file_of_the_console_runs(
    owner: Seat,
) -> None:
    framed = {"frame-ancestors 'none'", "default-src 'none'", "base-uri 'none'"}
    scripts = {"script-src 'self'", "require-trusted-types-for 'script'"}
    shown = 0
    for row in PAGES:
        if row.path.endswith("/live"):
            continue
        path = path_of(row, owner.world.store.id).replace(f"/customers/{ABSENT}", WHOLE)
        page = owner.browser.get(path, host="evil.example", x_forwarded_host="evil.example")
        assert page.headers["cache-control"] == "no-store", path
        assert b"evil.example" not in page.body, path
        if page.status == 303:
            continue
        rules = set(page.headers["content-security-policy"].split("; "))
        assert framed <= rules, path
        assert page.headers["x-frame-options"] == "DENY", path
        assert page.headers["x-content-type-options"] == "nosniff", path
        assert page.headers["referrer-policy"] == "same-origin", path
        told = re.findall(rb"<script[^>]*>(.*?)</script>", page.body, re.DOTALL)
        assert not any(told), path
        assert not re.search(rb"<[^>]+\s(on[a-z]+|style)\s*=", page.body), path
        assert scripts <= rules or not told, path
        shown += page.status == 200
    assert shown > 15


def test_a_person_whose_role_was_changed_has_the_new_one_at_once(world: World) -> None:
    person = seat(world, "owner")
    world.run(world.register.people.set_role(person.person.id, "viewer"))
    assert b"Viewer" in person.get(accept_language="en").body


def test_a_suspended_person_is_signed_out(world: World) -> None:
    person = seat(world, "owner")
    world.run(world.register.people.suspend(person.person.id, world.moment))
    assert person.get().status == 303


def test_a_person_without_a_store_is_told_so(world: World) -> None:
    person = seat(world, "owner")
    world.run(world.register.people.update(person.person, []))
    assert person.browser.get("/_/console").headers["location"] == "/_/login"


def test_the_console_leads_to_the_only_store_and_else_asks(world: World) -> None:
    person = seat(world, "owner")
    assert person.browser.get("/_/console").headers["location"] == person.at()
    both = [world.store.id, world.other_store.id]
    world.run(world.register.people.update(person.person, both))
    answer = person.browser.get("/_/console")
    assert answer.status == 200
    for store_id in both:
        assert f'href="/_/console/{store_id}"'.encode() in answer.body
