"""
The command `sijill`: parses, calls, prints.

Owns: commands, options, exit codes, texts on a terminal. The parts below do the work.
"""

from sijill.cli.main import main

__all__ = ["main"]
