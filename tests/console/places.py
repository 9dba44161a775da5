"""Every page of the console with an address that a demo has."""

import re

from sijill.console.routes import ROWS as OWN
from sijill.demo import GROUPS
from sijill.sandbox.console.rows import ROWS as OF_SANDBOX
from sijill.stores.model import CUSTOMER_ID, SHOP

ROWS = (*OWN, *OF_SANDBOX)

EXAMPLES = {"store": SHOP.id, "customer": CUSTOMER_ID, "group": GROUPS[0].id, "request": 1}
"""A value for each parameter of a path, by its name: the first request signs in to the console."""

MADE = ("{person}", "{change}", "{import}", "{webhook}", "{delivery}", "{token}")
"""Parameters of what a demo has none of: tests of their own make one, and look at its page."""


def places() -> list[str]:
    """
    Return the address of every page, in the order of the table.

    Raises: KeyError for a parameter without an example.
    """
    paths = [row.path for row in ROWS if row.method == "GET"]
    paths = [path for path in paths if not any(one in path for one in MADE)]
    return [re.sub(r"\{(\w+)\}", lambda found: str(EXAMPLES[found[1]]), path) for path in paths]
