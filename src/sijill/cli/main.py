"""Every command, and the way out of it."""

import typer

from sijill.cli import data, imports, operating, serving, stores

app = typer.Typer(
    help="Sijill: a self-hosted customer register that speaks Salla's Customers API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("serve")(serving.serve)
app.command("demo")(serving.demo)
app.add_typer(stores.store_commands, name="store")
app.add_typer(stores.app_commands, name="app")
app.add_typer(stores.token_commands, name="token")
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
