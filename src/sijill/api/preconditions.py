"""`If-Match`: a write that holds only for the object its writer has read."""

from sijill.api.caching import entity_tag, matches
from sijill.api.http import Request
from sijill.domain.customers import Customer
from sijill.domain.errors import PreconditionFailed
from sijill.domain.stores import Store
from sijill.wire.customers import body
from sijill.wire.envelope import success


def check(request: Request, customer: Customer, store: Store) -> None:
    """
    Raise PreconditionFailed unless `If-Match` is absent, is `*`, or names the customer's tag.

    The tag is that of Customer Details without `fields[]`. Source: RFC 9110 §13.1.1.
    """
    wanted = request.header(b"if-match")
    if wanted is None:
        return
    if not matches(wanted, entity_tag(success(body(customer, store)))):
        raise PreconditionFailed
