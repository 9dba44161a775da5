"""Salla's own sample store: the demo serves it, and the description shows it."""

from sijill.stores.model import Store

CUSTOMER_ID = 2075683582
"""The customer of Salla's Customer Details page, who is in the sample store."""

SHOP = Store(
    id=1305146709,
    name="demo",
    plan="special",
    customer_url="https://shtara.com/profile",
    admin_url="https://shtara.com/profiley",
)
"""The store, with that page's addresses, on the plan with the most requests."""
