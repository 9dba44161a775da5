"""A proxy that no setting names is noted for the doctor, without the address of anybody."""

import stat
from pathlib import Path

import pytest
from fixtures.world import World

from sijill.http.forwarded import parse_networks
from sijill.oauth.admission import Admission
from sijill.runtime import Runtime
from sijill.telemetry.unnamed_proxy import AGAIN, FILE, LIFE, UnnamedProxy, is_noted
from sijill.wiring import admission_of

NOW = 1_800_000_000.25
PEER, CLIENT = "198.51.100.7", "192.0.2.1"


def noted(world: World, *trusted: str) -> list[float]:
    """Return the times that an application with these trusted proxies noted."""
    times: list[float] = []
    admission = world.admission
    world.admission = Admission(
        admission.bearers,
        world.counters,
        world.policy,
        parse_networks(",".join(trusted)),
        world.metrics,
        world.clock,
        times.append,
    )
    world.api._authorize = world.admission.authorize
    return times


@pytest.mark.parametrize(
    ("trusted", "headers", "is_unnamed"),
    [
        ([], {"x_forwarded_for": CLIENT}, True),
        ([], {"x_forwarded_for": "unknown"}, True),
        ([], {"x_forwarded_for": f"{CLIENT}, 203.0.113.9"}, True),
        (["127.0.0.1"], {"x_forwarded_for": CLIENT}, True),
        ([PEER], {"x_forwarded_for": CLIENT}, False),
        (["198.51.100.0/24"], {"x_forwarded_for": CLIENT}, False),
        ([], {}, False),
        ([], {"x_forwarded_for": ""}, False),
    ],
)
def test_a_request_that_a_proxy_passes_on_is_noted_unless_it_is_trusted(
    world: World, trusted: list[str], headers: dict[str, str], is_unnamed: bool
) -> None:
    times = noted(world, *trusted)
    assert world.get("/customers", **headers).status == 200
    assert bool(times) == is_unnamed


def test_the_note_says_nothing_of_whoever_asked_and_is_its_owners(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    world.change(data_dir=str(folder))
    runtime = Runtime(
        world.settings, world.metrics, world.draining, world.public_url, world.clock, world.clock
    )
    world.api._authorize = admission_of(runtime, world.register, world.counters).authorize
    assert world.get("/customers", x_forwarded_for=CLIENT).status == 200
    path = folder / FILE
    assert CLIENT not in path.read_text()
    assert PEER not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert is_noted(folder, "", world.clock.now)


@pytest.mark.parametrize(
    ("setting", "later", "counts"),
    [
        ("10.0.0.1", 0.0, True),
        ("10.0.0.2", 0.0, False),
        ("", 0.0, False),
        ("10.0.0.1", LIFE, False),
    ],
)
def test_a_note_counts_for_a_week_and_for_its_own_setting(
    tmp_path: Path, setting: str, later: float, counts: bool
) -> None:
    UnnamedProxy(tmp_path, "10.0.0.1").note(NOW)
    assert is_noted(tmp_path, setting, NOW + later) == counts


@pytest.mark.parametrize("text", ["", "x", "x y", "1e999999 \n", "nan "])
def test_a_faulty_note_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert not is_noted(tmp_path, "no setting", NOW)


def test_a_note_is_written_once_an_hour(tmp_path: Path) -> None:
    proxy = UnnamedProxy(tmp_path, "")
    proxy.note(NOW)
    (tmp_path / FILE).unlink()
    proxy.note(NOW + AGAIN - 1)
    assert not is_noted(tmp_path, "", NOW)
    proxy.note(NOW + AGAIN)
    assert is_noted(tmp_path, "", NOW)


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    UnnamedProxy(tmp_path / "file", "").note(NOW)
    assert not is_noted(tmp_path / "file", "", NOW)
