"""
The command `sijill` as a child: `python -m sijill.testing.child sandbox …`.

It ends with its standard input, so it does not outlive its parent, however that ends. Its folder is
a temporary one, which ends with it.
"""

import os
import signal
import threading
from tempfile import TemporaryDirectory

from sijill.cli import main


def end_with_input() -> None:
    """Wait for the end of the input, and send this process SIGTERM."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    with TemporaryDirectory(prefix="sijill-test-") as folder:
        os.chdir(folder)
        main()
