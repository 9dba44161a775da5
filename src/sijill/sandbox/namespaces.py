"""The namespaces of a sandbox."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from sijill.database.sqlite.driver import SQLite
from sijill.database.sqlite.pages import Pages
from sijill.oauth.bearer import bearer
from sijill.sandbox.blueprint import Blueprint
from sijill.sandbox.console.pages import shown_of
from sijill.sandbox.idleness import Idleness
from sijill.sandbox.instance import Identity
from sijill.sandbox.namespace import Beginning, Namespace, TooMany
from sijill.sandbox.new import New, Origin
from sijill.sandbox.seeds.images import SeedImages
from sijill.sandbox.source import credentials, tag_of
from sijill.sandbox.storage import InFile, InMemory, Storage
from sijill.settings import SETTINGS, Settings

DEFAULT = "default"
"""The namespace of requests that name no other."""

BASE = b"/_/ns/"

CHANGEABLE = frozenset(
    {
        "access_lifetime",
        "code_lifetime",
        "customers_limit",
        "customers_limit_key",
        "failed_tokens_limit",
        "login_limit",
        "oauth_state",
        "others_limit",
        "plan_limit",
        "refresh_lifetime",
        "webhook_body",
        "webhook_schedule",
        "webhook_targets",
        "webhooks",
    }
)
"""The settings that a namespace may have of its own."""


HEADERS = 10_000
"""Authorization headers whose namespaces are remembered, at most."""


class NotThere(Exception):
    """No namespace has this name."""


class NameTaken(Exception):
    """A namespace has this name already."""


class NoSnapshot(Exception):
    """There is no snapshot of this name to begin as."""


class SettingsRefused(ValueError):
    """Settings that a namespace cannot have; the message says why."""


class Own(NamedTuple):
    """The parts of its own that the default namespace may have."""

    storage: InFile
    folder: str
    """Its absolute path."""
    token: str
    client_secret: str
    driver: SQLite | None
    """With rows to go on with."""


class Namespaces:
    """The namespaces by name, by the tag of their tokens, and by the tokens they begin with."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint, self._seeds = blueprint, SeedImages(blueprint)
        self._named: dict[str, Namespace] = {}
        self._beginning: set[str] = set()
        self._by_tag: dict[bytes, Namespace] = {}
        self._by_token: dict[str, Namespace] = {}
        self._by_header: dict[bytes, Namespace] = {}
        self._holders: dict[str, set[Namespace]] = {}
        self._memory = InMemory(blueprint.statements)
        self._ending: set[asyncio.Task[None]] = set()
        self._numbers = iter(range(1, 2**62))

    @property
    def image(self) -> Pages:
        """The database of a namespace that begins with the demo's rows."""
        return self._blueprint.image

    def all(self) -> list[Namespace]:
        """Return every namespace, in the order in which they were made."""
        return list(self._named.values())

    async def create(self, new: New, own: Own | None = None) -> Namespace:
        """
        Return a new namespace; without parts of its `own` it is in memory.

        Raises: NameTaken; SettingsRefused; SeedRefused; NoSnapshot; TooMany.
        """
        name = new.name or next(filter(self._is_free, map("ns{}".format, self._numbers)))
        if not self._is_free(name):
            raise NameTaken(name)
        most = self._blueprint.settings.max_namespaces
        if len(self._named) + len(self._beginning) >= most:
            raise TooMany(f"{most} namespaces are the most that max_namespaces allows: delete one")
        self._beginning.add(name)
        try:
            made = await self._begun(name, new, own)
        finally:
            self._beginning.discard(name)
        self._named[name] = self._by_tag[made.instance.source.tag] = made
        self._by_token[made.identity.credentials.token] = made
        self._by_header.clear()
        if new.ttl is not None:
            made.idleness = Idleness(new.ttl, lambda: self._end(made))
        return made

    def _is_free(self, name: str) -> bool:
        return name not in self._named and name not in self._beginning

    async def _begun(self, name: str, new: New, own: Own | None) -> Namespace:
        """Return a namespace that has begun. Raises: as `create`."""
        settings = own_settings(self._blueprint, new.settings)
        beginning = Beginning(self._blueprint.image)
        if new.document is not None:
            local = settings.webhook_targets == "local"
            image, limits = await self._seeds.beginning(new.document, local=local)
            beginning = Beginning(image)
            settings = own_settings(self._blueprint, limits | new.settings)
        elif new.origin is not None:
            beginning = self._snapshot(new.origin)
        path = b"" if name == DEFAULT else BASE + name.encode()
        url = self._blueprint.public_url() + path.decode()
        secrets = credentials(self._blueprint.key, name, new.random)
        storage: Storage = self._memory
        folder = ""
        if own is not None:
            storage, folder = own.storage, own.folder
            secrets = secrets._replace(token=own.token, client_secret=own.client_secret)
        identity = Identity(name, new.random, url, path, settings, secrets, folder)
        made = Namespace(identity, self._blueprint, beginning, storage, self._holds, shown_of)
        await made.begin(None if own is None else own.driver)
        return made

    def _snapshot(self, origin: Origin) -> Beginning:
        """Return the beginning of a namespace that begins as a snapshot. Raises: NoSnapshot."""
        try:
            snapshot = self.find(origin.namespace).snapshots[origin.snapshot]
        except (NotThere, KeyError):
            raise NoSnapshot from None
        return Beginning(snapshot.image, snapshot.at)

    def _end(self, idle: Namespace) -> None:
        """End a namespace that nobody has used for as long as it may be unused."""
        if self._named.get(idle.identity.name) is idle:
            ending = asyncio.get_running_loop().create_task(self.remove(idle.identity.name))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    def find(self, name: str) -> Namespace:
        """Return a namespace. Raises: NotThere."""
        found = self._named.get(name)
        if found is None:
            raise NotThere(name)
        return found

    def minted(self, token: str) -> Namespace | None:
        """Return the namespace that minted a token, an authorization code or another secret."""
        tag = tag_of(token)
        return self._by_token.get(token) or (None if tag is None else self._by_tag.get(tag))

    def of_authorization(self, header: bytes) -> Namespace:
        """Return the namespace that minted the token of a header, else the default."""
        found = self._by_header.get(header)
        if found is None:
            found = self.minted(bearer(header.decode("latin-1")) or "") or self.find(DEFAULT)
            if len(self._by_header) >= HEADERS:
                self._by_header.clear()
            self._by_header[header] = found
        return found

    def _holds(self, namespace: Namespace, clients: Iterable[str]) -> None:
        """Note the client ids of all apps that a namespace has from now on."""
        for client_id in namespace.clients:
            self._holders[client_id].discard(namespace)
            if not self._holders[client_id]:
                del self._holders[client_id]
        namespace.clients = frozenset(clients)
        for client_id in namespace.clients:
            self._holders.setdefault(client_id, set()).add(namespace)

    async def only_holder(
        self, client_id: str, named: Collection[Namespace | None]
    ) -> Namespace | None:
        """
        Return the only namespace that has an app with this client_id.

        None if several have one, or a `named` one has, or the default where none is named.
        """
        holders = set(self._holders.get(client_id, ()))
        default = self._named.get(DEFAULT)
        if client_id and default is not None and await default.has_client(client_id):
            holders.add(default)  # commands make apps in its file
        first: set[Namespace | None] = {one for one in named if one is not None} or {default}
        return next(iter(holders)) if len(holders) == 1 and not holders & first else None

    async def remove(self, name: str) -> None:
        """End a namespace. Raises: NotThere."""
        found = self.find(name)
        self._holds(found, ())
        del self._named[name]
        self._by_header.clear()
        del self._by_tag[found.instance.source.tag]
        del self._by_token[found.identity.credentials.token]
        await found.end()

    def drain(self) -> None:
        """Let nothing wait any longer, in any namespace: the sandbox stops."""
        for namespace in self.all():
            namespace.drain()

    async def close(self) -> None:
        """End every namespace."""
        await asyncio.gather(*(self.remove(name) for name in list(self._named)))


def own_settings(blueprint: Blueprint, changes: Mapping[str, str]) -> Settings:
    """
    Return the settings of a namespace.

    Raises: SettingsRefused.
    """
    values = {}
    for name, text in changes.items():
        if name not in CHANGEABLE:
            raise SettingsRefused(f"{name} is not a setting of a namespace")
        try:
            values[name] = SETTINGS[name].parse(text)
        except ValueError as fault:
            raise SettingsRefused(f"{name}: {fault}") from None
    return replace(blueprint.settings, **values)
