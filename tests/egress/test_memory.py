"""A server that sends nothing holds nothing of what sending takes."""

import subprocess
import sys


def test_the_client_library_is_imported_at_the_first_message_only() -> None:
    script = (
        "import sys; from sijill.egress.sending import Sender; Sender(local=False);"
        "print(sorted({'anyio', 'certifi', 'h11', 'httpcore', 'idna'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
