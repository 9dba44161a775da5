"""
The command `sijill`: parse, call, print.

Owns: commands, options, exit codes, what people read in a terminal.
Depends on: `app` and what it builds, `config`. Leaves to others: everything that is done.
"""

from sijill.cli.main import main

__all__ = ["main"]
