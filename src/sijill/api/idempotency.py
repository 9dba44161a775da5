"""`Idempotency-Key`: a POST that is sent again is done once, and answered again."""

import hashlib
import re
from datetime import datetime

from msgspec import json

from sijill.api.http import Request
from sijill.domain.errors import Invalid
from sijill.domain.once import NAME, Once
from sijill.wire.bodies import Fields

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


def once_of(request: Request, fields: Fields, at: datetime) -> Once | None:
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
    parts = [request.method, request.path.decode("latin-1"), fields]
    return Once(
        app_id=request.grant.app_id,
        key=key,
        fingerprint=hashlib.sha256(json.encode(parts, order="deterministic")).digest(),
        at=at,
    )
