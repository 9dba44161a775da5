"""The CRM of each test: its own SQLite file, and a client that waits by the sandbox's clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from crm.config import Config, Tokens
from crm.salla import Salla
from crm.store import Store

from sijill.pytest_plugin import Salla as Sandbox


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The path of the CRM's file."""
    return tmp_path / "crm.sqlite"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """The CRM's file, open."""
    made = Store(database)
    yield made
    made.close()


@pytest.fixture
def config(salla: Sandbox) -> Config:
    """What the environment would say."""
    return Config(
        url=salla.url,
        oauth_url=salla.url.removesuffix("/admin/v2"),
        client_id=salla.client_id,
        client_secret=salla.client_secret,
        tokens=Tokens(salla.token, salla.refresh_token),
    )


@pytest.fixture
def client(salla: Sandbox, config: Config, store: Store) -> Salla:
    """The CRM's own client: where it would sleep, the clock of the sandbox moves."""
    return Salla(config, store, sleep=salla.clock.sleep)
