"""
The command `sijill`: parses, calls, prints.

Owns: commands, options, exit codes, texts on a terminal. The parts below do the work.
"""

import signal


def main() -> None:
    """Run the command line."""
    # Ctrl-C ends the process without a traceback while the commands are imported.
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sijill.cli.tree import sijill

    signal.signal(signal.SIGINT, before)
    sijill()()
