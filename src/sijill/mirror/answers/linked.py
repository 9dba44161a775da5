"""Which stores are linked, and how complete their copies are: read once a second."""

from collections.abc import Callable

from sijill.customers.model import CustomerFilter
from sijill.customers.table import CustomerTable
from sijill.mirror.answers.headers import completeness
from sijill.mirror.model import MirrorStore
from sijill.mirror.table import MirrorTable

EVERY = 1.0
"""Seconds after which the table is read again: a new link takes no longer to be seen."""


class Linked:
    """The linked stores, as they were within the last second."""

    def __init__(
        self, mirror: MirrorTable, customers: CustomerTable, monotonic: Callable[[], float]
    ) -> None:
        self._mirror, self._customers, self._monotonic = mirror, customers, monotonic
        self._stores: dict[int, MirrorStore] = {}
        self._completeness: dict[int, bytes] = {}
        self._read_at: float | None = None

    async def find(self, store_id: int) -> MirrorStore | None:
        """Return a linked store; None for one that is the register's own. Raises: Unavailable."""
        now = self._monotonic()
        if self._read_at is None or not 0 <= now - self._read_at < EVERY:
            self._stores = {store.store_id: store for store in await self._mirror.all()}
            self._completeness.clear()
            self._read_at = now
        return self._stores.get(store_id)

    async def completeness(self, store: MirrorStore) -> bytes:
        """Return the part of upstream's customers that a store holds. Raises: Unavailable."""
        found = self._completeness.get(store.store_id)
        if found is None:
            page = await self._customers.page(store.store_id, CustomerFilter(), offset=0, limit=1)
            found = completeness(page.total, store.total)
            self._completeness[store.store_id] = found
        return found
