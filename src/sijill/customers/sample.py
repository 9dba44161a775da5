"""The customer of Salla's own sample: the demo store holds it, and the description shows it."""

from datetime import UTC, datetime

from sijill.customers.model import Customer

_WRITTEN = datetime(2020, 4, 2, 19, 43, 26, tzinfo=UTC)  # 22:43:26 in Riyadh

AHMED = Customer(
    id=2075683582,
    first_name="Ahmed",
    last_name="Ali",
    mobile=777777777,
    mobile_code="967",
    email="ahmedali@test.test",
    avatar="",
    gender="male",
    birthday=None,
    city="Riyadh",
    country="السعودية",
    country_code="SA",
    currency="SAR",
    location="",
    lang="ar",
    created_at=_WRITTEN,
    updated_at=_WRITTEN,
    groups=(11323141, 11323142),
)
"""The customer of Salla's Customer Details page."""
