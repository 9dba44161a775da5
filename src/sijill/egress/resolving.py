"""From a name to addresses, by the system's resolver, off the loop."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread

from sijill.egress.addresses import Address

Resolver = Callable[[str], Awaitable[Sequence[Address]]]
"""Gives a name's addresses, the best first. Raises: OSError if there are none to be had."""


async def resolve(name: str) -> Sequence[Address]:
    """
    Return what getaddrinfo says of the name.

    Each look-up has a thread of its own, which nobody waits for at the end: a name server that
    does not answer takes no thread from others, and does not hold up a stop.
    Raises: OSError.
    """
    answer: Future[Sequence[Address]] = Future()
    answer.set_running_or_notify_cancel()  # from here on giving up cannot break set_result

    def look_up() -> None:
        try:
            answer.set_result(_addresses(name))
        except OSError as fault:
            answer.set_exception(fault)

    Thread(target=look_up, name="resolve", daemon=True).start()
    return await asyncio.wrap_future(answer)


def _addresses(name: str) -> Sequence[Address]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [ip_address(where[0]) for *_, where in found]
