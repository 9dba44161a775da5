"""
The command `sijill`: parse, call, print.

Owns: commands, options, exit codes, the texts in a terminal.
Depends on: `app` and everything it builds, `settings`. Leaves to others: the work itself.
"""

from sijill.cli.main import main

__all__ = ["main"]
