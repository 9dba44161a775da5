"""The sections of a seed document, each read into the rows that it stands for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from msgspec import structs

from sijill.demo import APP as DEMO
from sijill.demo import SEED
from sijill.egress.targets import BadTarget, parse_target
from sijill.errors import Invalid
from sijill.fields.field import Field, Table
from sijill.fields.form import Fields
from sijill.fields.numbers import COUNT
from sijill.groups.fields import changed, read_group
from sijill.groups.model import DEFAULT_GROUP, Group
from sijill.oauth.apps import App
from sijill.oauth.fields import APP, PERSON
from sijill.oauth.people import Person
from sijill.sandbox.seeds.customers import NewCustomer, read_new_customer
from sijill.sandbox.seeds.faults import Faults
from sijill.sandbox.source import Source
from sijill.settings import SETTINGS
from sijill.stores.fields import STORE
from sijill.stores.model import Store
from sijill.values.dates import utc_text, zone
from sijill.values.ids import random_id
from sijill.webhooks.fields import read_subscription
from sijill.webhooks.handlers import MAX_WEBHOOKS
from sijill.webhooks.model import Webhook, subscribed

ROOT = "seed"
"""The first word of every path."""

LIMITS = (
    *("customers_limit", "customers_limit_key", "others_limit", "plan_limit"),
    *("failed_tokens_limit", "login_limit"),
)
"""The settings that `limits` may have."""

MAX_ROWS = 100_000
"""Rows of a section at most, customers that are made up included."""

_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""When a store may have been created: its rows come after it."""

POPULATION = Table(Field("count", COUNT, 0), Field("seed", COUNT, SEED))
ID = Table(Field("id", STORE.fields["id"].kind, 0))


class NewPerson(NamedTuple):
    """A person to create, and the password; None for that of the sandbox's owner."""

    person: Person
    password: str | None


class Population(NamedTuple):
    """So many made-up customers; another `seed` makes up others."""

    size: int
    seed: int


class Sections:
    """Reads the sections of one document. Rows without a time are as old as the store."""

    def __init__(self, document: Any, faults: Faults, *, local: bool) -> None:
        self.document: Fields = document if isinstance(document, dict) else {}
        self._faults, self._local = faults, local
        if not isinstance(document, dict):
            faults.add(ROOT, "is not an object")

    def store(self, base: Store) -> Store:
        values = self._faults.parse(f"{ROOT}.store", STORE, self._object("store"))
        store = structs.replace(base, **values)
        if store.created_at > _LATEST:
            self._faults.add(f"{ROOT}.store.created_at", f"is later than {utc_text(_LATEST)}")
            return structs.replace(store, created_at=_LATEST)
        return store

    def limits(self) -> dict[str, str]:
        found = {}
        for name, text in self._object("limits").items():
            path = f"{ROOT}.limits.{name}"
            if name not in LIMITS:
                continue
            if not isinstance(text, str):
                self._faults.add(path, "is not a text: write it as in a file of settings")
                continue
            try:
                SETTINGS[name].parse(text)
            except ValueError as fault:
                self._faults.add(path, str(fault))
            found[name] = text
        return found

    def apps(self, store: Store) -> list[App]:
        new_id, apps = _ids("apps"), []
        for path, fields in self._objects("apps"):
            blank = App(new_id(), "", store.created_at)
            app = structs.replace(blank, **_present(self._faults.parse(path, APP, fields)))
            self._require(path, app, "name")
            if app.webhook_url:
                self._check_target(f"{path}.webhook_url", app.webhook_url)
                if app.webhook_strategy != "none":
                    self._require(path, app, "webhook_secret")
            apps.append(app)
        return apps

    def owners(self, store: Store) -> list[NewPerson]:
        new_id, owners = _ids("owners"), []
        for place, (path, fields) in enumerate(self._objects("owners")):
            blank = Person(new_id(), "", "", "", store.created_at + timedelta(seconds=place))
            values = _present(self._faults.parse(path, PERSON, fields))
            password = values.pop("password", None)
            person = structs.replace(blank, **values)
            self._require(path, person, "name", "email")
            owners.append(NewPerson(person, password))
        return owners

    def groups(self) -> list[Group]:
        groups = []
        for path, fields in self._objects("groups"):
            own = {name: value for name, value in fields.items() if name != "id"}
            group_id = self._faults.parse(path, ID, fields).get("id", 0)
            try:
                groups.append(changed(Group(group_id), read_group(own)))
            except Invalid as invalid:
                self._faults.add_rules(path, invalid.fields)
        return groups

    def customers(self, store: Store, groups: set[int], today: datetime) -> list[NewCustomer]:
        """The customers are created one after another, a second apart."""
        if isinstance(self.document.get("customers"), dict):
            return []
        day, customers = today.astimezone(zone(store.timezone)).date(), []
        for place, (path, fields) in enumerate(self._objects("customers")):
            at = store.created_at + timedelta(seconds=place)
            new = read_new_customer(fields, path, self._faults, at=at, today=day)
            named = () if new.groups in (None, DEFAULT_GROUP) else new.groups
            for number, group_id in enumerate(named or ()):
                if group_id not in groups:
                    sentence = "no group of the document has this id"
                    self._faults.add(f"{path}.groups[{number}]", sentence)
            customers.append(new)
        return customers

    def population(self) -> Population:
        fields = self.document.get("customers")
        if not isinstance(fields, dict):
            return Population(0, SEED)
        path = f"{ROOT}.customers"
        values = self._faults.parse(path, POPULATION, fields)
        made_up = Population(values.get("count", 0), values.get("seed", SEED))
        if made_up.size > MAX_ROWS:
            self._faults.add(f"{path}.count", f"is more than {MAX_ROWS}")
        return made_up

    def webhooks(self, store: Store, apps: list[App]) -> list[Webhook]:
        new_id, webhooks = _ids("webhooks"), []
        clients = {app.client_id or str(app.id): app for app in (DEMO, *apps)}
        for place, (path, fields) in enumerate(self._objects("webhooks")):
            own = {name: value for name, value in fields.items() if name != "app"}
            client_id = fields.get("app", DEMO.client_id)
            app = clients.get(client_id) if isinstance(client_id, str) else None
            if app is None:
                self._faults.add(f"{path}.app", "no app of the document has this client_id")
                app = DEMO
            try:
                webhook = subscribed(
                    read_subscription(own, self._accepts),
                    webhook_id=new_id(),
                    store_id=store.id,
                    app_id=app.id,
                    own_secret=app.webhook_secret,
                    at=store.created_at + timedelta(seconds=place),
                )
            except Invalid as invalid:
                self._faults.add_rules(path, invalid.fields)
            else:
                webhooks.append(webhook)
        for app in clients.values():
            if sum(webhook.app_id == app.id for webhook in webhooks) > MAX_WEBHOOKS:
                self._faults.add(f"{ROOT}.webhooks", f"has more than {MAX_WEBHOOKS} of one app")
        return webhooks

    def _object(self, name: str) -> Fields:
        value = self.document.get(name, {})
        if isinstance(value, dict):
            return value
        self._faults.add(f"{ROOT}.{name}", "is not an object")
        return {}

    def _objects(self, name: str) -> Iterator[tuple[str, Fields]]:
        """Yield the objects of a list with their paths."""
        items = self.document.get(name, [])
        if not isinstance(items, list):
            self._faults.add(f"{ROOT}.{name}", "is not a list")
            return
        if len(items) > MAX_ROWS:
            self._faults.add(f"{ROOT}.{name}", f"has more than {MAX_ROWS} rows")
            return
        for place, item in enumerate(items):
            path = f"{ROOT}.{name}[{place}]"
            if isinstance(item, dict):
                yield path, item
            else:
                self._faults.add(path, "is not an object")

    def _require(self, path: str, row: Any, *names: str) -> None:
        for name in names:
            if not getattr(row, name):
                self._faults.add(f"{path}.{name}", "is required")

    def _accepts(self, url: str) -> bool:
        try:
            parse_target(url, local=self._local)
        except BadTarget:
            return False
        return True

    def _check_target(self, path: str, url: str) -> None:
        if not self._accepts(url):
            self._faults.add(path, "is not a URL to which a webhook may go")


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _ids(section: str) -> Callable[[], int]:
    """Return a source of ids, the same for the same section of every document."""
    return partial(random_id, Source(b"", f"{ROOT} {section}", 0))
