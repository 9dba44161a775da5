"""Whatever is sealed moves to the newest key in small steps, while readers and writers go on."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from fixtures.databases import Run
from fixtures.events import APP, HOOK, OTHER, OTHER_APP, another, claim, happened, ready, settle
from fixtures.registers import STORE, rekey
from msgspec.structs import replace

from sijill.database import resealing
from sijill.database.key_file import KeyFile
from sijill.database.sealing import FixedKeys, Sealer, key_id
from sijill.register import Register
from sijill.webhooks.model import INSTALLS

pytestmark = pytest.mark.proves("a new key takes over everything sealed while requests go on")

OLD, NEW, LOST = bytes(32), bytes([1]) * 32, bytes([2]) * 32
TOLD = happened(1, app_id=APP.id, body=b'{"access_token":"an-access-token"}')
PUBLIC = happened(2)
BARE = another(101, headers=(), secret=None, strategy="none")
ELSEWHERE = another(102, store_id=OTHER.id, secret="a secret elsewhere")
INSTALL = another(103, event=INSTALLS)
HOOKS = (HOOK, BARE, ELSEWHERE, INSTALL)
HEARS = replace(APP, webhook_secret="whsec-of-the-app")


async def fill(register: Register, sealer: Sealer) -> None:
    """Seal a value of every kind."""
    rekey(register, sealer)
    await ready(register, *HOOKS)
    await register.apps.update(HEARS)
    for event in (TOLD, PUBLIC):
        await register.outbox.append(event)


async def all_is_readable(register: Register) -> bool:
    await settle(register)
    due = {one.event.id: one.event for one in await claim(register)}
    hooks = sorted(await register.webhooks.all(), key=lambda hook: hook.id)
    apps = await register.apps.all()
    return (due[TOLD.id], hooks, apps) == (TOLD, [*HOOKS], [HEARS, OTHER_APP])


def test_everything_sealed_moves_to_the_newest_key(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register, Sealer(OLD))
        before = await register.sealed.counts()
        assert before.keys() == {key_id(OLD)}
        rekey(register, Sealer(FixedKeys(OLD, NEW)))
        assert await register.sealed.reseal() == len(HOOKS) + 2
        assert await register.sealed.counts() == Counter({key_id(NEW): before.total()})
        assert await register.sealed.reseal() == 0
        rekey(register, Sealer(NEW))
        assert await all_is_readable(register)

    run(scenario)


def test_every_state_between_opens_under_both_keys(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "STEP", 1)

    async def scenario(register: Register) -> None:
        await fill(register, Sealer(OLD))
        rekey(register, Sealer(FixedKeys(OLD, NEW)))
        read, seen = register.driver.all, []

        async def reads(name, *args):
            if name.startswith("stale_"):  # between two steps
                seen.append(await register.sealed.counts())
                hooks = await register.webhooks.all()
                assert {hook.secret for hook in hooks} == {hook.secret for hook in HOOKS}
                assert HEARS in await register.apps.all()
            return await read(name, *args)

        with monkeypatch.context() as patch:
            patch.setattr(register.driver, "all", reads)
            await register.sealed.reseal()
        left = [counts[key_id(OLD)] for counts in seen]
        assert left == sorted(left, reverse=True)
        assert left[-1] == 0
        assert len(set(left)) == len(HOOKS) + 3, "a row at a time"
        assert await all_is_readable(register)

    run(scenario)


def test_writers_go_on_during_a_rotation_and_nothing_of_theirs_is_lost(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "STEP", 1)
    ring = KeyFile(tmp_path / "secret.key")

    async def scenario(register: Register) -> None:
        await fill(register, Sealer(ring))
        for number in range(200, 240):
            await register.webhooks.subscribe(another(number, secret=f"secret {number}"))
        ring.add()

        async def work() -> None:
            for number in range(200, 240):
                secret = f"secret {number} changed"
                await register.webhooks.change(
                    STORE.id, APP.id, number, lambda hook, s=secret: replace(hook, secret=s)
                )

        moved, _ = await asyncio.gather(register.sealed.reseal(), work())
        assert moved > 0
        await register.sealed.reseal()
        ring.keep_newest()
        assert (await register.sealed.counts()).keys() == {key_id(ring.newest())}
        rekey(register, Sealer(KeyFile(tmp_path / "secret.key")))
        found = {hook.id: hook.secret for hook in await register.webhooks.all()}
        assert {found[number] for number in range(200, 240)} == {
            f"secret {number} changed" for number in range(200, 240)
        }

    run(scenario)


def test_a_value_under_a_lost_key_stays_and_holds_up_no_other(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await fill(register, Sealer(OLD))
        rekey(register, Sealer(LOST))
        await register.webhooks.subscribe(another(50, secret="of a lost key"))
        rekey(register, Sealer(FixedKeys(OLD, NEW)))
        assert await register.sealed.reseal() == len(HOOKS) + 2
        counts = await register.sealed.counts()
        assert counts[key_id(LOST)] == 2
        assert counts[key_id(OLD)] == 0
        rekey(register, Sealer(LOST))
        assert (await register.webhooks.find(50)).secret == "of a lost key"

    run(scenario)


def test_a_row_that_goes_away_meanwhile_is_passed_over(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(register: Register) -> None:
        await fill(register, Sealer(OLD))
        rekey(register, Sealer(FixedKeys(OLD, NEW)))
        read = register.driver.all

        async def reads(name, *args):
            found = await read(name, *args)
            if name == "stale_webhooks" and found:
                url = HOOK.url
                await register.webhooks.unsubscribe(STORE.id, APP.id, webhook_id=None, url=url)
            return found

        with monkeypatch.context() as patch:
            patch.setattr(register.driver, "all", reads)
            assert await register.sealed.reseal() == len(HOOKS) + 1
        assert (await register.sealed.counts()).keys() == {key_id(NEW)}
        assert HOOK.id not in {hook.id for hook in await register.webhooks.all()}

    run(scenario)
