"""`sijill customer`: find, show, ban and erase a customer of a store."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sijill.audit.actions import VIEW
from sijill.cli.arguments import ID, argument, it, option
from sijill.cli.consent import Row, deleting
from sijill.cli.register import STORE_OR_ONLY, Register, find_store_or_only, naming, on_register
from sijill.cli.showing import RECORD, sentence, table
from sijill.customers.bans import BAN, banned, unbanned
from sijill.customers.fields import cells
from sijill.customers.model import Customer, CustomerFilter, Edit
from sijill.customers.row import customer_with_extras
from sijill.customers.search import query_of
from sijill.errors import NotFound
from sijill.settings.parsers import whole

_ID = argument("customer_id", "Id of a customer: see customer find.", parse=ID)
_REASON = BAN.fields["reason"].kind.parse


@on_register(
    argument("query", "A name, a mobile or an e-mail, or the beginning of a name or number."),
    option("--limit", "The largest number of rows.", default=20, parse=whole(1, 1_000)),
    STORE_OR_ONLY,
    shown=table("id", "name", "mobile", "email"),
)
async def find_command(
    register: Register, query: str, limit: int, store: str
) -> list[dict[str, Any]]:
    store_id = (await find_store_or_only(register, store)).id
    which = CustomerFilter(terms=query_of(query))
    page = await register.customers.page(store_id, which, offset=0, limit=limit, extras=True)
    if page.rows:
        await register.note(VIEW, store_id, [row[0] for row in page.rows])
    return [_row(customer_with_extras(row)) for row in page.rows]


@on_register(_ID, STORE_OR_ONLY, shown=RECORD)
async def show_command(register: Register, customer_id: int, store: str) -> list[dict[str, Any]]:
    store_id = (await find_store_or_only(register, store)).id
    return [_row(await _find(register, store_id, customer_id))]


@on_register(
    _ID,
    option("--reason", "The reason of the ban.", required=True, parse=it(_REASON)),
    STORE_OR_ONLY,
    shown=sentence("customer {id} is banned: {reason}"),
)
async def ban_command(
    register: Register, customer_id: int, reason: str, store: str
) -> dict[str, Any]:
    now = datetime.now(UTC)
    await _change(register, customer_id, store, lambda old: banned(old, reason, now))
    return {"id": customer_id, "reason": reason}


@on_register(_ID, STORE_OR_ONLY, shown=sentence("customer {id} is not banned"))
async def unban_command(register: Register, customer_id: int, store: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    await _change(register, customer_id, store, lambda old: unbanned(old, now))
    return {"id": customer_id}


async def _look(register: Register, customer_id: int, store: str) -> Row:
    tenant = await find_store_or_only(register, store)
    found = await _find(register, tenant.id, customer_id)
    return {"id": found.id, "name": _name(found), "store_id": tenant.id, "store": tenant.name}


async def _erase(register: Register, row: Row) -> None:
    with naming("customer", id=row["id"]):
        await register.customers.delete(row["store_id"], row["id"], datetime.now(UTC))


erase_command = deleting(
    _ID,
    STORE_OR_ONLY,
    look=_look,
    question="Erase customer {id} ({name}) of {store}, with wallet, points and bodies of events?",
    delete=_erase,
    told="customer {id} is erased",
)


async def _change(
    register: Register, customer_id: int, store: str, decide: Callable[[Customer], Customer]
) -> None:
    def decided(old: Customer | None) -> Customer:
        if old is None:
            raise NotFound
        return decide(old)

    store_id = (await find_store_or_only(register, store)).id
    with naming("customer", id=customer_id):
        await register.customers.change(store_id, [Edit(customer_id, decided)])


async def _find(register: Register, store_id: int, customer_id: int) -> Customer:
    with naming("customer", id=customer_id):
        found = await register.customers.find(store_id, customer_id, extras=True)
    await register.note(VIEW, store_id, [found.id])
    return found


def _name(customer: Customer) -> str:
    return f"{customer.first_name} {customer.last_name}".strip()


def _row(customer: Customer) -> dict[str, Any]:
    """Return a customer as a row: the columns of files, with the name and the mobile in one."""
    row = dict(cells(customer))
    mobile = f"+{customer.mobile_code}{customer.mobile}" if customer.mobile else None
    return {"id": customer.id, "name": _name(customer)} | row | {"mobile": mobile}
