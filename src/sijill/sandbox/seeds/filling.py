"""From the rows of a seed document to a database."""

from collections.abc import Awaitable, Sequence
from functools import partial

from sijill.customers.model import Edit, EditOutcome
from sijill.database.sqlite.memory import MemorySQLite
from sijill.database.sqlite.pages import Pages
from sijill.demo import APP, OWNER
from sijill.errors import Taken
from sijill.groups.evaluation import evaluate_some
from sijill.imports.seed import seed_customers
from sijill.oauth.passwords import Passwords
from sijill.register import Register
from sijill.sandbox.blueprint import MADE_UP_BEFORE, Blueprint
from sijill.sandbox.seeds.customers import NewCustomer
from sijill.sandbox.seeds.document import Seed
from sijill.sandbox.seeds.faults import Faults
from sijill.sandbox.seeds.sections import ROOT, NewPerson
from sijill.sandbox.source import Source
from sijill.values.ids import random_id

BATCH = 500
"""Customers of one transaction."""

TAKEN = "another row of the document has the same"


async def image_of(seed: Seed, blueprint: Blueprint) -> Pages:
    """
    Return the database that holds the rows of a document, and the app of every namespace.

    Raises: SeedRefused if two rows have the same unique value.
    """
    driver, source = MemorySQLite(blueprint.statements), Source(blueprint.key, ROOT, 0)
    register = Register(driver, partial(random_id, source), blueprint.sealer)
    try:
        await register.schema.migrate(MADE_UP_BEFORE)
        await _fill(register, seed, blueprint.password)
        return (await driver.pages()).merged()
    finally:
        await register.close()


async def _fill(register: Register, seed: Seed, password: str) -> None:
    """Write the rows; `password` is the hash for owners without a password of their own."""
    store_id, faults = seed.store.id, Faults()
    await register.stores.create(seed.store)
    await register.apps.create(APP)
    for place, app in enumerate(seed.apps):
        await _unique(faults, f"{ROOT}.apps[{place}]", register.apps.create(app))
    for place, (person, own) in enumerate(seed.owners or [NewPerson(OWNER, None)]):
        hashed = password if own is None else await Passwords().hashed(own)
        create = register.people.create(person, hashed, [store_id])
        await _unique(faults, f"{ROOT}.owners[{place}]", create)
    for place, group in enumerate(seed.groups):
        create_group = register.groups.create(store_id, group)
        await _unique(faults, f"{ROOT}.groups[{place}]", create_group)
    faults.check()
    for first in range(0, len(seed.customers), BATCH):
        edits = [_edit(new) for new in seed.customers[first : first + BATCH]]
        _note_refused(faults, first, await register.customers.change(store_id, edits))
    faults.check()
    size, number = seed.population
    await seed_customers(register.customers, store_id, size, number, MADE_UP_BEFORE)
    for webhook in seed.webhooks:
        await register.webhooks.subscribe(webhook)
    while await evaluate_some(register.driver):
        pass


async def _unique(faults: Faults, path: str, create: Awaitable[object]) -> None:
    try:
        await create
    except Taken as taken:
        faults.add(f"{path}.{taken.field}", TAKEN)


def _edit(new: NewCustomer) -> Edit:
    return Edit(None, lambda _: new.customer, new.groups)


def _note_refused(faults: Faults, first: int, outcomes: Sequence[EditOutcome]) -> None:
    """Note the refused customers of a batch that begins at the number `first`."""
    for place, outcome in enumerate(outcomes, first):
        for field in outcome.refused.fields if outcome.refused else ():
            faults.add(f"{ROOT}.customers[{place}].{field}", TAKEN)
