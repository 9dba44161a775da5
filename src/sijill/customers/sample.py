"""Salla's own sample: the demo serves it, and the description shows it."""

from datetime import UTC, datetime

from msgspec.structs import replace

from sijill.customers.model import blank
from sijill.stores.model import CUSTOMER_ID

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
"""The customer of Salla's Customer Details page."""
