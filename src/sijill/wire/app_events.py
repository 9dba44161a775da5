"""What Salla tells an app about itself: here, the tokens of a store that let it in."""

from datetime import datetime

from sijill.wire.dates import wall_text
from sijill.wire.envelope import encode


def authorize_event(
    *,
    merchant: int,
    access: str,
    refresh: str,
    scope: str,
    until: datetime,
    at: datetime,
    timezone: str,
) -> bytes:
    """
    Return the event `app.store.authorize`, as Salla posts it to an app in easy mode.

    `merchant` is the store's id; `expires` is the Unix time of `until`, when the access token ends;
    `created_at` is the wall time of `timezone`, the store's.
    Source: Salla "Authorization", the sample of app.store.authorize.
    """
    return encode(
        {
            "event": "app.store.authorize",
            "merchant": merchant,
            "created_at": wall_text(at, timezone),
            "data": {
                "access_token": access,
                "expires": int(until.timestamp()),
                "refresh_token": refresh,
                "scope": scope,
                "token_type": "bearer",
            },
        }
    )
