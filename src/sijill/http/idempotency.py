"""`Idempotency-Key`: a POST that is sent again is done once, and answered again."""

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
    Return what makes this request the same as another, or None where no key was sent.

    The fingerprint is of method, path and fields, so that spacing and the order of keys do not
    count. Raises: Invalid if the key is not 1 to 255 visible ASCII characters.
    Source: the IETF's Idempotency-Key draft.
    """
    key = request.header(b"idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Invalid({NAME: ["characters"]})
    parts = [request.method, _path(request), fields]
    return IdempotencyKey(
        app_id=app_id,
        key=key,
        fingerprint=hashlib.sha256(json.encode(parts, order="deterministic")).digest(),
        at=at,
    )


def replayed(answer: Response) -> Response:
    """Return the answer, saying that what it answers was done before."""
    answer.headers.append((b"idempotent-replayed", b"true"))
    return answer


def _path(request: Request) -> str:
    """The same route has several addresses: a prefix makes no other request of it."""
    return request.path.decode("latin-1").removeprefix(PREFIX)
