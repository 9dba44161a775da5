"""The image of the Containerfile, built for real on a small Debian, and run."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fixtures.documents import ROOT
from fixtures.require import program

from e2e.clones import clone
from e2e.machines import debian
from e2e.walking import OWN_NETWORK

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("the Containerfile builds an image that serves, healthy, as a user"),
]

PATIENCE = 300.0
"""Seconds that a step of buildah may take."""

SERVE = """\
sijill serve >/dev/null & serving=$!
for _ in $(seq 100); do sijill healthcheck && break; done
sijill healthcheck
kill $serving
wait $serving
! sijill healthcheck
id -u
stat -c '%a %u' /data /data/sijill.db
! touch /opt/sijill/file
"""


class Buildah:
    """Builds and runs images, in a store of its own and without a daemon."""

    def __init__(self, folder: Path) -> None:
        self.store = ["--root", str(folder / "root"), "--runroot", str(folder / "run")]

    def run(self, *words: str, before: Sequence[str] = ()) -> str:
        command = [*before, "buildah", *self.store, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def buildah(tmp_path: Path) -> Iterator[Buildah]:
    program("buildah")
    made = Buildah(tmp_path)
    yield made
    made.run("rm", "--all")
    made.run("rmi", "--all", "--force")


def test_it_builds_and_serves(
    buildah: Buildah, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = buildah.run("from", "scratch").strip()
    buildah.run("copy", "--quiet", base, str(debian(tmp_path_factory)), "/")
    buildah.run("commit", "--quiet", base, "base")
    folder = clone(tmp_path / "clone")
    words = ["--format", "docker", "--isolation", "chroot", "--pull-never", "--build-arg"]
    file = folder / (ROOT / "deploy" / "Containerfile").relative_to(ROOT)
    buildah.run("build", *words, "BASE=base", "--file", str(file), "--tag", "it", str(folder))
    kept = json.loads(buildah.run("inspect", "--type", "image", "it"))["Docker"]["config"]
    assert kept["Healthcheck"]["Test"] == ["CMD", "sijill", "healthcheck"]
    assert (kept["User"], kept["Volumes"]) == ("10001", {"/data": {}})
    container = buildah.run("from", "--pull-never", "it").strip()
    words = ["--isolation", "chroot", container, "--", "/bin/sh", "-e", "-c", SERVE]
    told = buildah.run("run", *words, before=OWN_NETWORK)
    assert told.split() == ["10001", "700", "10001", "600", "10001"]
