"""A small receiver of webhooks, which checks the signature of each delivery."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from sijill.cli.output import plain
from sijill.webhooks.signing import verify_salla, verify_standard

MAX_BODY = 1_000_000
"""Bytes of a body at most."""

_MAX_SHOWN = 100
"""Characters of a sender's text that a line shows, at most."""

Verdict = Literal["ok", "wrong", "none", "unchecked"]


class Received(NamedTuple):
    """One delivery."""

    at: datetime
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


def verdict(received: Received, secret: str | None) -> Verdict:
    """
    Return whether a delivery proves that its sender has the secret.

    `ok` if every signature and token in it is right, `none` if it has neither, `unchecked` without
    a secret. A delivery may have Salla's signature and the one of Standard Webhooks.
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
    """Return a delivery as one line for people, without control characters."""
    fields = _fields(received, secret)
    shown = {name: plain(str(value or "-")[:_MAX_SHOWN]) for name, value in fields.items()}
    return (
        "{time} {event} {webhook_id} signature {signature} strategy {strategy} {size} bytes"
    ).format(time=f"{received.at:%H:%M:%S}", size=fields["bytes"], **shown)


def json_line(received: Received, secret: str | None) -> str:
    """Return a delivery as one line of JSON; a body that is not JSON is a text in it."""
    content = _content(received.body)
    body = received.body.decode("utf-8", "replace") if content is None else content
    return msgspec.json.encode(_fields(received, secret) | {"body": body}).decode()


def _fields(received: Received, secret: str | None) -> dict[str, Any]:
    content = _content(received.body)
    event = content.get("event") if isinstance(content, dict) else None
    return {
        "at": received.at,
        "event": event if isinstance(event, str) else None,
        "webhook_id": received.headers.get("webhook-id"),
        "signature": verdict(received, secret),
        "strategy": _strategy(received.headers),
        "bytes": len(received.body),
    }


class Receiver:
    """An ASGI application that answers every POST with one status, and reports it."""

    def __init__(
        self, status: int, report: Callable[[Received], None], clock: Callable[[], float]
    ) -> None:
        self._status, self._report, self._clock = status, report, clock

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await _answer(send, 405)
        elif (body := await _read_body(receive)) is None:
            await _answer(send, 413)
        else:
            at = datetime.fromtimestamp(self._clock(), UTC)
            self._report(Received(at, _headers(scope["headers"]), body))
            await _answer(send, self._status)


async def _read_body(receive: Any) -> bytes | None:
    """Return the body, or None if it is too large or incomplete."""
    body = b""
    while True:
        message: dict[str, Any] = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return body


async def _answer(send: Any, status: int) -> None:
    headers = [] if status in (204, 304) else [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _headers(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by name. A repeated header has both values, which no check accepts."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _strategy(headers: dict[str, str]) -> str:
    return headers.get("x-salla-security-strategy") or "none"


def _content(body: bytes) -> Any:
    """Return the decoded body, or None if it is not JSON."""
    try:
        content = msgspec.json.decode(body)
        msgspec.json.encode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return content
