"""The deliveries that an app may look at: its own, in one store, on every database."""

import asyncio
import re
from typing import get_args

import asyncpg
import pytest
from fixtures.databases import Run
from fixtures.events import APP, HOOK, HOUR, OTHER, OTHER_APP, SECOND, another, happened, ready
from fixtures.registers import NOW, STORE, opened

from sijill.database.sql import statements
from sijill.register import SQL_LISTS, Register
from sijill.webhooks.events import EVENTS, UPDATED
from sijill.webhooks.model import INSTALLS, AttemptResult, ClaimedDelivery, DeliveryDetail, State
from sijill.webhooks.places import Places


def test_an_apps_deliveries_are_its_own_newest_first_and_chosen_by_event_and_state(
    run: Run,
) -> None:
    async def scenario(register: Register) -> None:
        theirs = another(101, app_id=OTHER_APP.id)
        elsewhere = another(102, store_id=OTHER.id)
        await ready(register, HOOK, theirs, elsewhere, another(103, event=UPDATED))
        told = [happened(1), happened(2, name=UPDATED), happened(3), happened(4, store_id=OTHER.id)]
        for number, event in enumerate(told):
            await register.outbox.append(event)
            await register.outbox.sequence_events(
                lambda hook, event: True, NOW + number * SECOND, 9
            )

        async def ids(event: str = "", state: str = "", limit: int = 9) -> list[str]:
            kept = await register.deliveries.of_app(
                STORE.id, APP.id, event=event, state=state, limit=limit
            )
            assert all(one.delivery.event_id == one.event.id for one in kept)
            assert all(one.delivery.webhook_id == one.webhook.id for one in kept)
            assert {one.webhook.app_id for one in kept} <= {APP.id}
            return [one.event.id for one in kept]

        assert await ids() == ["evt_0003", "evt_0002", "evt_0001"]
        assert await ids(limit=1) == ["evt_0003"]
        assert await ids(event=UPDATED) == ["evt_0002"]
        assert await ids(state="pending") == ["evt_0003", "evt_0002", "evt_0001"]
        assert await ids(state="dead") == []

    run(scenario)


def test_the_newest_of_all_webhooks_states_and_moments_come_first(run: Run) -> None:
    """Whatever the limit: as if all were sorted, many of them as old as each other."""
    states = get_args(State)

    async def scenario(register: Register) -> None:
        hooks = [HOOK, another(101), another(102, event=UPDATED)]
        await ready(register, *hooks)
        for number in range(24):
            await register.outbox.append(happened(number, name=(HOOK.event, UPDATED)[number % 2]))
            if number % 4 == 3:
                at = NOW + number // 8 * SECOND
                await register.outbox.sequence_events(lambda hook, event: True, at, 99)
        (everything, named) = [
            await register.deliveries.of_app(STORE.id, APP.id, event=name, state="", limit=500)
            for name in ("", UPDATED)
        ]
        assert len(everything) > len(named) > 10
        for turn, due in enumerate(await claimed(register)):
            result = AttemptResult(states[turn % len(states)], None, None, NOW)
            await register.deliveries.finish(due, result, NOW)
        kept = await register.deliveries.of_app(STORE.id, APP.id, "", "", 500)
        assert keys(kept) == keys(everything)
        assert {detail.delivery.state for detail in kept} == set(states)
        for state in ("", *states):
            for event in ("", HOOK.event, UPDATED):
                expected = [
                    key
                    for key, detail in zip(keys(kept), kept, strict=True)
                    if state in ("", detail.delivery.state) and event in ("", detail.event.name)
                ]
                for limit in (1, 2, 5, 500):
                    found = await register.deliveries.of_app(STORE.id, APP.id, event, state, limit)
                    assert keys(found) == expected[:limit]

    run(scenario)


MANY = 20_000

FILL = f"""
INSERT INTO events (id, store_id, position, name, at, body)
SELECT 'evt_' || i, {STORE.id}, i, '{HOOK.event}', i, '' FROM generate_series(1, {MANY}) AS i;
INSERT INTO deliveries (store_id, webhook_id, event_id, event, state, created_at, next_at)
SELECT store_id, {HOOK.id}, id, name, 'done', at, at FROM events
"""


@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_postgres_reads_few_deliveries_whether_it_knows_the_tables_or_not(
    migrated_postgres_url: str, mode: str
) -> None:
    async def scenario() -> None:
        async with opened(migrated_postgres_url) as register:
            await ready(register, HOOK)
        connection = await asyncpg.connect(migrated_postgres_url)
        try:
            await connection.execute(FILL)
            await connection.execute(f"SET plan_cache_mode = {mode}")
            text = statements("postgres", SQL_LISTS)["deliveries_of_app"]
            types = "BIGINT, BIGINT, TEXT, TEXT, TEXT, BIGINT"
            for known in (False, True):
                if known:
                    await connection.execute("ANALYZE")
                await connection.execute(f"PREPARE asked{known} ({types}) AS {text}")
                for event in ("", *EVENTS):
                    args = f"{STORE.id}, {APP.id}, '{INSTALLS}', '{event}', '', 10"
                    rows = await connection.fetch(
                        f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) EXECUTE asked{known}({args})"
                    )
                    plan = "\n".join(row[0] for row in rows)
                    assert max(map(int, re.findall(r"shared hit=(\d+)", plan))) < 500, plan
        finally:
            await connection.close()

    asyncio.run(scenario())


async def claimed(register: Register) -> list[ClaimedDelivery]:
    due: list[ClaimedDelivery] = []
    while more := await register.deliveries.claim(NOW + HOUR, NOW + 2 * HOUR, Places()):
        due += more
    return due


def keys(details: list[DeliveryDetail]) -> list[tuple[int, str]]:
    return [(detail.delivery.webhook_id, detail.event.id) for detail in details]
