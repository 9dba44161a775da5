"""The seed document: its keys, and the rows that it stands for."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sijill.groups.fields import GROUP
from sijill.groups.model import Group
from sijill.oauth.apps import App
from sijill.oauth.fields import APP, PERSON
from sijill.sandbox.seeds.customers import SCHEMA as CUSTOMER
from sijill.sandbox.seeds.customers import NewCustomer
from sijill.sandbox.seeds.faults import Faults
from sijill.sandbox.seeds.sections import (
    LIMITS,
    POPULATION,
    ROOT,
    NewPerson,
    Population,
    Sections,
)
from sijill.stores.fields import STORE
from sijill.stores.model import Store
from sijill.values.depth import DEPTH, exceeds_max_depth
from sijill.webhooks.fields import SUBSCRIPTION
from sijill.webhooks.model import Webhook


def _keys(names: Iterable[str], **more: Any) -> dict[str, Any]:
    return {"properties": {name: {} for name in names} | more}


SCHEMA: Mapping[str, Any] = _keys(
    (),
    store=_keys(STORE.fields),
    limits=_keys(LIMITS),
    apps={"items": _keys(APP.fields)},
    owners={"items": _keys(PERSON.fields)},
    groups={"items": _keys(["id"], **GROUP.schema()["properties"])},
    # A list of customers, or an object that says how many are made up.
    customers={"items": CUSTOMER, **_keys(POPULATION.fields)},
    webhooks={"items": _keys(["app"], **SUBSCRIPTION.schema()["properties"])},
)
"""The keys of a document, in JSON Schema: see `faults.unknown_keys`."""


def _names(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with the names of its keys alone: their values are read leniently."""
    names = {"items": _names(schema["items"])} if "items" in schema else {}
    inner = {name: _names(one) for name, one in schema.get("properties", {}).items()}
    return names | ({"properties": inner} if inner else {})


NAMES: Mapping[str, Any] = _names(SCHEMA)
"""The keys of a document, for its description."""


class Seed(NamedTuple):
    """The rows of a document, in the order in which they are written."""

    store: Store
    apps: list[App]
    owners: list[NewPerson]
    """The first one lets apps in; without any, the demo's owner does."""
    groups: list[Group]
    customers: list[NewCustomer]
    population: Population
    webhooks: list[Webhook]
    limits: dict[str, str]
    """Settings by name, as people write them."""


def read_seed(document: Any, base: Store, *, today: datetime, local: bool) -> Seed:
    """
    Return the rows of a document, a JSON value.

    `base` is the store of a document that says nothing of it. `today` is the aware time by which
    birthdays are judged. `local` says whether webhooks may go to local addresses.
    Raises: SeedRefused with every fault.
    """
    faults = Faults()
    if exceeds_max_depth(document):
        faults.add(ROOT, f"is nested deeper than {DEPTH} levels")
        faults.check()
    faults.add_unknown(ROOT, document, SCHEMA)
    sections = Sections(document, faults, local=local)
    store = sections.store(base)
    apps, groups = sections.apps(store), sections.groups()
    seed = Seed(
        store,
        apps,
        sections.owners(store),
        groups,
        sections.customers(store, {group.id for group in groups}, today),
        sections.population(),
        sections.webhooks(store, apps),
        sections.limits(),
    )
    faults.check()
    return seed
