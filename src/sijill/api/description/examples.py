"""Example bodies, made by the code that makes answers: clients get what they are shown."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

from msgspec import json

from sijill.api.description.wording import Json, Text
from sijill.customers.model import Customer, Extras
from sijill.customers.sample import AHMED
from sijill.customers.wire import body
from sijill.errors import Fault
from sijill.http.envelope import listing, pagination, success
from sijill.http.errors import refusal
from sijill.http.languages import Language
from sijill.http.query import Paging
from sijill.stores.model import ProfileName, Store
from sijill.stores.profiles import PROFILES

CUSTOMER_ID = AHMED.id
"""The customer of Salla's Customer Details page; the demo store holds it."""

_ALI = Customer(
    id=1188233194,
    first_name="Ali",
    last_name="Ahmed",
    mobile=560000000,
    mobile_code="966",
    email="ali@email.sa",
    avatar="",
    gender="male",
    birthday=date(2001, 2, 2),
    city="",
    country="السعودية",
    country_code="SA",
    currency="SAR",
    location="",
    lang="ar",
    created_at=datetime(2025, 3, 10, 9, 55, 51, tzinfo=UTC),
    updated_at=datetime(2025, 3, 17, 9, 18, 35, tzinfo=UTC),
    groups=(474034050, 2134252254),
    extras=Extras(orders_count=5, orders_amount=720.91, total_points=21, pending_rating_count=3),
)
_ASKED = ("orders_count", "orders_amount", "is_orders_rated", "is_blocked", "total_points")


def _store(profile: ProfileName) -> Store:
    return Store(
        id=1305146709,
        name="demo",
        profile=profile,
        customer_url="https://shtara.com/profile",
        admin_url="https://shtara.com/profiley",
    )


def details_examples() -> Json:
    """Return Customer Details: the seed's sample, and the other profile with extra keys."""
    return {
        "documented": {
            "summary": Text("عميل واحد", "One customer"),
            "value": _details(AHMED, "documented", ()),
        },
        "observed": {
            "summary": Text(
                "الصيغة `observed` مع مفاتيح إضافية", "The `observed` profile, with extra keys"
            ),
            "value": _details(_ALI, "observed", _ASKED),
        },
    }


def written_examples(customer: Customer) -> Json:
    """Return the answer to a write of a customer."""
    return {
        "documented": {
            "summary": Text("العميل كما كُتب", "The customer as written"),
            "value": _details(customer, "documented", ()),
        }
    }


def list_examples(base: str) -> Json:
    """Return List Customers: the first of two pages; `base` is the server's address."""
    numbers = pagination(
        count=1,
        total=2,
        paging=Paging(page=1, per_page=1),
        address=f"{base}/admin/v2/customers",
        pairs=[("per_page", "1")],
        no_links=PROFILES["documented"].no_links,
    )
    rows = [body(AHMED, _store("documented"))]
    return {
        "documented": {
            "summary": Text("صفحة من عميل واحد", "A page of one customer"),
            "value": json.decode(listing(rows, numbers)),
        }
    }


def refusal_examples(faults: Iterable[Fault]) -> Json:
    """Return the bodies of faults: in both languages, or once where the text is fixed."""
    examples: Json = {}
    met: Counter[str] = Counter()
    for fault in faults:
        met[fault.code] += 1
        name = fault.code if met[fault.code] == 1 else f"{fault.code}_{met[fault.code]}"
        for language in _languages(fault):
            value = json.decode(refusal(fault, language or "en").body)
            examples[f"{name}_{language}" if language else name] = {"value": value}
    return examples


def _languages(fault: Fault) -> tuple[Language | None, ...]:
    return ("ar", "en") if refusal(fault, "en").language else (None,)


def _details(customer: Customer, profile: ProfileName, fields: Collection[str]) -> Any:
    return json.decode(success(body(customer, _store(profile), fields)))
