"""Salla's own sample customer, and example answers made by the code that answers."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from msgspec import json
from msgspec.structs import replace

from sijill.customers.model import Customer, Extras, blank
from sijill.customers.reading import changed, read_customer
from sijill.customers.wire import body
from sijill.errors import Invalid
from sijill.http.envelope import success
from sijill.http.sentences import DELETED
from sijill.localized import Localized
from sijill.openapi.examples import in_both, one_example, page_example
from sijill.openapi.keys import Json
from sijill.stores.model import CUSTOMER_ID, SHOP, ProfileName

_WRITTEN = datetime(2020, 4, 2, 19, 43, 26, tzinfo=UTC)  # 22:43:26 in Riyadh

AHMED = replace(
    blank(CUSTOMER_ID, _WRITTEN),
    first_name="Ahmed",
    last_name="Ali",
    mobile=777777777,
    mobile_code="967",
    email="ahmedali@test.test",
    gender="male",
    city="Riyadh",
    country="السعودية",
    country_code="SA",
    currency="SAR",
    lang="ar",
    groups=(11323141, 11323142),
    extras=None,
)
"""The customer of Salla's Customer Details page: the demo serves it, the description shows it."""


NEW: Json = {
    "first_name": "Ahmed",
    "last_name": "Ali",
    "mobile": "777777777",
    "mobile_code_country": "+967",
    "gender": "female",
    "birthday": "1997-06-03",
    "email": "ahmedali@test.test",
    "groups": ["11323141", "11323142"],
}
CHANGED: Json = {
    "first_name": "Ahmed",
    "last_name": "Ali",
    "email": "ahmed.ali@test.test",
    "gender": "female",
    "birthday": "1997-06-03",
}
"""The bodies that create and update a customer on Salla's pages."""

REFUSED_CHANGE = Invalid({"first_name": ["max:25"], "birthday": ["date"]})
"""The refusal of an update with a first name that is too long, and no day."""

_AT = datetime(2025, 3, 17, 9, 18, 35, tzinfo=UTC)
_ALI = replace(
    blank(1188233194, datetime(2025, 3, 10, 9, 55, 51, tzinfo=UTC)),
    first_name="Ali",
    last_name="Ahmed",
    mobile=560000000,
    mobile_code="966",
    email="ali@email.sa",
    gender="male",
    birthday=date(2001, 2, 2),
    country="السعودية",
    country_code="SA",
    currency="SAR",
    lang="ar",
    updated_at=_AT,
    groups=(474034050, 2134252254),
    extras=Extras(orders_count=5, orders_amount=720.91, total_points=21, pending_rating_count=3),
)
_EXTRAS = ("orders_count", "orders_amount", "is_orders_rated", "is_blocked", "total_points")


def details_examples(base: str) -> Json:
    """Return Customer Details: Salla's sample, and the other profile with extra keys."""
    return {
        "documented": {
            "summary": Localized("عميل واحد", "One customer"),
            "value": _details(AHMED),
        },
        "observed": {
            "summary": Localized(
                "الصيغة `observed` مع مفاتيح إضافية", "The `observed` profile, with extra keys"
            ),
            "value": _details(_ALI, "observed", _EXTRAS),
        },
    }


def list_examples(base: str) -> Json:
    """Return List Customers: the first of two pages."""
    return page_example(
        Localized("صفحة من عميل واحد", "A page of one customer"),
        f"{base}/admin/v2/customers",
        [body(AHMED, SHOP)],
        total=2,
        per_page=1,
    )


def created_examples(base: str) -> Json:
    """Return the answer to NEW."""
    return _written(
        replace(
            changed(None, read_customer(NEW, new=True, today=_AT.date()).values, _AT), id=AHMED.id
        )
    )


def updated_examples(base: str) -> Json:
    """Return the answer to CHANGED."""
    return _written(changed(AHMED, read_customer(CHANGED, new=False, today=_AT.date()).values, _AT))


def deleted_examples(base: str) -> Json:
    """Return the answer to Delete Customer in both languages."""
    bodies = {language: success([sentence]) for language, sentence in DELETED.items()}
    return in_both("deleted", Localized("حُذف", "Deleted"), bodies)


def _written(customer: Customer) -> Json:
    text = Localized("العميل كما كُتب", "The customer as written")
    return one_example(text, _details(customer))


def _details(
    customer: Customer, profile: ProfileName = "documented", fields: Collection[str] = ()
) -> Any:
    return json.decode(success(body(customer, replace(SHOP, profile=profile), fields)))
