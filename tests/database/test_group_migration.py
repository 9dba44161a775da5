"""Groups come to a database that knew them as ids alone, and nothing is lost."""

import asyncio

from fixtures.databases import SECONDS
from fixtures.registers import NOW

from sijill.database.migrate import migrate, migrations
from sijill.register import Register, open_register

BEFORE = """
INSERT INTO stores VALUES
  (1, 'One', NULL, 'documented', 'Asia/Riyadh', 'ar', 'SAR', '', '', '', ''),
  (2, 'Two', NULL, 'documented', 'Asia/Riyadh', 'en', 'SAR', '', '', '', ''),
  (3, 'Empty', NULL, 'documented', 'Asia/Riyadh', 'en', 'SAR', '', '', '', '');
INSERT INTO customers (
  store_id, id, first_name, last_name, mobile_code, email, avatar, city, country, country_code,
  currency, location, lang, created_at, updated_at
) VALUES
  (1, 5, '', '', '', '', '', '', '', '', '', '', '', 0, 0),
  (1, 6, '', '', '', '', '', '', '', '', '', '', '', 0, 0),
  (2, 5, '', '', '', '', '', '', '', '', '', '', '', 0, 0);
INSERT INTO memberships (store_id, customer_id, group_id) VALUES
  (1, 5, 11323141), (1, 5, 9223372036854775807), (1, 6, 11323141), (2, 5, 7)
"""


async def names(register: Register, store_id: int) -> list[str]:
    page = await register.groups.page(store_id, offset=0, limit=9)
    return sorted(group.name for group in page.groups)


def test_each_store_gets_a_default_group_and_one_for_every_id(url: str) -> None:
    async def scenario() -> None:
        register = await open_register(url)
        steps = [step for step in migrations(register.driver.dialect) if step.version <= 2]
        await migrate(register.driver, NOW, steps)
        await register.driver.write(lambda transaction: transaction.script(BEFORE))
        await register.schema.migrate(NOW)
        assert await names(register, 1) == ["11323141", str(2**63 - 1), "المجموعة الافتراضية"]
        assert await names(register, 2) == ["7", "Default"]
        assert await names(register, 3) == ["Default"]
        ids = {(await register.groups.find(store_id)).id for store_id in (1, 2, 3)}
        assert len(ids) == 3
        assert all(0 < group_id < 2**31 for group_id in ids)
        assert (await register.customers.find(1, 5)).groups == (11323141, 2**63 - 1)
        assert (await register.customers.find(2, 5)).groups == (7,)
        await register.groups.delete(1, 11323141)
        assert (await register.customers.find(1, 6)).groups == ()
        await register.close()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))
