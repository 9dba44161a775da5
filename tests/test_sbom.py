"""The list of what runs with Sijill: every pin, with the hashes of its files."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fixtures.documents import ROOT

PINS = ROOT / "requirements" / "runtime.txt"
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the command of the Makefile writes."""
    target = tmp_path_factory.mktemp("sbom") / "sijill.cdx.json"
    found = re.search(r"cyclonedx-py (requirements [^\n]*\\\n[^\n]*)", MAKEFILE)
    assert found is not None
    words = found[1].replace("\\\n", " ").split()
    words[-1] = str(target)
    command = [str(Path(sys.executable).parent / "cyclonedx-py"), *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    document: dict[str, Any] = json.loads(target.read_text())
    return document


def test_it_is_cyclonedx_and_about_sijill(listed: dict[str, Any]) -> None:
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    assert listed["metadata"]["component"]["name"] == "sijill"


def test_every_pin_is_listed_with_its_version_and_hashes(listed: dict[str, Any]) -> None:
    pins = dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^ \\;]+)", PINS.read_text()))
    assert len(pins) > 20
    assert {one["name"]: one["version"] for one in listed["components"]} == pins
    hashes = {
        one["content"]
        for component in listed["components"]
        for reference in component["externalReferences"]
        for one in reference["hashes"]
    }
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", PINS.read_text()))
