"""`sijill serve`, `sijill demo` and `sijill deliver`, whose functions import the whole server."""

from sijill.cli.arguments import command, option
from sijill.cli.loading import late
from sijill.cli.register import REGISTER
from sijill.settings import SETTINGS

_SERVE = [name for name in SETTINGS if not name.startswith("demo_") and name != "tls"]
_DEMO = [n for n in SETTINGS if n not in ("database_url", "database_connections", "tls")]
_DELIVER = (
    *(*REGISTER, "database_connections", "webhooks", "webhook_schedule", "webhook_targets"),
    *("webhook_headers", "log_level", "log_format"),
)
_TLS = option("--tls", SETTINGS["tls"].sentence, is_flag=True, flag_value="on")

serve_command = command(_TLS, settings=_SERVE)(late("serving", "serve"))
demo_command = command(
    option("--keep", "Continue with the last demo's data and secrets.", is_flag=True),
    _TLS,
    settings=_DEMO,
)(late("serving", "demo"))
deliver_command = command(settings=_DELIVER)(late("serving", "deliver"))
