"""`Idempotency-Key`: a repeated POST takes effect once, and gets the same answer again."""

import hashlib
import re
from datetime import datetime

from msgspec import json

from sijill.database.idempotency_keys import NAME, IdempotencyKey
from sijill.errors import Invalid
from sijill.fields.form import Fields
from sijill.http.request import PREFIX, Request, Response

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


def idempotency_key_of(
    request: Request, fields: Fields, at: datetime, app_id: int
) -> IdempotencyKey | None:
    """
    Return the key of a request and its fingerprint, or None if the client sent no key.

    The fingerprint covers method, path (without its prefix) and fields, so that spacing and the
    order of keys do not count.
    Raises: Invalid if the key is not 1 to 255 visible ASCII characters.
    Source: the IETF's Idempotency-Key draft.
    """
    key = request.header(b"idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Invalid({NAME: ["characters"]})
    parts = [request.method, request.path.decode("latin-1").removeprefix(PREFIX), fields]
    fingerprint = hashlib.sha256(json.encode(parts, order="deterministic")).digest()
    return IdempotencyKey(app_id=app_id, key=key, fingerprint=fingerprint, at=at)


def replayed(answer: Response) -> Response:
    """Return the answer, marked as a repetition."""
    answer.headers.append((b"idempotent-replayed", b"true"))
    return answer
