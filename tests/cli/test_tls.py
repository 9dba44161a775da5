"""`sijill tls` and its settings, as an operator types them."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.x509 import load_pem_x509_certificate
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.cli.tree import sijill
from sijill.server.tls.authority import prepare
from sijill.server.tls.folder import folder_of
from sijill.settings import SettingsFaulty, load
from sijill.settings.parsers import dns_names


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIJILL_CONFIG", raising=False)
    return tmp_path


def run(*words: str, code: int = 0, **environ: str) -> Result:
    result = CliRunner().invoke(sijill(), words, env={"NO_COLOR": "1", **environ})
    assert result.exit_code == code, result.output
    return result


def test_the_certificate_to_trust_is_printed_and_the_same_each_time(here: Path) -> None:
    first = run("tls", "ca").stdout
    assert load_pem_x509_certificate(first.encode()).subject
    assert first == run("tls", "ca").stdout == (here / ".sijill/tls/ca.pem").read_text()
    assert run("tls", "ca", "--data-dir", "elsewhere").stdout != first


def test_a_new_authority_is_told_apart_from_the_certificate(here: Path) -> None:
    first, again = run("tls", "ca"), run("tls", "ca")
    assert f"this authority is new, made in {here}/.sijill/tls" in first.stderr
    assert (first.stdout, again.stderr) == (again.stdout, "")
    prepare(folder_of("served"), ("api.salla.dev",), datetime.now(UTC))
    served = run("tls", "ca", "--data-dir", "served", "--tls-names", "api.salla.dev")
    assert served.stderr == ""
    assert "is new" in run("tls", "ca", "--data-dir", "elsewhere").stderr


def test_the_line_of_hosts_has_the_names_and_an_address(here: Path) -> None:
    assert run("tls", "hosts").stdout == "127.0.0.1 accounts.salla.sa api.salla.dev\n"
    line = run("tls", "hosts", "--address", "fd00::7", SIJILL_TLS_NAMES="a.test, B.test").stdout
    assert line == "fd00::7 a.test b.test\n"
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1/8", "1.2.3", "127.0.0.1 evil.test"])
def test_a_faulty_address_is_refused(here: Path, address: str) -> None:
    assert "address: " in run("tls", "hosts", "--address", address, code=64).stderr


def test_names_the_authority_may_not_vouch_for_end_the_command(here: Path) -> None:
    run("tls", "ca")
    other = run("tls", "ca", "--tls-names", "example.com", code=64)
    assert other.stdout == ""
    assert "cannot vouch for example.com: delete that folder" in other.stderr


def test_a_folder_that_cannot_be_made_ends_the_command(here: Path) -> None:
    (here / "data").write_text("a file")
    assert "data" in run("tls", "ca", "--data-dir", "data", code=1).stderr


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("api.salla.dev", ("api.salla.dev",)),
        ("API.Salla.dev , x", ("api.salla.dev", "x")),
        ("a.b,a.b,A.B", ("a.b",)),
        ("1.example,xn--mgbcd4a2b0d2b.test", ("1.example", "xn--mgbcd4a2b0d2b.test")),
        ("a" * 63 + ".b", ("a" * 63 + ".b",)),
    ],
)
def test_names_are_read_in_lower_case_and_once(written: str, names: tuple[str, ...]) -> None:
    assert dns_names(written) == names


@rows(
    "written",
    [
        *("", ",", "a,,b", "a b", "a.b c.d", "a/b", "https://a.b"),
        *("*.salla.dev", "a..b", "a.", ".a", "-a.b", "a-", "a_b", "سجل.test", "٣.b"),
        *("127.0.0.1", "::1", "a" * 64, "a." * 127 + "ab"),
    ],
)
def test_a_faulty_list_of_names_is_refused(written: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty, match=r"tls_names \(--tls-names\): write DNS names"):
        load({"tls_names": written}, {}, tmp_path)


@given(st.text(max_size=80))
def test_whatever_is_read_can_stand_in_a_hosts_file(written: str) -> None:
    try:
        names = dns_names(written)
    except ValueError:
        return
    for name in names:
        assert name.isascii()
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_a_server_without_tls_does_not_load_what_makes_certificates() -> None:
    script = "import sys, sijill.cli.tree; sys.exit('cryptography' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
