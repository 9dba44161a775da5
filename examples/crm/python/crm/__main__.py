"""The commands: `python -m crm import`, `serve`, or `add FIRST LAST EMAIL`."""

import os
import sys
from argparse import ArgumentParser

from crm.config import from_environment, required
from crm.importing import import_customers
from crm.salla import Salla, SallaError
from crm.store import Store
from crm.webhooks import Receiver

parser = ArgumentParser(prog="crm", description=__doc__)
commands = parser.add_subparsers(dest="command", required=True)
commands.add_parser("import", help="bring every customer of the store into the CRM")
serve = commands.add_parser("serve", help="receive webhooks")
serve.add_argument("--port", type=int, default=8080)
add = commands.add_parser("add", help="create a customer in the store")
for field in ("first_name", "last_name", "email"):
    add.add_argument(field)


def main() -> None:
    """Run the command that the arguments name."""
    arguments = parser.parse_args()
    path = os.environ.get("CRM_DATABASE", "crm.sqlite")
    if arguments.command == "serve":
        receiver = Receiver(arguments.port, path, required("SALLA_WEBHOOK_SECRET"))
        sys.stdout.write(f"Listening on port {receiver.server_port}\n")
        sys.stdout.flush()
        receiver.serve_forever()
        return
    store = Store(path)
    salla = Salla(from_environment(), store)
    if arguments.command == "import":
        import_customers(salla, store)
        sys.stdout.write(f"{len(store.customers())} customers\n")
    else:
        made = salla.create_customer(arguments.first_name, arguments.last_name, arguments.email)
        sys.stdout.write(f"customer {made['id']}\n")


if __name__ == "__main__":
    try:
        main()
    except SallaError as fault:
        sys.exit(str(fault))
