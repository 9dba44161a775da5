"""Events of an app about itself, beside Salla's own samples."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sijill.oauth.apps import App
from sijill.stores.model import Store
from sijill.webhooks.events import INSTALLED, UNINSTALLED, authorize_event, install_event

PAYLOADS = Path(__file__).parents[1] / "payloads"
NOON = datetime(2022, 12, 31, 9, 31, 25, 999_999, UTC)


def sample_of(name: str) -> Any:
    return json.loads((PAYLOADS / f"webhook_{name}.json").read_text("utf-8"))


def same(body: bytes, sample: Any) -> bool:
    """Return whether they say the same, as text, so that the order of the keys counts."""
    return json.dumps(json.loads(body)) == json.dumps(sample)


@pytest.mark.parametrize("escaped", [True, False])
def test_an_app_that_is_let_in_hears_what_salla_would_tell_it(escaped: bool) -> None:
    sample = sample_of("app_store_authorize")
    body = authorize_event(
        Store(sample["merchant"], "shop", timezone="Asia/Riyadh"),
        NOON,
        access=sample["data"]["access_token"],
        refresh=sample["data"]["refresh_token"],
        scope=sample["data"]["scope"],
        until=datetime.fromtimestamp(sample["data"]["expires"] + 0.9, UTC),
        escaped=escaped,
    )
    assert same(body, sample)


def test_an_install_has_the_keys_of_sallas_sample_and_an_uninstall_its_own_date() -> None:
    sample = sample_of("app_installed")
    app = App(sample["data"]["id"], "عميل", NOON)
    store = Store(sample["merchant"], "shop", timezone="Asia/Riyadh")
    told = install_event(store, INSTALLED, NOON, app, {"customers.read_write", "carts.read"})
    event = json.loads(told)
    assert list(event) == list(sample)
    assert list(event["data"]) == list(sample["data"])
    assert event["data"] == {
        "id": sample["data"]["id"],
        "app_name": "عميل",
        "app_description": "",
        "app_type": "app",
        "app_scopes": ["carts.read", "customers.read_write"],
        "installation_date": "2022-12-31 12:31:25",
    }
    plain = install_event(store, UNINSTALLED, NOON, app, ())
    assert "عميل".encode() in plain
    assert json.loads(plain)["event"] == "app.uninstalled"
    assert json.loads(plain)["data"]["uninstallation_date"] == "2022-12-31 12:31:25"
