"""The folder of the certificates: what is made when, what stays, and whose it is."""

import ssl
import stat
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_certificate
from fixtures.certificates import NAMES, NOW, shake_hands, trusting

from sijill.server.tls import authority
from sijill.server.tls import folder as module
from sijill.server.tls.authority import authority_pem, prepare
from sijill.server.tls.certificates import Pair, decode, encode, make_authority, make_server
from sijill.server.tls.folder import folder_of, server_context

FILES = ["ca.key", "ca.pem", "server.key", "server.pem"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(str(tmp_path / "data"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_all_and_keys_are_for_their_owner_alone(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "ca.key": 0o600,
        "ca.pem": 0o644,
        "server.key": 0o600,
        "server.pem": 0o644,
    }
    assert mode(folder) == mode(folder.parent) == 0o700


def test_the_certificate_can_be_served_with_tls_1_2_and_later(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    context = server_context(folder)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    kept = decode((folder / "ca.pem").read_bytes(), (folder / "ca.key").read_bytes())
    for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        client = trusting(kept)
        client.maximum_version = newest
        shake_hands(client, context, NAMES[1])


def test_a_second_start_changes_nothing(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    before = contents(folder)
    prepare(folder, NAMES, NOW + timedelta(days=366))
    assert contents(folder) == before


def test_a_certificate_that_ends_soon_is_made_anew_by_the_same_authority(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    before = contents(folder)
    later = NOW + timedelta(days=368)
    prepare(folder, NAMES, later)
    after = contents(folder)
    assert [name for name in FILES if before[name] != after[name]] == ["server.key", "server.pem"]
    made = load_pem_x509_certificate(after["server.pem"])
    assert made.not_valid_after_utc > later + timedelta(days=396)


def test_fewer_names_need_another_certificate_and_the_same_authority(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    before = contents(folder)
    prepare(folder, NAMES[:1], NOW)
    after = contents(folder)
    assert after["ca.pem"] == before["ca.pem"]
    assert after["server.pem"] != before["server.pem"]


def test_names_the_authority_may_not_vouch_for_are_refused_and_nothing_is_changed(
    folder: Path,
) -> None:
    prepare(folder, NAMES, NOW)
    before = contents(folder)
    for make in (prepare, authority_pem):
        with pytest.raises(ValueError, match=r"for example\.com: delete that folder and trust"):
            make(folder, ["example.com"], NOW)
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("name", "damaged"), [("ca.pem", b"?"), ("ca.key", b"?"), ("ca.key", None)]
)
def test_a_damaged_authority_is_told_and_never_replaced(
    folder: Path, name: str, damaged: bytes | None
) -> None:
    prepare(folder, NAMES, NOW)
    if damaged is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(damaged)
    before = contents(folder)
    with pytest.raises(ValueError, match="is damaged: delete"):
        prepare(folder, NAMES, NOW)
    assert contents(folder) == before


def test_a_certificate_of_another_kind_in_its_place_is_no_authority(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    for end in ("pem", "key"):
        (folder / f"ca.{end}").write_bytes((folder / f"server.{end}").read_bytes())
    with pytest.raises(ValueError, match="is damaged: delete"):
        prepare(folder, NAMES, NOW)


@pytest.mark.parametrize("name", ["server.pem", "server.key"])
@pytest.mark.parametrize("damage", ["gone", "cut", "another's"])
def test_a_server_s_pair_that_is_none_is_made_anew(folder: Path, name: str, damage: str) -> None:
    prepare(folder, NAMES, NOW)
    path = folder / name
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:50])
    else:
        path.write_bytes((folder / name.replace("server", "ca")).read_bytes())
    prepare(folder, NAMES, NOW)
    server_context(folder)


def test_an_authority_s_key_without_it_was_never_trusted_and_is_replaced(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    (folder / "ca.pem").unlink()
    prepare(folder, NAMES, NOW)
    decode((folder / "ca.pem").read_bytes(), (folder / "ca.key").read_bytes())


def test_many_who_start_at_once_have_one_authority_and_one_pair(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(8)

    def make_slowly(names: Sequence[str], now: datetime) -> Pair:
        time.sleep(0.05)  # time enough for the others to find none either
        return make_authority(names, now)

    monkeypatch.setattr(authority, "make_authority", make_slowly)

    def start(_: int) -> str:
        together.wait(10)
        prepare(folder, NAMES, NOW)
        return authority_pem(folder, NAMES, NOW).text

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(start, range(8)))
    assert seen == {(folder / "ca.pem").read_text()}
    decode((folder / "ca.pem").read_bytes(), (folder / "ca.key").read_bytes())
    server_context(folder)
    assert sorted(contents(folder)) == FILES


def test_a_pair_is_loaded_whole_while_another_takes_its_place(folder: Path) -> None:
    prepare(folder, NAMES, NOW)
    loaded = threading.Event()

    def load() -> None:
        server_context(folder)
        loaded.set()

    ca = decode((folder / "ca.pem").read_bytes(), (folder / "ca.key").read_bytes())
    certificate, key = encode(make_server(ca, NAMES, NOW))
    with module.locked(folder):
        module.write(folder / "server.key", key, 0o600)
        loader = threading.Thread(target=load)
        loader.start()
        assert not loaded.wait(0.1)
        module.write(folder / "server.pem", certificate, 0o644)
    loader.join(10)
    assert loaded.is_set()


def test_a_file_that_cannot_be_written_whole_is_left_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(folder, NAMES, NOW)
    before = contents(folder)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        prepare(folder, NAMES[:1], NOW)
    assert contents(folder) == before


def test_the_certificate_to_trust_is_made_by_the_first_command_that_needs_it(folder: Path) -> None:
    pem, is_new = authority_pem(folder, NAMES, NOW)
    assert is_new
    assert sorted(contents(folder)) == ["ca.key", "ca.pem"]
    prepare(folder, NAMES, NOW)
    assert authority_pem(folder, NAMES, NOW) == ((folder / "ca.pem").read_text(), False)
    assert (folder / "ca.pem").read_text() == pem
