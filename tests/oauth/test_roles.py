"""What people of each role may do: the whole table, and the pages that obey it."""

from typing import get_args

import pytest
from fixtures.browsing import Browser
from fixtures.databases import Run
from fixtures.oauth import EMAIL, PASSWORD, Scene, scene
from fixtures.oauth_rows import OWNER
from fixtures.oauth_rows import PASSWORD as HASHED
from fixtures.registers import NOW, STORE
from fixtures.world import World
from msgspec.structs import replace

from sijill.errors import NotFound
from sijill.oauth.roles import MAY, ROLES, Permission, Role, may
from sijill.oauth.tokens import digest
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "a viewer and a support person do only what the table of roles says, and a suspended person "
    "is signed out everywhere and cannot sign in"
)

EXPECTED: dict[Permission, str] = {
    "consent": "  o",
    "view_masked": "vso",
    "reveal": " so",
    "change_customers": " so",
    "export": "  o",
    "import": "  o",
    "redeliver": " so",
    "manage_apps": "  o",
    "manage_people": "  o",
    "view_audit": "  o",
    "manage_mirror": "  o",
    "use_sandbox": "  o",
    "view_server": "  o",
}
"""By permission: the first letters of the roles that have it."""


def test_each_role_may_do_what_the_table_says_and_nothing_else() -> None:
    assert EXPECTED.keys() == MAY.keys() == {*get_args(Permission)}
    for permission, letters in EXPECTED.items():
        allowed = [may(role, permission) for role in ROLES]
        assert allowed == [letter != " " for letter in letters], permission


def test_a_higher_role_may_do_whatever_a_lower_one_may() -> None:
    for permission in MAY:
        allowed = [may(role, permission) for role in ROLES]
        assert allowed == sorted(allowed), permission


@pytest.fixture
def oauth(world: World) -> Scene:
    return scene(world)


@pytest.mark.parametrize("role", ["viewer", "support"])
def test_only_an_owner_lets_an_app_in(oauth: Scene, role: Role) -> None:
    oauth.sign_in()
    page = oauth.browser.get(oauth.ask())
    assert page.status == 200
    oauth.world.run(oauth.world.register.people.set_role(oauth.owner.id, role))
    refused = oauth.browser.get(oauth.ask())
    assert refused.status == 403
    assert (
        "Your role does not permit that"
        in oauth.browser.get(oauth.ask() + "&lang=en").body.decode()
    )
    fields = {"answer": "allow", "store": str(oauth.world.store.id)}
    assert oauth.browser.submit(page, "/oauth2/auth", fields).status == 403
    assert oauth.world.run(oauth.world.register.installs.all()) == []


def test_a_suspended_person_is_signed_out_and_cannot_sign_in(oauth: Scene) -> None:
    people, person = oauth.world.register.people, oauth.owner.id
    oauth.sign_in()
    other = Browser(oauth.world)
    assert other.sign_in(EMAIL, PASSWORD).status == 303
    oauth.world.run(people.suspend(person, oauth.world.moment))
    for browser in (oauth.browser, other):
        assert EMAIL not in browser.get("/_/login").body.decode()
    assert other.sign_in(EMAIL, PASSWORD).status == 403
    oauth.world.run(people.suspend(person, None))
    assert other.sign_in(EMAIL, PASSWORD).status == 303


def test_what_people_do_on_pages_is_in_the_audit_log(oauth: Scene) -> None:
    seen = len(oauth.world.audited())
    oauth.sign_in()
    oauth.code()
    signed_in, allowed = oauth.world.audited()[seen:]
    assert (signed_in.action, signed_in.ids, signed_in.by) == (
        *("person.sign_in", (oauth.owner.id,), "/_/login"),
    )
    assert (allowed.action, allowed.ids, allowed.by) == ("app.allow", (11,), "/oauth2/auth")
    assert allowed.store == oauth.world.store.id
    for entry in (signed_in, allowed):
        assert (entry.kind, entry.actor, entry.through) == ("person", oauth.owner.id, "page")


def test_roles_and_suspensions_are_kept_and_told_on_every_database(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(replace(OWNER, role="viewer"), HASHED, [STORE.id])
        await register.people.set_role(OWNER.id, "support")
        await register.sessions.open(digest("cookie"), OWNER.id, NOW)
        await register.people.suspend(OWNER.id, NOW)
        assert await register.sessions.find(digest("cookie")) is None
        assert await register.people.all() == [replace(OWNER, role="support", suspended_at=NOW)]
        await register.people.suspend(OWNER.id, None)
        await register.people.update(replace(OWNER, name="Other", role="owner"))
        assert await register.people.all() == [replace(OWNER, name="Other", role="support")]
        await register.people.set_password(OWNER.id, HASHED)
        await register.people.remove(OWNER.id)
        for change in (
            register.people.set_role(OWNER.id, "owner"),
            register.people.suspend(OWNER.id, NOW),
            register.people.remove(OWNER.id),
        ):
            with pytest.raises(NotFound):
                await change
        rows = await register.driver.all("lock_audit_entries", 99)
        assert len(rows) == 8
        assert not any("Other" in row[2] or OWNER.email in row[2] for row in rows)

    run(scenario, audit="changes")


def test_a_viewer_is_never_taken_for_the_owner_of_a_store(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(replace(OWNER, role="viewer"), HASHED, [STORE.id])
        assert await register.people.user_of(STORE.id, 1) is None
        await register.people.set_role(OWNER.id, "owner")
        assert (await register.people.user_of(STORE.id, 1)) == OWNER

    run(scenario)
