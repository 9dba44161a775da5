"""Fixtures for the tests of sending."""

import ssl
from collections.abc import Iterator

import httpcore
import pytest


@pytest.fixture(scope="session")
def authorities() -> ssl.SSLContext:
    """The usual certificate authorities: reading them takes 50 ms, too long for every sender."""
    return httpcore.default_ssl_context()


@pytest.fixture(scope="module")
def _read_once(authorities: ssl.SSLContext) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore, "default_ssl_context", lambda: authorities)
        yield
