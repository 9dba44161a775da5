"""A process that renews the tokens of a store again and again, beside others that do the same."""

import asyncio
import sys
import time

from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.egress.sending import Sender
from sijill.errors import Unavailable
from sijill.mirror.model import MICROS, UpstreamAway
from sijill.mirror.upstream.exchange import Exchange
from sijill.mirror.upstream.model import YOUNG
from sijill.mirror.upstream.tokens import Tokens
from sijill.register import open_register

KEY = bytes(KEY_BYTES)
PATIENCE = 0.002
"""Seconds between two looks while another process renews."""


class Hasty:
    """A clock that a pair of tokens is old by as soon as it is there."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


async def renew(url: str, store_id: int, times: int) -> int:
    """Have the tokens of a store renewed until they were `times` times; return that number."""
    register = await open_register(url, sealer=Sealer(KEY))
    clock = Hasty()
    exchange = Exchange(lambda: Sender(local=True, timeout=20.0), clock)
    tokens = Tokens(register.mirror_links, exchange, clock)
    done = 0
    try:
        while done < times:
            try:
                link = await tokens.current(store_id)
                clock.ahead = max(0.0, (link.received_at + YOUNG) / MICROS - time.time())
                await tokens.after_refusal(link)
                done += 1
            except (UpstreamAway, Unavailable):
                await asyncio.sleep(PATIENCE)
    finally:
        await register.close()
    return done


if __name__ == "__main__":
    arguments = sys.argv[1:]
    done = asyncio.run(renew(arguments[0], int(arguments[1]), int(arguments[2])))
    sys.stdout.write(f"{done}\n")
