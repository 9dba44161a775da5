"""The commands that serve or deliver; their functions import the whole server."""

from sijill.cli.arguments import JSON, command, option
from sijill.cli.loading import late
from sijill.cli.seed_file import SEED
from sijill.settings import SETTINGS

_NOT_SERVE = ("tls", "admin_token", "allowed_hosts", "max_namespaces")
_SERVE = [n for n in SETTINGS if not n.startswith("demo_") and n not in _NOT_SERVE]
_NOT_SANDBOX = (
    *("database_url", "database_connections", "replica_url", "replica_max_age", "redis_url"),
    *("counters", "on_counter_error", "nodes", "workers", "tls"),
)
SANDBOX = [n for n in SETTINGS if n not in _NOT_SANDBOX]
_DELIVER = (
    *("data_dir", "database_url", "database_connections", "webhooks", "webhook_schedule"),
    *("webhook_targets", "webhook_headers", "log_level", "log_format"),
)
DEMO_DEFAULTS = {"access_log": "off", "log_format": "text", "webhook_targets": "local"}
"""Defaults of the sandbox, in place of those of the table."""

KEEP = option("--keep", "Keep the data and the secrets that the last run had.", is_flag=True)
TLS = option("--tls", SETTINGS["tls"].sentence, is_flag=True, flag_value="on")

serve_command = command(TLS, JSON, settings=_SERVE)(late("serving", "serve"))
sandbox_command, demo_command = (
    command(TLS, KEEP, SEED, JSON, settings=SANDBOX, defaults=DEMO_DEFAULTS)(
        late("sandboxing", name)
    )
    for name in ("sandbox", "demo")
)
deliver_command = command(JSON, settings=_DELIVER)(late("serving", "deliver"))
