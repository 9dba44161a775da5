"""What the certificates say, and whom clients believe."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from fixtures.certificates import NAMES, NOW, shake_hands, showing, trusting

from sijill.server.tls.certificates import (
    LIFE,
    RENEWAL,
    Pair,
    decode,
    encode,
    is_current,
    make_authority,
    make_server,
    unfit,
)

pytestmark = pytest.mark.proves(
    "what our authority signs for another name is refused by clients that trust it, "
    "and the test would find one without its constraint"
)

OTHER = "example.com"


@pytest.fixture(scope="module")
def authority() -> Pair:
    return make_authority(NAMES, NOW)


@pytest.fixture(scope="module")
def shown(authority: Pair) -> Pair:
    return make_server(authority, NAMES, NOW)


@pytest.mark.parametrize("name", [*NAMES, "localhost", "127.0.0.1", "::1"])
def test_a_client_that_trusts_the_authority_believes_the_server(
    authority: Pair, shown: Pair, name: str, tmp_path: Path
) -> None:
    shake_hands(trusting(authority), showing(shown, tmp_path), name)


@pytest.mark.parametrize("name", [OTHER, "salla.dev", "x.api.salla.dev", "127.0.0.2", "::2"])
def test_no_other_name_is_believed(authority: Pair, shown: Pair, name: str, tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake_hands(trusting(authority), showing(shown, tmp_path), name)


def test_a_client_that_trusts_another_authority_of_ours_does_not_believe(
    shown: Pair, tmp_path: Path
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(trusting(make_authority(NAMES, NOW)), showing(shown, tmp_path), NAMES[0])


def test_a_certificate_that_a_stolen_key_signs_for_another_name_is_refused(
    authority: Pair, tmp_path: Path
) -> None:
    forged = showing(make_server(authority, [OTHER], NOW), tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(trusting(authority), forged, OTHER)


def test_without_the_constraint_it_would_be_believed(authority: Pair, tmp_path: Path) -> None:
    unbound = make_authority([*NAMES, OTHER], NOW)
    forged = showing(make_server(unbound, [OTHER], NOW), tmp_path)
    shake_hands(trusting(unbound), forged, OTHER)


def test_an_address_elsewhere_is_refused_too(authority: Pair, tmp_path: Path) -> None:
    address = x509.IPAddress(ip_address("192.0.2.1"))
    key = ec.generate_private_key(ec.SECP256R1())
    template = make_server(authority, NAMES, NOW).certificate
    builder = (
        x509.CertificateBuilder()
        .subject_name(template.subject)
        .issuer_name(template.issuer)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(hours=1))
        .not_valid_after(NOW + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(_extension(template, x509.AuthorityKeyIdentifier), critical=False)
    )
    forged = Pair(builder.sign(authority.key, template.signature_hash_algorithm), key)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(trusting(authority), showing(forged, tmp_path), "192.0.2.1")


def _extension(certificate: x509.Certificate, kind: type) -> x509.ExtensionType:
    return certificate.extensions.get_extension_for_class(kind).value


def test_the_authority_signs_servers_alone_and_no_other_authority(authority: Pair) -> None:
    extensions = {e.oid._name: e for e in authority.certificate.extensions}
    basic, usage = extensions["basicConstraints"], extensions["keyUsage"]
    assert (basic.value.ca, basic.value.path_length, basic.critical) == (True, 0, True)
    assert usage.critical
    assert (usage.value.key_cert_sign, usage.value.crl_sign) == (True, True)
    assert not usage.value.digital_signature
    assert extensions["nameConstraints"].critical
    assert list(extensions["extendedKeyUsage"].value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert isinstance(authority.key.curve, ec.SECP256R1)


def test_authorities_are_told_apart_by_their_names(authority: Pair) -> None:
    names = [pair.certificate.subject for pair in (authority, make_authority(NAMES, NOW))]
    assert names[0] != names[1]
    assert all("Sijill local authority" in name.rfc4514_string() for name in names)


def test_a_server_s_certificate_lives_397_days_and_is_good_for_nothing_else(
    authority: Pair, shown: Pair
) -> None:
    certificate = shown.certificate
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == LIFE
    assert timedelta(days=397) == LIFE
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.SERVER_AUTH]
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert not basic.ca


def test_no_certificate_outlives_its_authority(authority: Pair) -> None:
    end = authority.certificate.not_valid_after_utc
    late = make_server(authority, NAMES, end - timedelta(days=100))
    assert late.certificate.not_valid_after_utc == end


def test_a_certificate_is_due_thirty_days_before_its_end(authority: Pair, shown: Pair) -> None:
    end = shown.certificate.not_valid_after_utc
    assert is_current(shown, authority, NAMES, NOW)
    assert is_current(shown, authority, NAMES, end - RENEWAL)
    assert not is_current(shown, authority, NAMES, end - RENEWAL + timedelta(seconds=1))


def test_a_certificate_is_due_when_names_or_authority_differ_or_it_is_not_good_yet(
    authority: Pair, shown: Pair
) -> None:
    assert not is_current(shown, authority, NAMES[:1], NOW)
    assert not is_current(shown, make_authority(NAMES, NOW), NAMES, NOW)
    assert not is_current(shown, authority, NAMES, NOW - timedelta(days=1))


@pytest.mark.parametrize(
    ("names", "beyond"),
    [
        (NAMES, ""),
        (NAMES[:1], ""),
        (["v2.api.salla.dev", "localhost"], ""),
        (["myapi.salla.dev"], "myapi.salla.dev"),
        (["salla.dev", *NAMES, OTHER], "salla.dev, example.com"),
    ],
)
def test_an_authority_vouches_for_its_names_and_those_below_them(
    authority: Pair, names: list[str], beyond: str
) -> None:
    fault = unfit(authority, names, NOW)
    assert fault == (f"is constrained and cannot vouch for {beyond}" if beyond else None)


def test_an_authority_vouches_for_ten_years(authority: Pair) -> None:
    end = authority.certificate.not_valid_after_utc
    assert end - NOW > timedelta(days=3649)
    assert unfit(authority, NAMES, end - timedelta(seconds=1)) is None
    assert unfit(authority, NAMES, end) == "has expired"


def test_a_pair_is_read_as_it_was_written(shown: Pair) -> None:
    again = decode(*encode(shown))
    assert again.certificate == shown.certificate
    assert encode(again) == encode(shown)


def test_halves_that_do_not_belong_together_are_no_pair(authority: Pair, shown: Pair) -> None:
    certificate, key = encode(shown)
    rsa = generate_private_key(65537, 2048)
    foreign = rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for halves in [
        (certificate, encode(authority)[1]),
        (certificate, foreign),
        (certificate[:100], key),
        (certificate, b""),
    ]:
        with pytest.raises(ValueError):
            decode(*halves)
