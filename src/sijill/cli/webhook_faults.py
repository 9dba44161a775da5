"""`sijill fault webhook`: the faults that deliveries of a namespace meet."""

from sijill.cli.faults import WEBHOOKS, rule_commands

add_command, list_command, clear_command = rule_commands(WEBHOOKS)
