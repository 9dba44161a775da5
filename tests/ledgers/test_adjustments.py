"""The ledgers' migration, which explains points that were there before, and their statements."""

import asyncio
import re

import pytest
from fixtures.registers import NOW

from sijill.database.driver import Transaction
from sijill.database.migrate import migrate, migrations
from sijill.database.sql import Dialect, statements
from sijill.ledgers.loyalty import PointsEntry
from sijill.register import open_register

LEDGERS = 6

BEFORE = """
INSERT INTO stores (id, name, profile, timezone, locale, currency, customer_url, admin_url,
  avatar_male, avatar_female)
VALUES (1, 'Demo', 'documented', 'Asia/Riyadh', 'ar', 'SAR', '', '', '', '');
INSERT INTO customers (store_id, id, first_name, last_name, mobile_code, email, avatar, city,
  country, country_code, currency, location, lang, created_at, updated_at, total_points)
VALUES (1, 5, '', '', '', '', '', '', '', '', '', '', '', 0, {updated_at}, 21),
  (1, 6, '', '', '', '', '', '', '', '', '', '', '', 0, 0, 0);
"""


def test_points_that_were_there_before_the_ledger_are_its_first_line(url: str) -> None:
    updated_at = int(NOW.timestamp() * 1_000_000)

    async def fill(transaction: Transaction) -> None:
        await transaction.script(BEFORE.format(updated_at=updated_at))

    async def scenario() -> None:
        register = await open_register(url)
        try:
            steps = migrations(register.driver.dialect)
            before = [step for step in steps if step.version < LEDGERS]
            await migrate(register.driver, NOW, before)
            await register.driver.write(fill)
            await register.schema.migrate(NOW)
            page = await register.loyalty.page(1, 5, offset=0, limit=10)
            assert page.entries == [PointsEntry(1, 21, "", NOW)]
            assert (await register.loyalty.page(1, 6, offset=0, limit=10)).entries == []
        finally:
            await register.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_every_ledger_in_a_statement_is_bound_to_the_store(dialect: Dialect) -> None:
    found = 0
    for name, text in statements(dialect).items():
        ledgers = len(re.findall(r"\b(?:FROM|JOIN) (?:wallet|loyalty)_entries\b", text))
        assert len(re.findall(r"store_id = [$?ceno]", text)) >= ledgers, name
        found += ledgers
    assert found > 5
