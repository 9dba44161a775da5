"""The data folder of the default namespace: that of the demo, for `--keep` and for commands."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

from sijill.database.open import location_of
from sijill.demo import prepare
from sijill.demo_credentials import Credentials, chosen, keep, kept
from sijill.opening import KEY_FILE, database_url
from sijill.sandbox.blueprint import SEALING_KEY, Keys
from sijill.sandbox.namespaces import DEFAULT, Own
from sijill.sandbox.source import credentials
from sijill.sandbox.storage import InFile
from sijill.server.tls.folder import PRIVATE, write
from sijill.settings import Settings


def known(settings: Settings, keys: Keys) -> Credentials:
    """
    Return what logs in: what the settings fix, else what the data folder keeps, else of the keys.

    Raises: OSError; ValueError as `demo_credentials.chosen` and `kept`.
    """
    derived = credentials(keys.key, DEFAULT, 0)
    others = Credentials(derived.token, derived.client_secret, keys.password)
    return chosen(settings, kept(Path(settings.data_dir)) or others)


async def open_home(settings: Settings, login: Credentials) -> Own:
    """
    Return the storage in the data folder, and write beside it what commands need to use it.

    Rows that are there already are brought up to date.
    Raises: OSError; as `demo.prepare`.
    """
    folder, location = Path(settings.data_dir), location_of(database_url(settings))
    storage, where = InFile(location), _absolute(folder)
    if location.path.exists():
        ready = await prepare(settings, folder, datetime.now(UTC), lambda _: None)
        login = ready.credentials
        return Own(storage, where, login.token, login.client_secret, storage.open())
    keep(folder, login)
    if not settings.secret_key:
        write(folder / KEY_FILE, b64encode(SEALING_KEY) + b"\n", PRIVATE)
    return Own(storage, where, login.token, login.client_secret, None)


def _absolute(folder: Path) -> str:
    return str(folder.absolute())
