"""Parallel uses of one code or refresh token: exactly one succeeds, then the family ends."""

import asyncio
from collections import Counter
from collections.abc import Awaitable

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import APP, CODE, CONSENT, EXCHANGE, lives, outcome, pair, renewed, settled
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.errors import NotFound
from sijill.oauth.grants import IssuedTokens
from sijill.oauth.tokens import digest
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "of fifty parallel refreshes exactly one gets a pair, and then every token of "
    "the consent ends, on every database"
)

REFRESHES, ROUNDS = 50, 20
EXCHANGES, CODES = 20, 10


def one_served(outcomes: list[IssuedTokens | int]) -> IssuedTokens:
    """Return the tokens of the one success; every other use was refused as a second use."""
    served = [each for each in outcomes if isinstance(each, IssuedTokens)]
    assert Counter(each for each in outcomes if isinstance(each, int)) == {401: len(outcomes) - 1}
    [issued] = served
    return issued


async def is_dead(register: Register, issued: IssuedTokens) -> bool:
    access, refresh = issued.pair.access, issued.pair.refresh
    return not await lives(register, access) and await renewed(register, refresh) == 400


def test_of_parallel_refreshes_of_one_token_exactly_one_succeeds_and_the_family_ends(
    run: Run,
) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        for number in range(ROUNDS):
            first = await register.grants.issue(replace(CONSENT, id=1000 + number), pair())
            shown = first.pair.refresh
            outcomes = await asyncio.gather(*(renewed(register, shown) for _ in range(REFRESHES)))
            assert await is_dead(register, one_served(outcomes))
            assert not await lives(register, first.pair.access)
        assert len(await register.tokens.all()) == 2 * ROUNDS

    run(scenario)


def test_of_parallel_exchanges_of_one_code_exactly_one_succeeds_and_its_tokens_end(
    run: Run,
) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        for number in range(CODES):
            code = replace(CODE, digest=digest(f"code {number}"))
            await register.grants.authorize(replace(CONSENT, id=1000 + number), code)
            outcomes = await asyncio.gather(
                *(
                    outcome(register.grants.exchange(code.digest, EXCHANGE, pair()))
                    for _ in range(EXCHANGES)
                )
            )
            assert await is_dead(register, one_served(outcomes))
        assert len(await register.tokens.all()) == CODES

    run(scenario)


def test_after_an_uninstall_that_races_with_refreshes_nothing_of_the_app_lives(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        for number in range(10):
            code = replace(CODE, digest=digest(f"code {number}"))
            await register.grants.authorize(replace(CONSENT, id=1000 + number), code)
            consents = (replace(CONSENT, id=2000 + 10 * number + family) for family in range(4))
            families = [await register.grants.issue(consent, pair()) for consent in consents]
            works: list[Awaitable[IssuedTokens | int | None]] = [
                outcome(register.grants.exchange(code.digest, EXCHANGE, pair())),
                *(renewed(register, issued.pair.refresh) for issued in families),
            ]
            works.insert(number % 6, register.installs.uninstall(STORE.id, APP.id, NOW))
            outcomes = await asyncio.gather(*works)
            assert await register.installs.all() == []
            assert all(info.revoked_at is not None for info in await register.tokens.all())
            for issued in outcomes:
                assert not isinstance(issued, IssuedTokens) or await is_dead(register, issued)
            with pytest.raises(NotFound):
                await register.installs.uninstall(STORE.id, APP.id, NOW)

    run(scenario)
