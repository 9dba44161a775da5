"""OAuth comes to a database that knew apps and tokens alone, and nothing is lost."""

import asyncio
from datetime import timedelta

from fixtures.databases import SECONDS
from fixtures.oauth_rows import CLAIM, CODE, CONSENT, OWNER, PASSWORD, lives, pair
from fixtures.registers import NOW, STORE

from sijill.database.columns import micros
from sijill.database.driver import Driver, Transaction
from sijill.database.migrate import migrate, migrations
from sijill.oauth.apps import App
from sijill.oauth.tokens import Grant, TokenInfo, digest
from sijill.register import open_register

BEFORE = """
INSERT INTO stores VALUES
  (1, 'Demo', NULL, 'documented', 'Asia/Riyadh', 'ar', 'SAR', '', '', '', '');
INSERT INTO apps (id, name, created_at, wallets) VALUES (7, 'Loyalty', {now}, TRUE);
INSERT INTO apps (id, name, created_at, wallets) VALUES (2147483647, 'Reader', {now}, FALSE);
INSERT INTO tokens VALUES
  ({one}, 3, 1, 7, 'customers.read metadata.read', 'a1b2', {now}, {later}, NULL),
  ({two}, 4, 1, 2147483647, 'customers.read_write', 'c3d4', {now}, NULL, {later})
"""

LATER = NOW + timedelta(days=1)
APPS = [
    App(7, "Loyalty", NOW, client_id="7"),
    App(2147483647, "Reader", NOW, wallets=False, client_id="2147483647"),
]
TOKENS = [
    TokenInfo(3, 1, 7, frozenset({"customers.read", "metadata.read"}), "a1b2", NOW, LATER, None),
    TokenInfo(4, 1, 2147483647, frozenset({"customers.read_write"}), "c3d4", NOW, None, LATER),
]


async def fill(driver: Driver) -> None:
    """Bring a database to the version before OAuth, and keep something in it."""
    steps = migrations(driver.dialect)
    assert steps[6].name == "0007_oauth"
    await migrate(driver, NOW, steps[:6])

    def literal(token: str) -> str:
        hexed = digest(token).hex()
        return f"'\\x{hexed}'" if driver.dialect == "postgres" else f"x'{hexed}'"

    values = {"now": micros(NOW), "later": micros(LATER)}
    text = BEFORE.format(**values, one=literal("one"), two=literal("two"))

    async def work(transaction: Transaction) -> None:
        await transaction.script(text)

    await driver.write(work)


def test_apps_and_tokens_from_before_oauth_are_kept(url: str) -> None:
    async def scenario() -> None:
        register = await open_register(url)
        await fill(register.driver)
        assert (await register.schema.migrate(NOW))[0] == "0007_oauth"
        assert await register.apps.all() == APPS
        for app in APPS:
            assert await register.apps.find_client(str(app.id)) == app
        assert await register.tokens.all() == TOKENS
        assert await register.tokens.grant(digest("one")) == Grant(
            3, 7, STORE, TOKENS[0].scopes, LATER.timestamp(), revoked=False
        )
        grant = await register.tokens.grant(digest("two"))
        assert grant is not None
        assert (grant.revoked, grant.wallets) == (True, False)
        assert await register.installs.all() == []
        assert await register.owners.all() == []
        await register.close()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_an_app_from_before_oauth_can_be_authorized(url: str) -> None:
    async def scenario() -> None:
        register = await open_register(url)
        await fill(register.driver)
        await register.schema.migrate(NOW)
        await register.owners.create(OWNER, PASSWORD, [STORE.id])
        await register.grants.authorize(CONSENT, CODE)
        issued = await register.grants.exchange(CODE.digest, CLAIM, pair())
        assert await lives(register, issued.pair.access)
        assert await lives(register, "one")
        await register.installs.uninstall(STORE.id, 7, NOW)
        assert not await lives(register, "one")
        await register.close()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))
