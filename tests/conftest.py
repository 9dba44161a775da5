"""Fixtures that every folder of tests may use."""

import logging
from collections.abc import Iterator

import pytest
import structlog

pytest_plugins = ["fixtures.postgres", "fixtures.valkey", "fixtures.world", "fixtures.databases"]


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Undo what a command that ran in this process did to the log: it wrote to that test's ends."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        root.handlers[:] = [one for one in root.handlers if one in handlers]
        root.setLevel(level)
