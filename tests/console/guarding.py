"""What the guard of the console holds of each row of a table: one function for each promise."""

from collections.abc import Sequence

from fixtures.browsing import Browser
from fixtures.world import World

from console.desks import Seat, named, path_of, seat
from sijill.console.routes import Row
from sijill.oauth.roles import MAY, Role


def leads_a_stranger_to_sign_in(world: World, row: Row) -> None:
    browser, path = Browser(world), path_of(row, world.store.id)
    answer = browser.head(path) if row.method == "GET" else browser.post(path, {})
    assert answer.status == 303
    assert answer.headers["location"].startswith("/_/login?onward=%2F_%2Fconsole")


def hides_stores_of_others(owner: Seat, row: Row, stores: Sequence[int | str]) -> None:
    for store in stores:
        path = path_of(row, store)
        answer = owner.browser.head(path) if row.method == "GET" else owner.browser.post(path, {})
        assert answer.status == 404, (store, answer.body)


def lets_a_role_past_its_rows_alone(world: World, role: Role, rows: Sequence[Row]) -> None:
    person = seat(world, role)
    for row in rows:
        path = path_of(row, world.store.id)
        if row.method == "GET":
            status = person.browser.head(path).status
        else:
            status = person.browser.post(path, {"token": person.token}).status
        if role in MAY[row.permission]:
            assert status not in (401, 403, 405, 500), (named(row), status)
        else:
            assert status == 403, (named(row), status)


def refuses_a_form_without_its_token(owner: Seat, row: Row) -> None:
    path = path_of(row, owner.world.store.id)
    for fields in ({}, {"token": ""}, {"token": "0" * 64}):
        assert owner.browser.post(path, fields).status == 403, fields


def refuses_a_form_from_another_site(owner: Seat, row: Row) -> None:
    path, fields = path_of(row, owner.world.store.id), {"token": owner.token}
    elsewhere = {"origin": "https://evil.example"}
    assert owner.browser.post(path, fields, **elsewhere).status == 403
    assert owner.browser.post(path, fields, sec_fetch_site="cross-site").status == 403
