"""A small receiver of webhooks: reads what comes, trusts none of it, and says how it is signed."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from sijill.cli.common import plain
from sijill.webhooks.signing import verify_salla, verify_standard

MOST = 1_000_000
"""Bytes of a body; a larger one is refused."""

_SHOWN = 100
"""Characters that are shown of what a sender wrote."""

Verdict = Literal["ok", "wrong", "none", "unchecked"]


class Received(NamedTuple):
    """One delivery."""

    at: datetime
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


def verdict(received: Received, secret: str | None) -> Verdict:
    """
    Return whether it proves that its sender has the secret.

    `ok` if every proof it bears is right, `none` if it bears none; without a secret there is
    nothing to check with. `webhook-id` is no secret, so its signature is a proof of its own.
    """
    headers, body = received.headers, received.body
    salla, standard = headers.get("x-salla-signature"), headers.get("webhook-signature")
    token = headers.get("authorization", "") if _strategy(headers).lower() == "token" else None
    if salla is None and standard is None and token is None:
        return "none"
    if secret is None:
        return "unchecked"
    proofs = [
        salla is None or verify_salla(secret, body, salla),
        token is None or hmac.compare_digest(secret.encode(), token.encode()),
        standard is None
        or verify_standard(
            secret,
            headers.get("webhook-id", ""),
            headers.get("webhook-timestamp", ""),
            standard,
            body,
            received.at.timestamp(),
        ),
    ]
    return "ok" if all(proofs) else "wrong"


def line(received: Received, secret: str | None) -> str:
    """Return a delivery as one line for people; nothing of it can move a terminal's cursor."""
    headers = received.headers
    return (
        f"{received.at:%H:%M:%S} {_shown(_event(_content(received.body)))}"
        f" {_shown(headers.get('webhook-id', '-'))} signature {verdict(received, secret)}"
        f" strategy {_shown(_strategy(headers))} {len(received.body)} bytes"
    )


def json_line(received: Received, secret: str | None) -> str:
    """Return a delivery as one line of JSON; a body that is no JSON is a text in it."""
    headers, content = received.headers, _content(received.body)
    told = {
        "at": received.at,
        "event": _event(content),
        "webhook_id": headers.get("webhook-id"),
        "signature": verdict(received, secret),
        "strategy": _strategy(headers),
        "bytes": len(received.body),
        "body": received.body.decode("utf-8", "replace") if content is None else content,
    }
    return msgspec.json.encode(told).decode()


class Receiver:
    """An ASGI application that answers every POST with one status, and tells of it."""

    def __init__(
        self, status: int, tell: Callable[[Received], None], clock: Callable[[], float]
    ) -> None:
        self._status = status
        self._tell = tell
        self._clock = clock

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await _answer(send, 405)
        elif (body := await _whole(receive)) is None:
            await _answer(send, 413)
        else:
            at = datetime.fromtimestamp(self._clock(), UTC)
            self._tell(Received(at, _headers(scope["headers"]), body))
            await _answer(send, self._status)


async def _whole(receive: Any) -> bytes | None:
    """Return the body, None for one that is too large or that does not end."""
    body = b""
    while True:
        message: dict[str, Any] = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > MOST:
            return None
        if not message.get("more_body", False):
            return body


async def _answer(send: Any, status: int) -> None:
    headers = [] if status in (204, 304) else [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _headers(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by name; one that came twice has both values, and so proves nothing."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _strategy(headers: dict[str, str]) -> str:
    return headers.get("x-salla-security-strategy") or "none"


def _content(body: bytes) -> Any:
    """Return what JSON says, None where it is none."""
    try:
        content = msgspec.json.decode(body)
        msgspec.json.encode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return content


def _event(content: Any) -> str | None:
    event = content.get("event") if isinstance(content, dict) else None
    return event if isinstance(event, str) else None


def _shown(text: str | None) -> str:
    return "-" if text is None else plain(text[:_SHOWN])
