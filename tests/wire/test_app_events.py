"""What an app is told about itself, beside Salla's own sample of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from sijill.wire.app_events import authorize_event

SAMPLE = Path(__file__).parent / "payloads" / "webhook_app_store_authorize.json"


def test_an_app_that_is_let_in_hears_what_salla_would_tell_it() -> None:
    sample = json.loads(SAMPLE.read_text("utf-8"))
    body = authorize_event(
        merchant=sample["merchant"],
        access=sample["data"]["access_token"],
        refresh=sample["data"]["refresh_token"],
        scope=sample["data"]["scope"],
        until=datetime.fromtimestamp(sample["data"]["expires"] + 0.9, UTC),
        at=datetime(2022, 12, 31, 9, 31, 25, 999_999, UTC),
        timezone="Asia/Riyadh",
    )
    # As text, so that the order of the keys counts.
    assert json.dumps(json.loads(body)) == json.dumps(sample)
