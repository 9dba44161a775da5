"""Every command under its name."""

import typer

from sijill.cli import (
    apps,
    data,
    imports,
    installs,
    listening,
    operating,
    owners,
    serving,
    stores,
    tls,
    tokens,
    triggering,
    webhooks,
)

app = typer.Typer(
    help="Sijill: a self-hosted customer register that speaks Salla's Customers API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("serve")(serving.serve)
app.command("demo")(serving.demo)
app.add_typer(stores.store_commands, name="store")
app.add_typer(owners.owner_commands, name="owner")
app.add_typer(apps.app_commands, name="app")
apps.app_commands.command("install")(installs.install)
apps.app_commands.command("uninstall")(installs.uninstall)
apps.app_commands.command("installs")(installs.installs)
app.add_typer(tokens.token_commands, name="token")
app.add_typer(webhooks.webhook_commands, name="webhook")
webhooks.webhook_commands.command("trigger")(triggering.trigger)
webhooks.webhook_commands.command("listen")(listening.listen)
app.command("deliver")(serving.deliver)
app.add_typer(tls.tls_commands, name="tls")
app.command("import")(data.import_command)
app.add_typer(imports.import_commands, name="imports")
app.command("export")(data.export_command)
app.command("seed")(data.seed)
app.command("migrate")(operating.migrate)
app.command("settings")(operating.settings)
app.command("doctor")(operating.doctor)
app.command("version")(operating.version)


def main() -> None:
    """Run the command line."""
    app()
