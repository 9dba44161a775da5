"""A lost key takes along the secrets sealed under it, and nothing else."""

from datetime import timedelta

from fixtures.databases import Run
from fixtures.events import HOOK, OTHER_APP, another, everything, happened, ready
from fixtures.registers import NOW, rekey
from msgspec.structs import replace

from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.register import Register
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.places import Places

LATER = NOW + timedelta(minutes=1)
HEARS = replace(OTHER_APP, webhook_url="https://mail.example/hooks", webhook_secret="s" * 16)


async def claim(register: Register) -> list[ClaimedDelivery]:
    return await register.deliveries.claim(NOW, LATER, Places())


def test_a_webhook_that_does_not_open_is_paused_and_holds_up_no_other(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        rekey(register, Sealer(bytes(KEY_BYTES)))
        await register.webhooks.subscribe(another(200))
        await register.outbox.append(happened(1))
        assert await register.outbox.sequence_events(everything, NOW, 10) == 1
        assert [due.webhook.id for due in await claim(register)] == [200]
        found = await register.deliveries.all()
        assert {(one.webhook_id, one.state) for one in found} == {
            (100, "pending"),
            (200, "pending"),
        }
        assert await claim(register) == []

    run(scenario)


def test_an_event_that_does_not_open_is_dead_and_holds_up_no_other(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        await register.outbox.append(
            replace(happened(1), name="app.installed", app_id=OTHER_APP.id)
        )
        rekey(register, Sealer(bytes(KEY_BYTES)))
        await register.installs.subscribe_app(HEARS, happened(1).store_id, NOW)
        await register.outbox.append(
            replace(happened(2), name="app.installed", app_id=OTHER_APP.id)
        )
        assert await register.outbox.sequence_events(everything, NOW, 10) == 2
        assert [due.event.id for due in await claim(register)] == ["evt_0002"]
        (dead,) = await register.deliveries.all(state="dead")
        assert (dead.event_id, dead.error) == ("evt_0001", "sealed")

    run(scenario)


def test_a_webhook_paused_for_its_key_goes_on_under_a_new_key(run: Run) -> None:
    async def scenario(register: Register) -> None:
        kept = register.apps._sealer
        await ready(register, HOOK)
        await register.outbox.append(happened(1))
        await register.outbox.sequence_events(everything, NOW, 10)
        rekey(register, Sealer(bytes(KEY_BYTES)))
        assert await claim(register) == []
        rekey(register, kept)
        assert (await register.webhooks.find(HOOK.id)).paused == "sealed"
        await register.webhooks.resume(HOOK.id)
        assert [due.event.id for due in await claim(register)] == ["evt_0001"]

    run(scenario)
