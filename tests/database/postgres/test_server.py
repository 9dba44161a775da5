"""The PostgreSQL of the tests, where the clone lies in a folder that others cannot enter."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from fixtures.postgres import PostgresServer, _installed


@pytest.mark.postgres
@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_a_server_runs_where_its_user_cannot_enter_the_clone(tmp_path: Path) -> None:
    package = _installed().parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in (package.name, f"{package.name}.libs"):
        (closed / name).symlink_to(package.parent / name)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = PostgresServer(folder, closed / package.name / _installed().name)
    try:
        server.create()
        server.start()
        server.execute("SELECT 1")
    finally:
        server.stop()
        shutil.rmtree(folder)
