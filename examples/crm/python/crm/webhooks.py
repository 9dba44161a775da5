"""Receives webhooks: checks the signature, handles each event once, answers at once."""

import hmac
import json
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from crm.store import Store

LARGEST = 1_000_000
"""Bytes of a body that is read at all."""


def is_genuine(secret: str, body: bytes, signature: str) -> bool:
    """Return whether X-Salla-Signature is that of this body."""
    expected = hmac.new(secret.encode(), body, sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


class Receiver(ThreadingHTTPServer):
    """The server that Salla sends webhooks to."""

    def __init__(self, port: int, database: Path | str, secret: str) -> None:
        super().__init__(("127.0.0.1", port), Delivery)
        self.database, self.secret = database, secret


class Delivery(BaseHTTPRequestHandler):
    """One POST of a webhook."""

    server: Receiver
    timeout = 10
    """Seconds that a sender may be silent."""

    def do_POST(self) -> None:
        """Answer 200 once the event is kept; without a 200 Salla sends it again."""
        length = int(self.headers.get("Content-Length", 0))
        if not 0 <= length <= LARGEST:
            return self._answer(413)
        body = self.rfile.read(length)
        if not is_genuine(self.server.secret, body, self.headers.get("X-Salla-Signature", "")):
            return self._answer(401)
        # Salla sends no id; the body holds the event's time, so its digest tells two events apart.
        event_id = self.headers.get("webhook-id") or sha256(body).hexdigest()
        store = Store(self.server.database)
        try:
            store.handle(event_id, json.loads(body))
        finally:
            store.close()
        return self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: an address may name a customer."""
