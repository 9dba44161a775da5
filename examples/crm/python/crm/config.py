"""What the CRM is told by its environment."""

import os
from collections.abc import Mapping
from typing import NamedTuple


class Tokens(NamedTuple):
    """An access token, and the refresh token that renews it once."""

    access: str
    refresh: str


class Config(NamedTuple):
    """Where Salla is, and who the CRM is there."""

    url: str
    """The base of the API, without a last slash."""
    oauth_url: str
    """The base of OAuth, without a last slash."""
    client_id: str
    client_secret: str
    tokens: Tokens
    """The first pair, from the login of the store's owner."""


def required(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return a variable that must be there. Raises: SystemExit, which says that it is missing."""
    if not environ.get(name):
        raise SystemExit(f"{name} is missing")
    return environ[name]


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """Return the configuration. Raises: SystemExit if there is no token."""
    return Config(
        url=environ.get("SALLA_URL", "https://api.salla.dev/admin/v2"),
        oauth_url=environ.get("SALLA_OAUTH_BASE_URL", "https://accounts.salla.sa"),
        client_id=environ.get("SALLA_OAUTH_CLIENT_ID", ""),
        client_secret=environ.get("SALLA_OAUTH_CLIENT_SECRET", ""),
        tokens=Tokens(required("SALLA_TOKEN", environ), environ.get("SALLA_REFRESH_TOKEN", "")),
    )
