"""How much of the webhooks of a store waits, was given up, or is paused."""

from datetime import timedelta

from fixtures.databases import Run
from fixtures.events import HOOK, HOUR, OTHER, another, claim, happened, ready, settle
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.register import Register
from sijill.webhooks.model import INSTALLS, AttemptResult
from sijill.webhooks.queue import Queue, queue_of

DEAD = AttemptResult("dead", 503, None, NOW, "failing")
MINUTE = timedelta(minutes=1)


def test_a_store_without_webhooks_has_an_empty_queue(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        assert await queue_of(register.driver, STORE.id, 9) == Queue(0, 0, 0, 0, 0, None)

    run(scenario)


def test_the_queue_is_that_of_one_store_and_counts_up_to_a_limit(run: Run) -> None:
    async def scenario(register: Register) -> None:
        installs = another(102, event=INSTALLS)
        await ready(register, HOOK, another(101, store_id=OTHER.id), installs)
        for number in range(5):
            await register.outbox.append(happened(number))
            await register.outbox.append(replace(happened(10 + number), store_id=OTHER.id))
            await settle(register, NOW + number * MINUTE)
        assert await queue_of(register.driver, STORE.id, 9) == Queue(1, 0, 0, 5, 0, NOW)
        assert await queue_of(register.driver, STORE.id, 3) == Queue(1, 0, 0, 3, 0, NOW)
        mine = [due for due in await claim(register, NOW + HOUR) if due.webhook.id == HOOK.id]
        for due in mine[:2]:
            await register.deliveries.finish(due, DEAD, NOW, NOW)
        found = await queue_of(register.driver, STORE.id, 9)
        assert (found.webhooks, found.paused, found.waiting, found.failed) == (1, 1, 3, 2)
        assert await queue_of(register.driver, OTHER.id, 9) == Queue(1, 0, 0, 5, 0, NOW)

    run(scenario)
