"""Every customer of a store into a file."""

from collections.abc import Callable

from sijill.customers.fields import cells
from sijill.customers.table import CustomerTable
from sijill.imports.writing import Writer

_STEP = 500  # customers between two words of progress


async def export_customers(
    customers: CustomerTable,
    store_id: int,
    writer: Writer,
    on_progress: Callable[[int], None] = lambda done: None,
) -> int:
    """
    Write every customer of a store, by id ascending, and return how many there were.

    `on_progress` gets the number of customers written so far.
    Raises: Unavailable if the database is away: the file is not whole then.
    """
    done = 0
    async for customer in customers.each(store_id):
        writer.write(cells(customer))
        done += 1
        if done % _STEP == 0:
            on_progress(done)
    writer.close()
    on_progress(done)
    return done
