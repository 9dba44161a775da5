"""The credentials of the demo: its token, its app's secret, and its owner's password."""

import secrets
from pathlib import Path

import msgspec
from msgspec import Struct

from sijill.oauth.password_rules import MAX_LENGTH, MIN_LENGTH, fault_of
from sijill.oauth.tokens import PREFIX, SECRET, is_mistyped, mint
from sijill.server.tls.folder import PRIVATE, write
from sijill.settings import Settings

FILE = "credentials.json"
"""In the demo's folder, for its owner alone: `sijill sandbox --keep` goes on with them."""

_PASSWORD_BYTES = 18
"""Random bytes of a password that the demo makes."""


class Credentials(Struct, frozen=True):
    """A token of every scope, the secret of the app, and the password of the owner."""

    token: str
    client_secret: str
    password: str


def folder_of(settings: Settings) -> Path:
    """Return the folder of the demo's data, whole; it need not exist."""
    return Path(settings.data_dir).absolute() / f"demo-{settings.demo_profile}"


def fresh() -> Credentials:
    """Return new ones."""
    return Credentials(mint(), mint(SECRET), secrets.token_urlsafe(_PASSWORD_BYTES))


def chosen(settings: Settings, others: Credentials) -> Credentials:
    """
    Return the credentials that the settings fix; `others` has those that they leave open.

    Raises: ValueError if `demo_token` begins like a token of Sijill and is mistyped, or if
    `demo_password` is too short or too long for the form to sign in.
    """
    if is_mistyped(settings.demo_token):
        raise ValueError(
            f"demo_token begins with {PREFIX} but is not a token of Sijill: choose another"
        )
    if settings.demo_password and fault_of(settings.demo_password):
        raise ValueError(f"demo_password: write {MIN_LENGTH} to {MAX_LENGTH} characters")
    return Credentials(
        settings.demo_token or others.token,
        settings.demo_client_secret or others.client_secret,
        settings.demo_password or others.password,
    )


def kept(folder: Path) -> Credentials | None:
    """
    Return the credentials of the last demo in a folder, or None if there was none.

    Raises: OSError; ValueError if the file is damaged.
    """
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Credentials)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError):  # whose messages may quote a secret
        raise ValueError(f"{path} is damaged: delete it, or start without --keep") from None


def keep(folder: Path, credentials: Credentials) -> None:
    """Write the credentials into a folder. Raises: OSError."""
    write(folder / FILE, msgspec.json.encode(credentials), PRIVATE)
