"""The deliveries that an app may look at: its own, in one store, on every database."""

from typing import get_args

from fixtures.databases import Run
from fixtures.events import APP, HOOK, HOUR, OTHER, OTHER_APP, SECOND, another, happened, ready
from fixtures.registers import NOW, STORE

from sijill.register import Register
from sijill.webhooks.events import UPDATED
from sijill.webhooks.model import AttemptResult, ClaimedDelivery, DeliveryDetail, State
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


async def claimed(register: Register) -> list[ClaimedDelivery]:
    due: list[ClaimedDelivery] = []
    while more := await register.deliveries.claim(NOW + HOUR, NOW + 2 * HOUR, Places()):
        due += more
    return due


def keys(details: list[DeliveryDetail]) -> list[tuple[int, str]]:
    return [(detail.delivery.webhook_id, detail.event.id) for detail in details]
