"""
Certificates: a local authority that can vouch for certain names alone, and the server's own.

To trust the authority is to trust the holder of its key: so it is constrained (RFC 5280
§4.2.1.10), and clients refuse anything else it signs. Times are aware UTC.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE = timedelta(days=3650)
LIFE = timedelta(days=397)
"""The longest life that clients accept from an authority of the public web."""

RENEWAL = timedelta(days=30)
"""The server makes a new certificate when it starts with less than this left of the old one."""

SKEW = timedelta(hours=1)
"""How far a client's clock may be behind ours; containers' clocks often are."""

LOCAL_NAME = "localhost"
LOCAL_NETWORKS = (ip_network("127.0.0.1/32"), ip_network("::1/128"))

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Pair(NamedTuple):
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_authority(names: Sequence[str], now: datetime) -> Pair:
    """Return an authority, good from `now`, that can vouch for `names` and this machine alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # The digest of the key distinguishes several of our authorities in one trust store.
    subject = _named(f"Sijill local authority {identifier.digest.hex()[:8]}")
    hosts = [x509.DNSName(name) for name in _with_local(names)]
    networks = [x509.IPAddress(network) for network in LOCAL_NETWORKS]
    builder = (
        _builder(subject, subject, key, now, now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.NameConstraints([*hosts, *networks], None), critical=True)
        # Name constraints do not cover signing of mail or programs: the purpose does.
        .add_extension(_FOR_SERVERS, critical=False)
    )
    return Pair(builder.sign(key, SHA256()), key)


def make_server(authority: Pair, names: Sequence[str], now: datetime) -> Pair:
    """Return the server's certificate for `names`, localhost and the loopback addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    end = min(now - SKEW + LIFE, authority.certificate.not_valid_after_utc)
    issuer = authority.certificate.subject
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = (
        _builder(_named("Sijill"), issuer, key, now, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(_FOR_SERVERS, critical=False)
        .add_extension(_alternatives(names), critical=False)
        .add_extension(signer, critical=False)
    )
    return Pair(builder.sign(authority.key, SHA256()), key)


def unfit(authority: Pair, names: Sequence[str], now: datetime) -> str | None:
    """Return why an authority cannot vouch for `names` at `now`, or None if it can."""
    if now >= authority.certificate.not_valid_after_utc:
        return "has expired"
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = [
        subtree.value
        for subtree in constraints.value.permitted_subtrees or ()
        if isinstance(subtree, x509.DNSName)
    ]
    refused = [name for name in names if not any(_is_within(name, above) for above in permitted)]
    return f"is constrained and cannot vouch for {', '.join(refused)}" if refused else None


def is_current(shown: Pair, authority: Pair, names: Sequence[str], now: datetime) -> bool:
    """Return whether names, issuer and time of the server's certificate are still right."""
    certificate = shown.certificate
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    left = certificate.not_valid_after_utc - now
    return (
        held == _alternatives(names)
        and certificate.not_valid_before_utc <= now
        and left >= RENEWAL
        and _is_issued(certificate, authority.certificate)
    )


def encode(pair: Pair) -> tuple[bytes, bytes]:
    """Return a certificate and its key as PEM."""
    key = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pair.certificate.public_bytes(Encoding.PEM), key


def decode(certificate: bytes, key: bytes) -> Pair:
    """
    Return a certificate and its key from their PEM.

    Raises: ValueError if either is damaged, or the key is not that of the certificate.
    """
    read = x509.load_pem_x509_certificate(certificate)
    private = load_pem_private_key(key, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError("the key is of another kind")
    if read.public_key() != private.public_key():
        raise ValueError("the key is another certificate's")
    return Pair(read, private)


_FOR_SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    """Return a builder with the parts that all certificates share."""
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*purposes: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in purposes for usage in _USAGES})


def _with_local(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*names, LOCAL_NAME]))


def _alternatives(names: Sequence[str]) -> x509.SubjectAlternativeName:
    hosts = [x509.DNSName(name) for name in _with_local(names)]
    addresses = [x509.IPAddress(network.network_address) for network in LOCAL_NETWORKS]
    return x509.SubjectAlternativeName([*hosts, *addresses])


def _is_within(name: str, above: str) -> bool:
    """Return whether a constraint permits a name: itself and all its subdomains (RFC 5280)."""
    return name == above or name.endswith(f".{above}")


def _is_issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, InvalidSignature):
        return False
    return True
