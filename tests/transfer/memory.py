"""Customers kept in a dict, honest about what is taken: what `transfer` is tested against."""

from collections.abc import AsyncIterator, Sequence

from msgspec import structs

from sijill.domain.customers import Customer, CustomerFilter, CustomerPage, Edit, Outcome
from sijill.domain.errors import NotFound, Taken


class MemoryCustomers:
    """Whoever keeps customers, for a test; `batches` are the sizes of the transactions so far."""

    def __init__(self) -> None:
        self.stores: dict[int, dict[int, Customer]] = {}
        self.batches: list[int] = []

    async def find(self, store_id: int, customer_id: int, *, extras: bool = False) -> Customer:
        try:
            return self.stores[store_id][customer_id]
        except KeyError:
            raise NotFound from None

    async def page(
        self, store_id: int, which: CustomerFilter, *, offset: int, limit: int, extras: bool = False
    ) -> CustomerPage:
        raise NotImplementedError

    async def each(self, store_id: int) -> AsyncIterator[Customer]:
        for _, customer in sorted(self.stores.get(store_id, {}).items()):
            yield customer

    async def change(self, store_id: int, edits: Sequence[Edit]) -> list[Outcome]:
        self.batches.append(len(edits))
        kept = self.stores.setdefault(store_id, {})
        return [self._edit(kept, edit) for edit in edits]

    def all(self, store_id: int) -> list[Customer]:
        return [customer for _, customer in sorted(self.stores.get(store_id, {}).items())]

    def _edit(self, kept: dict[int, Customer], edit: Edit) -> Outcome:
        old = None if edit.customer_id is None else kept.get(edit.customer_id)
        new = edit.decide(old)
        if new.id == 0:
            new = structs.replace(new, id=max(kept, default=0) + 1)
        if old is None and new.id in kept:
            return Outcome(new.id, False, Taken("id"))
        for other in kept.values():
            if other.id != new.id and (field := _taken(other, new)):
                return Outcome(new.id, False, Taken(field))
        kept[new.id] = new
        return Outcome(new.id, old is None)


def _taken(other: Customer, new: Customer) -> str | None:
    if new.mobile and (other.mobile_code, other.mobile) == (new.mobile_code, new.mobile):
        return "mobile"
    return "email" if new.email and other.email == new.email else None
