"""
Every command: its name, its function, its help.

A command imports its function when it is called. A list of commands imports none of them.
"""

import gc
from importlib import import_module
from typing import Any, NamedTuple

import click


class Row(NamedTuple):
    """One command: `module:function` of this package, and the help."""

    function: str
    help: str


GROUPS = {
    "": "Sijill: a self-hosted customer register that speaks Salla's Customers API.",
    "store": "Stores: the tenants of the register.",
    "owner": "Owners: the people who let apps into stores.",
    "app": "Apps: the programs that act in stores.",
    "token": "Access tokens of apps in stores.",
    "webhook": "Webhooks: subscriptions of apps, and their deliveries.",
    "tls": "HTTPS for unmodified clients.",
    "imports": "Files of customers that apps uploaded.",
}
"""The first word of commands that have two, and its help."""

COMMANDS = {
    "serve": Row("serving:serve", "Serve the register until a signal. Every setting is an option."),
    "demo": Row(
        "serving:demo",
        "Serve a demo store with a ready token, from a folder of its own that starts clean.",
    ),
    "store create": Row("stores:create", "Create a store."),
    "store list": Row("stores:list_stores", "List the stores."),
    "owner create": Row(
        "owners:create",
        "Create an owner of stores. The command asks twice for the password, and never shows it.",
    ),
    "owner list": Row("owners:list_owners", "List the owners and their stores."),
    "owner password": Row(
        "owners:password", "Set a new password; sessions that began with the old password end."
    ),
    "app create": Row(
        "apps:create",
        "Create an app. A secret made here is shown this once; only its SHA-256 is stored.",
    ),
    "app list": Row("apps:list_apps", "List the apps."),
    "app update": Row(
        "apps:update",
        "Change an app: a given value replaces the old one whole. Issued tokens stay.",
    ),
    "app secret": Row(
        "apps:secret", "Make a new secret and show it this once; the old secret stops."
    ),
    "app install": Row(
        "installs:install",
        "Install an app without asking an owner, and print the event app.store.authorize.\n\n"
        "The app's webhook_url, if it has one, receives app.installed and this event too.",
    ),
    "app uninstall": Row(
        "installs:uninstall",
        "Take an app out of a store; its tokens there are revoked, and its webhooks removed.\n\n"
        "The app's webhook_url, if it has one, receives app.uninstalled.",
    ),
    "app installs": Row(
        "installs:list_installs",
        "List which app is in which store, and the owner who let it in; yours have no owner.",
    ),
    "token create": Row(
        "tokens:create",
        "Create an access token. It is shown this once: the register stores only its SHA-256.",
    ),
    "token list": Row(
        "tokens:list_tokens",
        "List tokens, by id; the register does not store the tokens themselves.",
    ),
    "token expire": Row(
        "tokens:expire",
        "Let a token expire now, as if its lifetime had ended; its refresh token stays valid.",
    ),
    "token revoke": Row(
        "tokens:revoke",
        "Revoke a token and its refresh token for good; every process refuses it within a second.",
    ),
    "token reuse": Row(
        "tokens:reuse",
        "Revoke a token as if its refresh token had been used twice; the next refresh is a 401.",
    ),
    "webhook list": Row(
        "webhooks:list_webhooks",
        "List the webhooks; under the event app.* an app learns of its own installs.",
    ),
    "webhook deliveries": Row("webhooks:deliveries", "List deliveries, newest first."),
    "webhook redeliver": Row(
        "webhooks:redeliver", "Repeat deliveries, from the first attempt on; print their number."
    ),
    "webhook resume": Row(
        "webhooks:resume",
        "Resume a paused webhook; the deliveries that fell due meanwhile are sent.",
    ),
    "webhook trigger": Row(
        "triggering:trigger",
        "Add an event, which the server or sijill deliver delivers, and print its id.",
    ),
    "webhook listen": Row(
        "listening:listen",
        "Receive webhooks on this machine until a signal, and print a line for each.\n\n"
        "The line says whether the signature is ok, wrong, none, or unchecked for want of a "
        "secret.",
    ),
    "deliver": Row(
        "serving:deliver",
        "Deliver webhooks until a signal. Several may run at once, on several machines too.\n\n"
        "It delivers where webhooks is off as well: that leaves deliveries to this command.",
    ),
    "tls ca": Row(
        "tls:ca", "Print the certificate to trust, as PEM; the authority is made if there is none."
    ),
    "tls hosts": Row("tls:hosts", "Print the line for /etc/hosts that sends the names here."),
    "import": Row(
        "data:import_file",
        "Import customers. Good rows go in; bad rows are printed and written to a file of rejects.",
    ),
    "imports list": Row(
        "imports:list_imports", "List the uploaded files of a store, newest first."
    ),
    "imports show": Row(
        "imports:show_import",
        "Show how far an uploaded file is; its refused rows stay for 24 hours.",
    ),
    "imports undo": Row(
        "imports:undo",
        "Delete the customers that a file made and nobody changed since, within 24 hours.",
    ),
    "export": Row(
        "data:export_file",
        "Export every customer of a store; importing the file again changes nothing.",
    ),
    "seed": Row(
        "data:seed",
        "Add made-up Saudi customers, the same for the same seed. No webhook learns of them.",
    ),
    "migrate": Row(
        "operating:migrate",
        "Bring the schema up to date (serving does it too); a SQLite file is copied first.",
    ),
    "settings": Row(
        "operating:settings",
        "Print every setting, its value and where it came from; secrets are masked.",
    ),
    "doctor": Row(
        "operating:doctor", "Examine everything that serving needs, and say how to mend each fault."
    ),
    "version": Row("operating:version", "Print the version."),
}
"""Every command by its words, in the order of the help."""


class Command(click.Command):
    """A command that imports its function when it is called."""

    def __init__(self, name: str, row: Row) -> None:
        super().__init__(name, help=row.help, short_help=row.help.partition("\n\n")[0])
        self._function = row.function

    def load(self) -> click.Command:
        """Return the command with its options."""
        module, function = self._function.split(":")
        # Modules live as long as the process: no search for garbage finds any in them.
        gc.disable()
        command: click.Command = getattr(import_module(f"sijill.cli.{module}"), function)
        gc.freeze()
        gc.enable()
        command.name, command.help = self.name, self.help
        return command

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Return the context of the command with its options."""
        return self.load().make_context(*args, **more)


def commands() -> click.Group:
    """Return the command `sijill`."""
    groups = {name: click.Group(name, help=text) for name, text in GROUPS.items()}
    sijill = groups[""]
    for words, row in COMMANDS.items():
        *first, name = words.split()
        group = groups["".join(first)]
        group.add_command(Command(name, row))
        if first:
            sijill.commands.setdefault(first[0], group)
    return sijill


def main() -> None:
    """Run the command line."""
    commands()()
