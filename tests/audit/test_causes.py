"""The cause of changes: every table of a register has it, whenever the table was made."""

import asyncio
from functools import cached_property

import pytest

from sijill.audit.causes import operator
from sijill.audit.changes import Audited
from sijill.register import Register, open_register

CAUSE = operator("store create")
TABLES = [name for name, made in vars(Register).items() if isinstance(made, cached_property)]


async def audited(*, early: bool) -> list[Audited]:
    register = await open_register("sqlite://:memory:")
    try:
        if early:
            assert all(getattr(register, name) for name in TABLES)
        register.act_as(CAUSE)
        made = [getattr(register, name) for name in TABLES]
    finally:
        await register.close()
    return [table for table in made if isinstance(table, Audited)]


@pytest.mark.parametrize("early", [True, False])
def test_the_tables_of_a_register_act_as_its_cause(early: bool) -> None:
    tables = asyncio.run(audited(early=early))
    assert len(tables) >= 16
    assert {table._cause for table in tables} == {CAUSE}
