"""Every page of the console with an address that a demo has."""

import re

from sijill.console.routes import ROWS
from sijill.stores.model import CUSTOMER_ID, SHOP

EXAMPLES = {"store": SHOP.id, "customer": CUSTOMER_ID}
"""A value for each parameter of a path, by its name."""


def places() -> list[str]:
    """
    Return the address of every page, in the order of the table.

    Raises: KeyError for a parameter without an example.
    """
    paths = [row.path for row in ROWS if row.method == "GET"]
    return [re.sub(r"\{(\w+)\}", lambda found: str(EXAMPLES[found[1]]), path) for path in paths]
