"""The deliveries that an app may look at: its own, in one store, on every database."""

from fixtures.databases import Run
from fixtures.events import APP, HOOK, OTHER, OTHER_APP, SECOND, another, happened, ready
from fixtures.registers import NOW, STORE

from sijill.register import Register
from sijill.webhooks.events import UPDATED


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
