"""`If-Match`: a write that holds only for the object its writer has read."""

from sijill.customers.model import Customer
from sijill.customers.wire import body
from sijill.errors import PreconditionFailed
from sijill.http.caching import entity_tag, matches
from sijill.http.envelope import success
from sijill.http.request import Request
from sijill.stores.model import Store


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
