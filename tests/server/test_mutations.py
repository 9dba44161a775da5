"""Requests whose bytes are spoilt at random: each is refused or answered, and none is a fault."""

import random
from collections import Counter

import pytest
from fixtures.world import World

from sijill.customers.examples import AHMED
from sijill.errors import Fault
from sijill.http.request import Request, Stream
from sijill.server.parsing import RequestParser
from sijill.server.request_limits import RequestLimits

pytestmark = pytest.mark.proves("no spoilt request is answered by a fault of the server")

LIMITS = RequestLimits(url=8192, headers=16_384, body=65_536)
SEEDS, EACH = range(8), 150
END = b"\r\n\r\n"
BODY = (
    b'{"first_name":"\xd8\xb3","email":"x@y.z","mobile":551234567,'
    b'"groups":[1],"birthday":"1990-01-01"}'
)
TARGETS = (
    (b"GET", b"/customers?page=1&per_page=15&keyword=a&date_from=2024-01-01&fields[]=groups", b""),
    (b"GET", b"/admin/v2/customers/%d" % AHMED.id, b""),
    (b"POST", b"/customers", BODY),
    (b"PUT", b"/customers/%d" % AHMED.id, BODY),
    (b"POST", b"/customers/groups", b'{"name":"a","conditions":[{"type":"total_sales"}]}'),
    (b"POST", b"/customers/loyalty/points", b'{"customers":[1],"points":1,"type":"plus"}'),
    (b"POST", b"/customers/wallets/deposit", b'{"customer_id":1,"amount":1.5}'),
    (b"POST", b"/webhooks/subscribe", b'{"event":"customer.created","url":"https://a.example/"}'),
    (b"POST", b"/oauth2/token", b"grant_type=authorization_code&code=x&client_id=1"),
    (b"GET", b"/oauth2/auth?client_id=1&response_type=code&state=abcdefgh", b""),
    (b"GET", b"/_/changes?after=0&limit=10", b""),
)
PIECES = (
    *(b"\x00", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"%", b"%00", b"%ff", b"\\ud800", b"'"),
    *(b'"', b"{", b"[" * 300, b"]", b"}", b",", b"1e999", b"-1", b"9" * 400, b"NaN", b"null"),
    *(b"\r\n", b"\r\n\r\n", b" ", b":", b";", b"&", b"=", b"..", b"/", b"?", b"[]", b"a" * 5000),
)


def raw(method: bytes, target: bytes, body: bytes, token: str) -> bytes:
    kind = b"application/x-www-form-urlencoded" if b"oauth2" in target else b"application/json"
    return (
        b"%s %s HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer %s\r\n"
        b"Content-Type: %s\r\nIf-None-Match: x\r\nAccept-Language: ar\r\n\r\n%s"
    ) % (method, target, token.encode(), kind, body)


def spoilt(dice: random.Random, data: bytes) -> bytes:
    """Return the bytes with one or two changes."""
    for _ in range(dice.randint(1, 2)):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.choice((0, 0, 1, 1, 4, 20)))
        data = data[:at] + dice.choice((b"", bytes([dice.randrange(256)]), *PIECES)) + data[end:]
    return data


def spoilt_request(
    dice: random.Random, method: bytes, target: bytes, body: bytes, token: str
) -> bytes:
    """Return a request of which target, body or everything is spoilt, its length as it is now."""
    match dice.randrange(3):
        case 0:
            target = spoilt(dice, target)
        case 1:
            body = spoilt(dice, body)
        case _:
            return framed(spoilt(dice, raw(method, target, body, token)))
    return framed(raw(method, target, body, token))


def framed(data: bytes) -> bytes:
    """Return the request with the length of whatever its body is now."""
    head, line, body = data.partition(END)
    length = b"\r\nContent-Length: %d" % len(body) if body else b""
    return head + length + line + body


def parsed(data: bytes) -> Request | None:
    """Return the request in these bytes, or None if there is none that is whole."""
    parser = RequestParser(LIMITS, "198.51.100.7")
    try:
        at = 0
        while at < len(data) and (at == 0 or parser.is_open):
            at = parser.feed(data, at)
    except Fault:  # the connection answers it: 400, 413, 414 or 431
        return None
    return None if parser.is_open else parser.request


@pytest.mark.parametrize("seed", SEEDS)
def test_no_spoilt_request_is_a_fault_of_the_server(world: World, seed: int) -> None:
    dice, statuses = random.Random(seed), Counter[int]()
    world.change(policy=world.policy._replace(customers=None, plans=False, failed_tokens=None))
    token = world.mint(world.store, "customers.read_write webhooks.read_write")
    for number in range(EACH):
        data = spoilt_request(dice, *TARGETS[number % len(TARGETS)], token)
        request = parsed(data)
        if request is None:
            continue
        response = world.run(world.respond(request))
        request.content.close()
        assert isinstance(response, Stream) or response.status < 500, data
        statuses[response.status] += 1
    assert statuses.total() > EACH / 3
    assert len(statuses) >= 4
    assert [line for line in world.notes.lines if line[0] == "failed"] == []
