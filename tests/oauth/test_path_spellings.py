"""However the path of a customer is spelled, it leads past no limit."""

import pytest
from fixtures.world import POLICY, World

from sijill.customers.examples import AHMED
from sijill.limits.policy import Quota

pytestmark = pytest.mark.proves("no spelling of a path passes by the limit of customers")

ID = str(AHMED.id)
COUNTED = [
    f"/customers/{ID}",
    f"/admin/v2/customers/{ID}",
    f"/%63ustomers/{ID}",
    f"/customer%73/{ID}",
    f"/%63%75%73%74%6F%6D%65%72%73/{ID}",
    f"/%63%75%73%74%6f%6d%65%72%73/{ID}",
    f"/%61dmin/v2/customers/{ID}",
    f"/admin/%762/customers/{ID}",
    f"/customers/{ID[:-1]}%3{ID[-1]}",
    f"/customers/{ID}?",
    f"/customers/{ID}?fields[]=",
    f"/customers/{ID}?/customers",
    f"/customers/{ID}?path=/stores",
]
"""Paths that lead to the customer: each is counted."""
ABSENT = [
    f"/Customers/{ID}",
    f"/CUSTOMERS/{ID}",
    f"/customers/{ID}/",
    f"/customers//{ID}",
    f"//customers/{ID}",
    f"/./customers/{ID}",
    f"/x/../customers/{ID}",
    f"/customers/./{ID}",
    f"/customers/%2e/{ID}",
    f"/%2e/customers/{ID}",
    f"/customers;x=1/{ID}",
    f"/customers%2F{ID}",
    f"/customers%5C{ID}",
    f"\\customers\\{ID}",
    f"/customers%00/{ID}",
    f"/customers%20/{ID}",
    f"/%25%36%33ustomers/{ID}",
    f"/%2563ustomers/{ID}",
    f"/c%75stomers%09/{ID}",
    f"/admin/v2/admin/v2/customers/{ID}",
    f"/admin/v1/customers/{ID}",
    f"/admin%2Fv2/../customers/{ID}",
    f"/v2/customers/{ID}",
    f"/\uff43ustomers/{ID}",
    f"/customers\u200b/{ID}",
]
"""Paths that a reader less strict might take for it: none has a route."""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", COUNTED + ABSENT)
def test_a_spelling_is_counted_or_leads_nowhere(world: World, path: str, method: str) -> None:
    world.change(policy=POLICY._replace(customers=Quota(1, 600.0), plans=False))
    answer = world.ask(method, path)
    assert answer.status == (200 if path in COUNTED else 404)
    if answer.status == 200:
        assert answer.headers["x-ratelimit-remaining"] == "0"
    else:
        assert ID.encode() not in answer.body
    after = world.ask(method, path)
    assert after.status == (429 if answer.status == 200 else 404)


def test_no_spelling_opens_what_another_has_spent(world: World) -> None:
    world.change(policy=POLICY._replace(customers=Quota(1, 600.0), plans=False))
    assert world.get(COUNTED[0]).status == 200
    for path in COUNTED + ABSENT:
        for method in ("GET", "HEAD", "PUT", "DELETE", "POST"):
            answer = world.ask(method, path, x_http_method_override="GET")
            assert answer.status in (404, 405, 429), (method, path)
