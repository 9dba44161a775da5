"""Tokens of linked stores: no refresh token is sent twice, even if an answer is lost."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fixtures.databases import Run
from fixtures.registers import STORE
from fixtures.templates import NOW
from hypothesis import given
from hypothesis import strategies as st
from mirror.accounts import Accounts, Mishap, accounts
from mirror.renewing import KEY

from sijill.database.resealing import SealedTable
from sijill.database.sealing import KEY_BYTES, FixedKeys, Sealer, Unsealable, key_id
from sijill.egress.message import Answered
from sijill.egress.sending import Sender
from sijill.errors import Unavailable
from sijill.mirror.model import MICROS, NeedsAuthorisation, UpstreamAway
from sijill.mirror.upstream import exchange as exchange_module
from sijill.mirror.upstream.exchange import Exchange
from sijill.mirror.upstream.model import PATIENCE, Issued, Link, Lost, decide, decide_refused
from sijill.mirror.upstream.shapes import Shape
from sijill.mirror.upstream.table import SEALED_LINKS, LinkTable
from sijill.mirror.upstream.tokens import Tokens
from sijill.register import Register
from sijill.removal import remove_store

pytestmark = pytest.mark.proves("no refresh token of a mirror is sent twice")

START = 1_800_000_000.0
LIFETIME = 1_209_600
KINDS = [pytest.param(True, id="old access lives"), pytest.param(False, id="old access dies")]


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


def link(**changes: object) -> Link:
    at = int(START * MICROS)
    first = Link(
        store_id=STORE.id,
        accounts="http://127.0.0.1:9",
        merchant=None,
        client_id="app",
        pair=1,
        received_at=at,
        expires_at=at + LIFETIME * MICROS,
        spent_at=None,
        client_secret="secret",
        webhook_secret=None,
        access="access-1",
        refresh="refresh-1",
    )
    return first._replace(**changes)


class Setting:
    """One process beside an upstream, and the clock of both."""

    def __init__(self, register: Register, server: Accounts) -> None:
        self.register, self.server, self.clock = register, server, Clock()
        self.links = register.mirror_links
        self.tokens = self.process()

    def process(self) -> Tokens:
        def sender() -> Sender:
            return Sender(local=True, timeout=10.0)

        return Tokens(self.links, Exchange(sender, self.clock), self.clock)

    async def access(self) -> str:
        return (await self.tokens.current(STORE.id)).access


@asynccontextmanager
async def beside(register: Register, *, lives: bool) -> AsyncIterator[Setting]:
    async with accounts(lives=lives) as server:
        setting = Setting(register, server)
        await setting.links.put(link(accounts=server.url))
        yield setting


def scenario(run: Run, lives: bool, work: Callable[[Setting], Awaitable[None]]) -> None:
    async def whole(register: Register) -> None:
        async with beside(register, lives=lives) as setting:
            await work(setting)

    run(whole)


@pytest.mark.parametrize("lives", KINDS)
def test_a_pair_is_renewed_at_half_of_its_life_and_not_before(run: Run, lives: bool) -> None:
    async def work(setting: Setting) -> None:
        setting.clock.now = START + LIFETIME / 2 - 1
        assert await setting.access() == "access-1"
        assert not setting.server.sent
        setting.clock.now += 1
        assert await setting.access() == "access-2"
        assert await setting.access() == "access-2"
        setting.clock.now += LIFETIME / 2
        assert await setting.access() == "access-3"
        assert setting.server.sent == {"refresh-1": 1, "refresh-2": 1}

    scenario(run, lives, work)


def test_a_new_pair_is_in_the_database_before_anybody_has_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(setting: Setting) -> None:
        async def away(*_: object) -> None:
            raise Unavailable

        setting.clock.now += LIFETIME / 2
        with monkeypatch.context() as patch:
            patch.setattr(LinkTable, "replace", away)
            for _ in range(3):
                with pytest.raises(Unavailable):
                    await setting.access()
        stored = await setting.links.find(STORE.id)
        assert stored is not None
        assert stored.access == "access-1"
        assert await setting.access() == "access-2"  # it waited in memory
        stored = await setting.links.find(STORE.id)
        assert stored is not None
        assert (stored.access, stored.refresh) == ("access-2", "refresh-2")
        assert setting.server.sent == {"refresh-1": 1}

    scenario(run, False, work)


@pytest.mark.parametrize("mishap", ["lost", "late_500", "429", "garbage"])
@pytest.mark.parametrize("lives", KINDS)
def test_after_a_lost_answer_the_old_token_serves_while_it_lives_and_then_a_person_is_needed(
    run: Run, lives: bool, mishap: Mishap
) -> None:
    async def work(setting: Setting) -> None:
        setting.server.mishaps = [mishap]
        setting.clock.now += LIFETIME / 2
        old = await setting.tokens.current(STORE.id)
        assert old.access == "access-1"
        for later in (1, 3_600, LIFETIME / 2 - 3_602):
            setting.clock.now += later
            assert await setting.access() == "access-1"
        if not setting.server.accepts("access-1"):
            with pytest.raises(NeedsAuthorisation):
                await setting.tokens.after_refusal(old)
        setting.clock.now += 2
        with pytest.raises(NeedsAuthorisation):
            await setting.access()
        with pytest.raises(NeedsAuthorisation):  # another process knows as much
            await setting.process().current(STORE.id)
        assert setting.server.sent == {"refresh-1": 1}
        assert not setting.server.ended

    scenario(run, lives, work)


def test_a_renewal_that_never_left_is_tried_again(run: Run) -> None:
    async def work(setting: Setting) -> None:
        await setting.links.put(link())
        setting.clock.now += LIFETIME / 2
        assert await setting.access() == "access-1"
        setting.clock.now += LIFETIME / 2
        with pytest.raises(UpstreamAway):
            await setting.access()
        await setting.links.put(link(accounts=setting.server.url))
        assert await setting.access() == "access-2"

    scenario(run, False, work)


def test_a_refused_token_is_renewed_once_and_a_young_one_not_at_all(run: Run) -> None:
    async def work(setting: Setting) -> None:
        old = await setting.tokens.current(STORE.id)
        with pytest.raises(NeedsAuthorisation):
            await setting.tokens.after_refusal(old)
        setting.clock.now += 61
        new = await setting.tokens.after_refusal(old)
        assert new.access == "access-2"
        assert await setting.tokens.after_refusal(old) == new
        with pytest.raises(NeedsAuthorisation):
            await setting.tokens.after_refusal(new)
        assert setting.server.sent == {"refresh-1": 1}

    scenario(run, False, work)


def test_a_refusal_while_another_process_renews_is_no_end(run: Run) -> None:
    async def work(setting: Setting) -> None:
        old = await setting.tokens.current(STORE.id)
        setting.clock.now += LIFETIME / 2
        at = int(setting.clock.now * MICROS)
        assert await setting.links.spend(old, at)  # the other process
        with pytest.raises(UpstreamAway):
            await setting.tokens.after_refusal(old)
        await setting.links.replace(old, Issued("access-2", "refresh-2", LIFETIME), at)
        assert (await setting.tokens.after_refusal(old)).access == "access-2"
        assert not setting.server.sent

    scenario(run, False, work)


def test_a_process_that_died_after_sending_leaves_the_old_token(run: Run) -> None:
    async def work(setting: Setting) -> None:
        setting.clock.now += LIFETIME / 2
        at = int(setting.clock.now * MICROS)
        assert await setting.links.spend(link(), at)
        assert await setting.access() == "access-1"
        setting.clock.now += PATIENCE / MICROS
        old = await setting.tokens.current(STORE.id)
        with pytest.raises(NeedsAuthorisation):
            await setting.tokens.after_refusal(old)
        assert not setting.server.sent

    scenario(run, True, work)


def test_a_store_that_is_linked_again_keeps_its_new_tokens(run: Run) -> None:
    async def work(setting: Setting) -> None:
        old = await setting.tokens.current(STORE.id)
        await setting.links.put(link(access="another", refresh=None, expires_at=None))
        late = Issued("access-2", "refresh-2", LIFETIME)
        await setting.links.replace(old, late, int(START * MICROS))
        setting.clock.now += 10 * LIFETIME
        assert await setting.access() == "another"
        assert not setting.server.sent

    scenario(run, False, work)


def test_tasks_of_one_process_wait_for_one_renewal(run: Run) -> None:
    async def work(setting: Setting) -> None:
        setting.clock.now += LIFETIME / 2
        got = await asyncio.gather(*(setting.access() for _ in range(20)))
        assert set(got) == {"access-2"}
        assert setting.server.sent == {"refresh-1": 1}

    scenario(run, False, work)


def test_secrets_are_sealed_and_bound_to_their_place(run: Run) -> None:
    async def whole(register: Register) -> None:
        await register.mirror_links.put(link(webhook_secret="whsec_of_upstream"))
        row = await register.driver.one("mirror_link", STORE.id)
        assert row is not None
        stored = b"".join(bytes(cell) for cell in row if isinstance(cell, bytes | memoryview))
        for secret in (b"secret", b"access-1", b"refresh-1", b"whsec"):
            assert secret not in stored
        assert await register.mirror_links.find(STORE.id) == link(
            webhook_secret="whsec_of_upstream"
        )
        other = LinkTable(register.driver, Sealer(bytes([7]) * 32))
        with pytest.raises(Unsealable):
            await other.find(STORE.id)

    run(whole)


PROCESSES, TIMES = 4, int(os.environ.get("SIJILL_TEST_RENEWALS", "5"))


def test_processes_renew_one_at_a_time_and_lose_no_family(shared_url: str) -> None:
    """`SIJILL_TEST_RENEWALS=1000` runs the promise in full: 4 processes, 1,000 renewals each."""

    async def whole() -> None:
        register = await migrated(shared_url)
        try:
            async with accounts(lives=False) as server:
                await register.stores.create(STORE)
                await register.mirror_links.put(
                    link(accounts=server.url, received_at=0, expires_at=2**62)
                )
                done = await asyncio.gather(*(child(shared_url, TIMES) for _ in range(PROCESSES)))
                assert done == [TIMES] * PROCESSES
                assert not server.ended
                assert server.most_open == 1
                assert set(server.sent.values()) == {1}
                stored = await register.mirror_links.find(STORE.id)
                assert stored is not None
                assert stored.refresh == f"refresh-{server.number}"
                assert server.accepts(stored.access)
        finally:
            await register.close()

    asyncio.run(whole())


async def migrated(url: str) -> Register:
    from sijill.register import open_register

    register = await open_register(url, sealer=Sealer(KEY))
    await register.schema.migrate(NOW)
    return register


async def child(url: str, times: int) -> int:
    """Run a process of `renewing`; return how often it renewed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mirror.renewing", url, str(STORE.id), str(times)),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return int(said)


@given(
    now=st.integers(0, 3 * LIFETIME),
    spent=st.none() | st.integers(0, 2 * LIFETIME),
    refresh=st.sampled_from(["refresh-1", None]),
    ends=st.booleans(),
)
def test_the_rule_renews_only_what_is_unspent_and_uses_only_what_lives(
    now: int, spent: int | None, refresh: str | None, ends: bool
) -> None:
    at = int(START * MICROS)
    given = link(
        refresh=refresh,
        spent_at=None if spent is None else at + spent * MICROS,
        expires_at=at + LIFETIME * MICROS if ends else None,
    )
    moment = at + now * MICROS
    chosen = decide(given, moment)
    refused = decide_refused(given, moment)
    assert "renew" not in (chosen, refused) or (refresh is not None and spent is None)
    assert refused != "use"
    if chosen == "use":
        assert not ends or now < LIFETIME
    if not ends:
        assert chosen == "use"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"access_token":"a","expires_in":10,"refresh_token":"r"}', Issued("a", "r", 10.0)),
        ('{"access_token":"a","expires":1209599}', Issued("a", None, 1_209_599.0)),
        ('{"access_token":"a","expires":1800000100}', Issued("a", None, 100.0)),
        ('{"access_token":"a","expires_in":0}', Issued("a", None, None)),
        ('{"access_token":"a","expires_in":true}', Issued("a", None, None)),
        ('{"access_token":"a","expires_in":1e99}', Issued("a", None, None)),
        ('{"access_token":"a","refresh_token":""}', Issued("a", None, None)),
        ('{"access_token":""}', Lost("body")),
        ('{"access_token":5}', Lost("body")),
        ("[]", Lost("body")),
        ("<html>", Lost("body")),
        ("\udcff", Lost("body")),
    ],
)
def test_answers_of_the_token_endpoint_are_read(body: str, expected: Issued | Lost) -> None:
    answer = Answered(200, {}, body.encode("utf-8", "surrogateescape"))
    assert exchange_module.read(answer, START) == expected


@pytest.mark.parametrize("status", [201, 302, 400, 401, 429, 500])
def test_another_status_than_200_is_no_pair(status: int) -> None:
    pair = b'{"access_token":"a","refresh_token":"r"}'
    assert exchange_module.read(Answered(status, {}, pair), START) == Lost(f"status_{status}")


def test_tokens_move_to_a_new_key_with_every_other_secret(run: Run) -> None:
    old, new = bytes(KEY_BYTES), bytes([1]) * KEY_BYTES

    async def whole(register: Register) -> None:
        links = LinkTable(register.driver, Sealer(old))
        await links.put(link(webhook_secret="whsec_of_upstream"))
        both = SealedTable(register.driver, Sealer(FixedKeys(old, new)), [SEALED_LINKS])
        assert await both.counts() == Counter({key_id(old): 4})
        assert await both.reseal() == 1
        assert await both.counts() == Counter({key_id(new): 4})
        found = await LinkTable(register.driver, Sealer(new)).find(STORE.id)
        assert found == link(webhook_secret="whsec_of_upstream")

    run(whole)


def test_a_store_that_is_removed_takes_its_tokens_along(run: Run) -> None:
    async def whole(register: Register) -> None:
        await register.mirror.link(STORE.id, "http://127.0.0.1:9", "here", NOW)
        await register.mirror_links.put(link())
        await register.mirror_heard.hear(STORE.id, b"{}", 1)
        await register.mirror_shapes.add(STORE.id, "customers.list", Shape(), 1)
        await register.mirror_history.add(STORE.id, 1, 0, None, None)
        await remove_store(register, STORE.id, NOW)
        assert await register.mirror_links.find(STORE.id) is None
        assert await register.stores.all() == []

    run(whole)
