"""Pages of the deliveries and of the webhooks of a store: no row twice, and none left out."""

from typing import Any

from fixtures.databases import Run
from fixtures.events import DONE, HOOK, HOUR, OTHER, SECOND, another, claim, happened, ready
from fixtures.registers import NOW, STORE

from sijill.register import Register
from sijill.webhooks.model import Delivery, Webhook
from sijill.webhooks.paging import place_of_delivery, place_of_webhook


def test_deliveries_behind_a_place_are_those_after_it_in_every_state(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        events = [happened(number) for number in range(9)]
        for first in range(0, 9, 3):  # three of each moment
            for event in events[first : first + 3]:
                await register.outbox.append(event)
            at = NOW + first * SECOND
            await register.outbox.sequence_events(lambda *_: True, at, 10, STORE.id)
        for due in (await claim(register, NOW + HOUR))[::2]:
            await register.deliveries.finish(due, DONE, NOW)
        states: Any = ("done", "pending")
        whole = await register.deliveries.of_webhook(HOOK, states, 100)
        assert [one.event_id for one in whole] == [f"evt_{n:04}" for n in range(8, -1, -1)]
        for size in (1, 2, 4):
            read: list[Delivery] = []
            page = await register.deliveries.of_webhook(HOOK, states, size)
            while page:
                read += page
                after = place_of_delivery(page[-1])
                page = await register.deliveries.of_webhook(HOOK, states, size, after)
            assert read == whole

    run(scenario)


def test_webhooks_behind_a_place_are_those_after_it(run: Run) -> None:
    hooks = [another(100 + n, created_at=NOW + n // 3 * SECOND) for n in range(7)]

    async def scenario(register: Register) -> None:
        await ready(register, *hooks, another(200, store_id=OTHER.id))
        read: list[Webhook] = []
        page = await register.webhooks.of_store(STORE.id, 2)
        while page:
            read += page
            page = await register.webhooks.of_store(STORE.id, 2, place_of_webhook(page[-1]))
        assert read == hooks[::-1]

    run(scenario)
